//! What is asked of whom.

use super::junctions::KeyText;

/// Another spelling of the same key, where there is one.
pub(super) fn respelled<K: KeyText>(keys: &[String]) -> Vec<K> {
    let swap = |letter: char| {
        if letter.is_ascii_uppercase() {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        }
    };
    keys.iter()
        .map(|key| K::from_text(&key.chars().map(swap).collect::<String>()))
        .collect()
}

/// What is asked: everything, or what this number falls upon, because the rows
/// have changed in one place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    All,
    One(usize),
}

impl Part {
    pub(super) fn of<T>(self, all: &[T]) -> &[T] {
        match self {
            Self::One(number) if !all.is_empty() => std::slice::from_ref(&all[number % all.len()]),
            _ => all,
        }
    }
}
