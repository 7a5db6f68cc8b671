//! What the derive costs the compiler: a crate of a hundred models with three
//! hundred associations, beside the same models with Diesel's derives alone.

mod project;

use orm_benches::report;
use project::{ASSOCIATIONS, Derives, files};
use std::fs;
use std::io::{Error, Result};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

/// How many associations the programs read: those of the nodes, not of the edges.
const READ: u64 = 250;

fn main() -> Result<()> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    write(&place)?;
    let projects = ["plain", "associated"];
    for project in projects {
        cargo(&place, &["check", "--lib", "-p", project])?;
    }

    println!("{ASSOCIATIONS} associations of 100 models; medians of {ROUNDS}");
    compare("clean cargo check", || {
        let mut times = [Duration::ZERO; 2];
        for (time, project) in times.iter_mut().zip(projects) {
            cargo(&place, &["clean", "-p", project])?;
            *time = timed(|| cargo(&place, &["check", "--lib", "-p", project]))?;
        }
        Ok(times)
    })?;
    let mut version = 1;
    compare("check after an edit of one line", || {
        version += 1;
        let mut times = [Duration::ZERO; 2];
        for (time, project) in times.iter_mut().zip(projects) {
            let file = place.join(project).join("src/models/node40.rs");
            let text = fs::read_to_string(&file)?;
            let edited = text.replace(
                &format!("created_at + {}", version - 1),
                &format!("created_at + {version}"),
            );
            assert_ne!(text, edited, "the line is there");
            fs::write(&file, edited)?;
            *time = timed(|| cargo(&place, &["check", "--lib", "-p", project]))?;
        }
        Ok(times)
    })?;
    compare_sizes(&place)
}

/// Prints what reading each association once adds to a release build, stripped of
/// names, by getters and by hand.
fn compare_sizes(place: &Path) -> Result<()> {
    println!("growth of a release build for each of {READ} associations that are read");
    for project in ["plain", "associated"] {
        let mut sizes = [0; 2];
        for (size, program) in sizes.iter_mut().zip(["idle", "reading"]) {
            cargo(
                place,
                &["build", "--release", "-p", project, "--bin", program],
            )?;
            *size = fs::metadata(place.join("target/release").join(program))?.len();
        }
        let [idle, reading] = sizes;
        println!("{project:36} {:5} bytes", (reading - idle) / READ);
    }
    Ok(())
}

fn write(place: &Path) -> Result<()> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../orm-core")
        .canonicalize()?;
    let lock = core.join("../Cargo.lock");
    save(
        &place.join("Cargo.toml"),
        "[workspace]\nmembers = [\"plain\", \"associated\"]\nresolver = \"2\"\n\n\
         [profile.release]\nstrip = true\n",
    )?;
    for (name, derives, dependency) in [
        ("plain", Derives::Diesel, String::new()),
        (
            "associated",
            Derives::Associated,
            format!(
                "orm-core = {{ path = \"{}\", features = [\"sqlite-bundled\"] }}\n",
                core.display()
            ),
        ),
    ] {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             diesel = {{ version = \"2.3\", features = [\"sqlite\"] }}\n{dependency}"
        );
        save(&place.join(name).join("Cargo.toml"), &manifest)?;
        for (path, text) in files(derives) {
            save(&place.join(name).join("src").join(path), &text)?;
        }
    }
    fs::copy(lock, place.join("Cargo.lock"))?;
    Ok(())
}

fn save(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)
}

fn cargo(place: &Path, arguments: &[&str]) -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(place)
        .env("CARGO_TARGET_DIR", place.join("target"))
        .output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(Error::other(String::from_utf8_lossy(&output.stderr)))
    }
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// Prints the ratio of two works, done in turns.
fn compare(name: &str, mut both: impl FnMut() -> Result<[Duration; 2]>) -> Result<()> {
    let (mut plain, mut associated) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let [without, with] = both()?;
        plain.push(without);
        associated.push(with);
    }
    report(name, plain, associated);
    Ok(())
}
