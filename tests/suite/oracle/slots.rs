//! What a call returns, as keys.

use super::junctions::{KeyText, Named, Payload};

/// What a source gets: the keys of its rows.
pub(super) trait Slot {
    fn keys(&self) -> Vec<String>;
}

impl<T: Named> Slot for T {
    fn keys(&self) -> Vec<String> {
        vec![self.key().to_text()]
    }
}

impl<T: Named> Slot for Option<T> {
    fn keys(&self) -> Vec<String> {
        self.iter().flat_map(Slot::keys).collect()
    }
}

impl<T: Slot> Slot for Vec<T> {
    fn keys(&self) -> Vec<String> {
        self.iter().flat_map(Slot::keys).collect()
    }
}

/// A link: the target's key and what the junction says.
impl<J: Payload, T: Named> Slot for (J, T) {
    fn keys(&self) -> Vec<String> {
        vec![format!("{}={}", self.1.key().to_text(), self.0.payload())]
    }
}

/// Rows with the rows of each.
pub(super) trait Nested {
    fn each(&self) -> Vec<(String, Vec<String>)>;
}

impl<T: Named, X: Slot> Nested for (T, X) {
    fn each(&self) -> Vec<(String, Vec<String>)> {
        vec![(self.0.key().to_text(), self.1.keys())]
    }
}

impl<T: Named, X: Slot> Nested for Option<(T, X)> {
    fn each(&self) -> Vec<(String, Vec<String>)> {
        self.iter().flat_map(Nested::each).collect()
    }
}

impl<T: Named, X: Slot> Nested for Vec<(T, X)> {
    fn each(&self) -> Vec<(String, Vec<String>)> {
        self.iter().flat_map(Nested::each).collect()
    }
}
