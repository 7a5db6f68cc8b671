//! English: singular, plural, and the names that follow from a type's.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;

/// `LikedToot` becomes `liked_toot`.
pub(crate) fn snake_case(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    let mut chars = camel.chars().peekable();
    let mut previous: Option<char> = None;
    while let Some(char) = chars.next() {
        let starts_word = char.is_uppercase()
            && previous.is_some_and(|previous| {
                previous != '_'
                    && (!previous.is_uppercase()
                        || chars.peek().is_some_and(|next| next.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
        previous = Some(char);
    }
    snake
}

/// `liked_toot` becomes `liked_toots`: the last word in the plural.
pub(crate) fn plural(name: &str) -> String {
    inflect(name, 2)
}

/// `liked_toots` becomes `liked_toot`: the last word in the singular.
pub(crate) fn singular(name: &str) -> String {
    inflect(name, 1)
}

/// The one place where the crate of English words is asked.
fn inflect(name: &str, count: isize) -> String {
    let (words, last) = name
        .rsplit_once('_')
        .map_or(("", name), |(words, last)| (words, last));
    let last = pluralizer::pluralize(last, count, false);
    if words.is_empty() {
        last
    } else {
        format!("{words}_{last}")
    }
}

/// By this number one derive names what another declared: FNV-1a of the name.
pub(crate) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The table that Diesel assumes for a struct without `table_name`.
pub(crate) fn diesel_table(ident: &Ident) -> String {
    format!("{}s", snake_case(&ident.unraw().to_string()))
}

/// An identifier: raw where the name is a keyword, and with an underscore where
/// that keyword cannot be raw, as Diesel writes it too.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        Ident::new(name, span)
    } else if matches!(name, "crate" | "self" | "super" | "Self") {
        Ident::new(&format!("{name}_"), span)
    } else {
        Ident::new_raw(name, span)
    }
}

/// The word that an identifier stands for, of which longer names are made: of
/// `r#type` `type`, and of `crate_`, which cannot be raw, `crate`.
pub(crate) fn word(ident: &Ident) -> String {
    let name = ident.unraw().to_string();
    match name.strip_suffix('_') {
        Some(keyword @ ("crate" | "self" | "super")) => keyword.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{ident, plural, singular, snake_case, word};
    use proc_macro2::Span;

    #[test]
    fn words_of_keywords() {
        for name in ["crate", "self", "super", "type", "toot", "last_"] {
            assert_eq!(word(&ident(name, Span::call_site())), name);
        }
    }

    #[test]
    fn plurals_and_singulars() {
        for (one, many) in [
            ("person", "people"),
            ("city", "cities"),
            ("category", "categories"),
            ("child", "children"),
            ("analysis", "analyses"),
            ("news", "news"),
            ("sheep", "sheep"),
            ("driving_license", "driving_licenses"),
            ("liked_toot", "liked_toots"),
            ("address", "addresses"),
            ("box", "boxes"),
            ("hero", "heroes"),
            ("status", "statuses"),
            ("mouse", "mice"),
            ("key", "keys"),
            ("day", "days"),
        ] {
            assert_eq!(plural(one), many);
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn words_of_a_type() {
        for (camel, snake) in [
            ("Person", "person"),
            ("LikedToot", "liked_toot"),
            ("HTTPRequest", "http_request"),
            ("Area51", "area51"),
            ("A", "a"),
        ] {
            assert_eq!(snake_case(camel), snake);
        }
    }
}
