//! The index of the messages, and their length.

use super::SUBJECTS;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a message.
const MOST: usize = 15;

/// The cases whose messages have more lines, and why.
const LONGER: [(&str, &str); 16] = [
    (
        "write/new_rows_of_another_table",
        "that it is no new row, alone and as a tree of its own: the method asks for both",
    ),
    (
        "belongs_to_many/through_is_another_table",
        "two columns are not in the junction, which are two mistakes to the compiler",
    ),
    (
        "belongs_to_many/through_is_not_there",
        "the unknown type and the table that it would have; the compiler looks up names before any \
         rule of ours",
    ),
    (
        "definition/several_mistakes",
        "three mistakes, reported together",
    ),
    (
        "definition/unknown_target",
        "the compiler's own message of an unknown type",
    ),
    (
        "include/connection_is_none",
        "that it is no connection, and that the tree cannot be loaded through it: the return type \
         and the bound name it at two places, which the compiler does not put together",
    ),
    (
        "include/model_is_not_clone",
        "one message; of a type of the same crate the compiler shows the declaration too",
    ),
    (
        "include/sum_of_a_text",
        "Diesel's own message, that its `sum` takes no text, and ours behind it",
    ),
    (
        "use/any_of_another_source",
        "see `use/exists_of_another_source`",
    ),
    (
        "use/exists_of_another_source",
        "one message of ours; Diesel checks a `filter` only where the query is run, and the compiler \
         names every type between",
    ),
    (
        "use/filter_of_another_table",
        "Diesel's own message: the query of an association is a Diesel query",
    ),
    (
        "use/join_from_another_source",
        "Diesel's own message for its `inner_join`; an implementation of ours for other tables is \
         not allowed",
    ),
    ("use/not_a_connection", "see `include/connection_is_none`"),
    (
        "use/order_by_count_of_another_source",
        "one message of ours; behind it the compiler lists what Diesel orders",
    ),
    (
        "use/pool_for_a_connection",
        "see `include/connection_is_none`",
    ),
    (
        "write/none_without_a_type",
        "the compiler's own message, and one for the second parameter that it cannot infer; \
         `unset_residence` needs no type",
    ),
];

/// Compares the index with the messages, or writes it anew.
pub(super) fn check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let messages = messages(&root.join("ui"));
    for (name, message) in &messages {
        let is_longer = LONGER.iter().any(|(longer, _)| longer == name);
        assert_eq!(
            message.lines().count() > MOST,
            is_longer,
            "`{name}` has {} lines; say in `LONGER` why it has more than {MOST}, or that it has not",
            message.lines().count()
        );
    }
    let page = page(&messages);
    let file = root.join("../docs/mistakes.md");
    if std::env::var_os("TRYBUILD").is_some_and(|action| action == "overwrite") {
        fs::write(&file, page).expect("the index can be written");
        return;
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "docs/mistakes.md is not the index of the messages; write it anew with TRYBUILD=overwrite"
    );
}

/// The name of each case with its message, in the order of the index.
fn messages(folder: &Path) -> Vec<(String, String)> {
    let mut messages = Vec::new();
    for (subject, _) in SUBJECTS {
        let entries = fs::read_dir(folder.join(subject).join("fail")).expect("there are cases");
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.expect("the folder can be read").path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "stderr")
            })
            .collect();
        files.sort();
        for file in files {
            assert!(
                file.with_extension("rs").exists(),
                "{} is the message of no program",
                file.display()
            );
            let case = file
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy();
            let message = fs::read_to_string(&file).expect("the message can be read");
            messages.push((format!("{subject}/{case}"), message));
        }
    }
    messages
}

fn page(messages: &[(String, String)]) -> String {
    let mut page = format!(
        "# What the compiler says of mistakes\n\n\
         Made of the messages of `tests/ui`, which are compared to the letter: {} mistakes, of which \
         {} take more than {MOST} lines. Do not edit it; `TRYBUILD=overwrite cargo test -p orm-tests \
         --test ui` writes it anew.\n\n## Longer messages\n\n| mistake | why it is longer |\n|---|---|\n",
        messages.len(),
        LONGER.len(),
    );
    let written = "a string takes it";
    for (name, why) in LONGER {
        writeln!(page, "| `{name}` | {why} |").expect(written);
    }
    for (subject, title) in SUBJECTS {
        writeln!(page, "\n## {title}").expect(written);
        for (name, message) in messages {
            if let Some(("", case)) = name
                .split_once(subject)
                .filter(|(_, case)| case.starts_with('/'))
            {
                let title = case[1..].replace('_', " ");
                let message = message.trim_end();
                write!(page, "\n### {title}\n\n```text\n{message}\n```\n").expect(written);
            }
        }
    }
    page
}
