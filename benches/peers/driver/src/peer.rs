//! The peers, and how each is built and asked.

use peers_common::{Result, Sum};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A peer.
pub struct Peer {
    pub name: &'static str,
    pub title: &'static str,
    kind: Kind,
    pub on_postgres: bool,
}

enum Kind {
    /// A cargo package in this folder, with the program of this name.
    Rust { folder: &'static str, program: &'static str },
    /// A Python program in this folder.
    Python { folder: &'static str },
    /// A Node.js program in this folder.
    Node { folder: &'static str },
}

const fn rust(
    name: &'static str,
    title: &'static str,
    folder: &'static str,
    program: &'static str,
    on_postgres: bool,
) -> Peer {
    Peer { name, title, kind: Kind::Rust { folder, program }, on_postgres }
}

/// All of them, in the order of the table.
pub const PEERS: [Peer; 9] = [
    rust("tuned", "Diesel, tuned by hand", "diesel", "tuned", true),
    rust("ours", "associations", "diesel", "ours", true),
    rust("rusqlite", "rusqlite", "rusqlite", "peer-rusqlite", false),
    rust("guides", "Diesel, as in its guides", "diesel", "guides", true),
    rust("sea-orm-sync", "SeaORM 2, sync", "sea-orm-sync", "peer-sea-orm-sync", false),
    rust("sea-orm", "SeaORM 2, sqlx", "sea-orm", "peer-sea-orm", true),
    rust("toasty", "Toasty", "toasty", "peer-toasty", false),
    Peer {
        name: "sqlalchemy",
        title: "SQLAlchemy 2",
        kind: Kind::Python { folder: "sqlalchemy" },
        on_postgres: true,
    },
    Peer {
        name: "sequelize",
        title: "Sequelize 7",
        kind: Kind::Node { folder: "sequelize" },
        on_postgres: true,
    },
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// A folder for what is built for PostgreSQL, beside what is for SQLite.
fn target(place: &Path, postgres: bool) -> PathBuf {
    if postgres { place.join("postgres") } else { place.to_owned() }
}

/// Python with what the peer and the charts take.
pub fn python(place: &Path) -> Result<PathBuf> {
    let home = place.join("python");
    let python = home.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    }
    let packages = ["sqlalchemy>=2,<3", "psycopg[binary]", "matplotlib"];
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python)
}

pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}

impl Peer {
    /// Builds it, if it is not built.
    pub fn build(&self, place: &Path, postgres: bool) -> Result<()> {
        match self.kind {
            Kind::Rust { folder: name, program } => {
                let mut cargo = Command::new("cargo");
                cargo.args(["build", "--release", "--quiet", "--bin", program]);
                if postgres && name == "diesel" {
                    cargo.args(["--features", "postgres"]);
                }
                cargo.env("CARGO_TARGET_DIR", target(place, postgres));
                run(cargo.current_dir(folder(name)))
            }
            Kind::Python { .. } => python(place).map(|_| ()),
            Kind::Node { folder: name } => {
                let mut npm = Command::new("npm");
                npm.args(["install", "--no-audit", "--no-fund", "--silent"]);
                run(npm.current_dir(folder(name)))
            }
        }
    }

    /// Starts it with a database.
    pub fn start(&self, place: &Path, database: &str, postgres: bool) -> Result<Process> {
        let mut command = match self.kind {
            Kind::Rust { program, .. } => {
                Command::new(target(place, postgres).join("release").join(program))
            }
            Kind::Python { folder: name } => {
                let mut command = Command::new(python(place)?);
                command.arg(folder(name).join("main.py"));
                command
            }
            Kind::Node { folder: name } => {
                let mut command = Command::new("node");
                command.arg(folder(name).join("main.js"));
                command
            }
        };
        command.arg(database).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Process { name: self.name, title: self.title, child, input, output })
    }
}

/// A peer that runs.
pub struct Process {
    pub name: &'static str,
    pub title: &'static str,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What it says of a workload.
pub enum Answer {
    Done { time: Duration, sum: Sum, peak: u64 },
    Unsupported,
    Failed(String),
}

impl Process {
    /// Has it do a workload once.
    pub fn ask(&mut self, workload: &str) -> Result<Answer> {
        writeln!(self.input, "{workload}")?;
        self.input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let line = line.trim();
        if line == "unsupported" {
            return Ok(Answer::Unsupported);
        }
        if let Some(why) = line.strip_prefix("failed ") {
            return Ok(Answer::Failed(why.to_owned()));
        }
        let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()
            .map_err(|_| format!("{} answers `{line}`", self.name))?;
        let [nanoseconds, rows, text, peak] = numbers[..] else {
            return Err(format!("{} answers `{line}`", self.name).into());
        };
        let time = Duration::from_nanos(nanoseconds);
        Ok(Answer::Done { time, sum: Sum { rows, text }, peak })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends by itself where its input does; a program of another language may not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
