//! Takes `async` out of the program of the asynchronous SeaORM.

use std::{env, fs, path::Path};

fn main() {
    let source = "../sea-orm/src/main.rs";
    println!("cargo::rerun-if-changed={source}");
    let program = fs::read_to_string(source).expect("the program is there");
    let blocking = program
        .replace("//! ", "// ")
        .replace("async fn", "fn")
        .replace("block_on(async {", "block_on(|| {")
        .replace(".await", "")
        .replace(".sqlx_logging(false)", "")
        .replace("type Runtime = tokio::runtime::Runtime;", "type Runtime = Blocking;")
        .replace(
            "tokio::runtime::Builder::new_current_thread().enable_all().build()?",
            "Blocking",
        )
        .replace("runtime.block_on(connect(&url))?", "connect(&url)?");
    let place = env::var("OUT_DIR").expect("cargo says it");
    fs::write(Path::new(&place).join("program.rs"), blocking).expect("it can be written");
}
