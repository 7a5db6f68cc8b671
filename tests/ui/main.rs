//! What the compiler says of every mistake. The messages stand beside the
//! programs; `TRYBUILD=overwrite cargo test --test ui` writes them anew.

/// Messages differ between compilers, so they are compared on the pinned one
/// alone, where nothing is skipped.
#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    for folder in [
        "definition",
        "has_one",
        "has_many",
        "belongs_to",
        "belongs_to_many",
        "use",
        "write",
        "include",
        "shape",
    ] {
        cases.compile_fail(format!("ui/{folder}/fail/*.rs"));
    }
    for folder in ["has_one", "has_many", "belongs_to", "belongs_to_many"] {
        cases.pass(format!("ui/{folder}/pass/*.rs"));
    }
}
