//! The files of the repository say what is true of it.
#![allow(clippy::expect_used, reason = "a failed test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every path in backticks that looks like one is there.
#[test]
fn documents_name_paths_that_exist() {
    let root = root();
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/performance.md",
    ] {
        let text = fs::read_to_string(root.join(document)).expect("the document is there");
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_path = quoted.contains('/')
                && quoted
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            let places = ["", "orm-core/src", "orm-derive/src"];
            assert!(
                !is_path
                    || places
                        .iter()
                        .any(|place| root.join(place).join(quoted).exists()),
                "{document} names `{quoted}`, which does not exist"
            );
        }
    }
}

/// Every example is in the README and run by CI.
#[test]
fn every_example_is_named_and_run() {
    let root = root();
    let readme = fs::read_to_string(root.join("README.md")).expect("the README is there");
    let ci = fs::read_to_string(root.join(".ci/run")).expect("CI is there");
    let mut count = 0;
    for entry in fs::read_dir(root.join("examples")).expect("there are examples") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            assert!(readme.contains(&name), "the README does not name `{name}`");
            assert!(ci.contains(&name), "CI does not run `{name}`");
            count += 1;
        }
    }
    assert!(count >= 4);
}

/// What a stranger copies first is an example, which CI runs.
#[test]
fn the_first_program_of_the_readme_is_an_example() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("the file is there");
    let readme = read("README.md");
    let first = readme.split("```rust\n").nth(1).expect("there is code");
    let first = first.split("```").next().expect("it ends");
    assert_eq!(first, read("examples/first_program.rs"));
}

/// Every page of the guide is in its summary, and its code is run.
#[test]
fn every_page_of_the_guide_is_listed_and_compiled() {
    let root = root();
    let pages = root.join("docs/guide/src");
    let summary = fs::read_to_string(pages.join("SUMMARY.md")).expect("the summary is there");
    let compiled = fs::read_to_string(root.join("examples/src/lib.rs")).expect("it is there");
    let mut count = 0;
    for entry in fs::read_dir(pages).expect("there are pages") {
        let name = entry.expect("the folder can be read").file_name();
        let name = name.to_string_lossy();
        if name != "SUMMARY.md" {
            assert!(
                summary.contains(&*name),
                "the summary does not name `{name}`"
            );
            assert!(compiled.contains(&*name), "the code of `{name}` is not run");
            count += 1;
        }
    }
    assert!(count > 0);
}

/// The oldest compiler that is promised is the one that everything is tested with.
#[test]
fn the_minimum_version_of_rust_is_the_pinned_one() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("the file is there");
    let manifest = read("Cargo.toml");
    let minimum = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("the workspace says it")
        .trim_matches('"');
    let pinned = format!("channel = \"{minimum}.0\"");
    assert!(read("rust-toolchain.toml").contains(&pinned));
    let promised = format!("The minimum supported Rust version is {minimum}");
    assert!(read("README.md").contains(&promised));
}
