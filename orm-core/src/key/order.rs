//! The order in which keys are written.

use super::Key;
use std::any::Any;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Sorts keys, so that two connections that write the same rows lock them in one order
/// and none waits for the other.
///
/// Integers, texts and bytes come as an index has them. A type of the user's may have no
/// order; it comes by a hash, which is the same in every process.
pub(crate) fn sort<K: Key, T>(items: &mut [T], key: impl Fn(&T) -> &K) {
    items.sort_by(|a, b| compare(key(a), key(b)));
}

fn compare<K: Key>(a: &K, b: &K) -> Ordering {
    let mut index = 0;
    while let (Some(one), Some(other)) = (a.part(index), b.part(index)) {
        match part(one, other) {
            Some(Ordering::Equal) => index += 1,
            Some(different) => return different,
            None => return hash(a).cmp(&hash(b)),
        }
    }
    Ordering::Equal
}

fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The order of two parts, where their type is known.
fn part(a: &dyn Any, b: &dyn Any) -> Option<Ordering> {
    macro_rules! of_types {
        ($($ty:ty),+) => {
            None$(.or_else(|| Some(a.downcast_ref::<$ty>()?.cmp(b.downcast_ref::<$ty>()?))))+
        };
    }
    of_types!(i32, i64, String, i16, u32, u64, i8, u8, u16, bool, Vec<u8>)
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Id(u8);

    #[test]
    fn known_types_come_in_their_order_and_others_in_one() {
        let mut keys = [
            (3, "b".to_owned()),
            (3, "a".to_owned()),
            (-1, "z".to_owned()),
        ];
        sort(&mut keys, |key| key);
        assert_eq!(
            keys.map(|key| (key.0, key.1)),
            [(-1, "z".into()), (3, "a".into()), (3, "b".into())]
        );

        let mut ids = [1, 2, 3, 4].map(|id| (Id(id),));
        let mut reversed = ids.clone();
        reversed.reverse();
        sort(&mut ids, |key| key);
        sort(&mut reversed, |key| key);
        assert_eq!(ids, reversed);
    }
}
