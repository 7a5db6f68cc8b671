//! The table and the charts.

use crate::peer::{python, run};
use peers_common::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The medians of all peers at all workloads.
pub struct Table {
    /// Names and titles.
    pub peers: Vec<(&'static str, &'static str)>,
    pub rows: Vec<Row>,
}

/// One workload.
pub struct Row {
    pub workload: &'static str,
    pub title: &'static str,
    /// Of each peer, where it did it.
    pub medians: Vec<Option<Duration>>,
    /// Of each peer, why it did not.
    pub notes: Vec<Option<String>>,
}

impl Table {
    /// Prints it in Markdown: ratios to the peer `base`, and its times.
    pub fn print(&self, title: &str, base: &str) {
        let base = self.peers.iter().position(|(name, _)| *name == base);
        print!("| {title} |");
        for (_, title) in &self.peers {
            print!(" {title} |");
        }
        println!("\n|---|{}", "---|".repeat(self.peers.len()));
        for row in &self.rows {
            let of_base = base.and_then(|base| row.medians[base]);
            print!("| {} |", row.title);
            for (median, note) in row.medians.iter().zip(&row.notes) {
                match (median, of_base) {
                    (Some(median), Some(of_base)) => {
                        print!(" {:.2} |", median.as_secs_f64() / of_base.as_secs_f64());
                    }
                    (Some(median), None) => print!(" {median:.1?} |"),
                    (None, _) => print!(" {} |", note.as_deref().unwrap_or("-")),
                }
            }
            println!("{}", of_base.map(|time| format!("  1 is {time:.1?}")).unwrap_or_default());
        }
    }

    /// Keeps the medians, and draws the charts.
    pub fn save(&self, place: &Path, name: &str) -> Result<()> {
        let mut lines = vec!["workload,title,peer,name,seconds".to_owned()];
        for row in &self.rows {
            for ((peer, title), median) in self.peers.iter().zip(&row.medians) {
                let seconds =
                    median.map(|time| time.as_secs_f64().to_string()).unwrap_or_default();
                let workload = format!("{},\"{}\"", row.workload, row.title);
                lines.push(format!("{workload},{peer},\"{title}\",{seconds}"));
            }
        }
        save(place, &format!("{name}.csv"), &(lines.join("\n") + "\n"))?;
        draw(place)
    }
}

/// Where results and charts are kept.
fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../results")
}

/// Keeps a result, unless only some peers were asked for.
pub fn save(place: &Path, name: &str, text: &str) -> Result<()> {
    let folder = if std::env::var_os("PEERS").is_some() { place.to_owned() } else { results() };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), text)?;
    Ok(())
}

/// Draws what is kept.
pub fn draw(place: &Path) -> Result<()> {
    if std::env::var_os("PEERS").is_some() {
        return Ok(());
    }
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../charts.py");
    run(Command::new(python(place)?).arg(program).arg(results()))
}
