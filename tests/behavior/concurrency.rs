//! Two connections to one database.

use crate::blocking::suite::support::person;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_tests::database::sample_sql;

/// A database in a file, which is gone at the end.
pub(crate) struct File(String);

impl File {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("orm-{name}-{}", std::process::id()));
        Self(path.to_str().unwrap().to_owned())
    }

    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    pub(crate) fn connect(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(&self.0).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
        conn
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// better: two connections that add the same pair at the same time both succeed,
/// and so do those that set and remove it.
#[test]
fn better_two_connections_write_the_same_links() {
    let file = File::new("race");
    file.connect().batch_execute(&sample_sql()).unwrap();
    let barrier = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let conn = &mut file.connect();
                let cleo = person(3, conn);
                for _ in 0..20 {
                    barrier.wait();
                    assert_eq!(cleo.add_liked_toots([1, 2, 3], conn), Ok(()));
                    assert_eq!(cleo.set_liked_toots([2, 3], conn), Ok(()));
                    barrier.wait();
                    assert_eq!(cleo.has_liked_toots([2, 3], conn), Ok(true));
                    barrier.wait();
                    assert!(cleo.remove_liked_toots([1, 2, 3], conn).is_ok());
                }
            });
        }
    });
    assert_eq!(
        person(3, &mut file.connect()).count_liked_toots(&mut file.connect()),
        Ok(0)
    );
}
