//! What the compiler says of every mistake. The messages stand beside the
//! programs; `TRYBUILD=overwrite cargo test --test ui` writes them anew, and
//! with them their index, `docs/mistakes.md`.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod index;

/// What can be wrong, in the order of the index.
const SUBJECTS: [(&str, &str); 9] = [
    ("definition", "Declarations"),
    ("has_one", "`#[has_one(..)]`"),
    ("has_many", "`#[has_many(..)]`"),
    ("belongs_to", "`#[belongs_to_one(..)]`"),
    ("belongs_to_many", "`#[belongs_to_many(..)]`"),
    ("use", "Reading, joining and filtering"),
    ("include", "Include trees"),
    ("shape", "Shapes"),
    ("write", "Writing"),
];

/// Messages differ between compilers, so they are compared on the pinned one
/// alone, where nothing is skipped.
#[test]
fn messages_and_their_index() {
    let cases = trybuild::TestCases::new();
    for (folder, _) in SUBJECTS {
        cases.compile_fail(format!("ui/{folder}/fail/*.rs"));
    }
    for folder in ["has_one", "has_many", "belongs_to", "belongs_to_many"] {
        cases.pass(format!("ui/{folder}/pass/*.rs"));
    }
    drop(cases); // which runs them

    index::check();
}
