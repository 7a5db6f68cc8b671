//! Columns that both ends of an association share, such as a tenant.

/// Whether both ends share the column of a foreign key at this place: a row that has
/// another value there cannot be linked, and unlinking keeps it.
///
/// It does if the column is in the primary key `own` of its own table too, or if the key
/// `other` that is referred to has it under the same name, unless all of the foreign key's
/// columns that are not in `own` are called so.
///
/// ```
/// use orm_core::association::is_shared;
///
/// let (foreign_key, own, other) = (&["tenant_id", "author_id"], &["tenant_id", "id"], &["tenant_id", "id"]);
/// assert!(is_shared(0, foreign_key, own, other));
/// assert!(!is_shared(1, foreign_key, own, other));
/// // a key that is called as what it refers to
/// assert!(!is_shared(0, &["code"], &["id"], &["code"]));
/// ```
#[must_use]
pub const fn is_shared(place: usize, foreign_key: &[&str], own: &[&str], other: &[&str]) -> bool {
    let name = foreign_key[place];
    has_name(own, name) || has_name(other, name) && !are_alike(foreign_key, own, other)
}

/// Whether unlinking writes NULL to the column of a foreign key at this place: where it may
/// be NULL and is not [shared](is_shared).
///
/// ```
/// use orm_core::association::is_unlinked;
///
/// let foreign_key = &["tenant_id", "author_id"];
/// assert!(is_unlinked(1, foreign_key, &[true, true], &["id"], &["tenant_id", "id"]));
/// assert!(!is_unlinked(0, foreign_key, &[true, true], &["id"], &["tenant_id", "id"]));
/// ```
#[must_use]
pub const fn is_unlinked(
    place: usize,
    foreign_key: &[&str],
    nullable: &[bool],
    own: &[&str],
    other: &[&str],
) -> bool {
    nullable[place] && !is_shared(place, foreign_key, own, other)
}

/// Whether all of the foreign key's columns that are not in `own` are called as in `other`.
const fn are_alike(foreign_key: &[&str], own: &[&str], other: &[&str]) -> bool {
    let mut place = 0;
    while place < foreign_key.len() {
        let name = foreign_key[place];
        if !has_name(own, name) && !has_name(other, name) {
            return false;
        }
        place += 1;
    }
    true
}

const fn has_name(names: &[&str], name: &str) -> bool {
    let mut place = 0;
    while place < names.len() {
        if same_name(names[place], name) {
            return true;
        }
        place += 1;
    }
    false
}

pub(super) const fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}
