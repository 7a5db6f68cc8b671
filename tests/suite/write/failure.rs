//! Writes that fail at each of their statements in turn leave the database as it
//! was.

use super::Conn;
use super::dump;
use super::prelude::*;
use super::support::person;
use super::support::sample;
use super::support::{LOCK, READ_BACK};
use diesel::connection::Instrumentation;
use diesel::result::Error;
use orm_core::connection::{Enrolled, Execute, Executor, Load};
use orm_tests::connection::TestConnection;
use orm_tests::database::Isolated;
use orm_tests::models::{Person, Toot};
use orm_tests::schema::*;

/// A connection whose statements fail from one on, and its commits with them.
struct Failing {
    conn: Isolated<Conn>,
    statements_left: usize,
}

impl Failing {
    fn allow(&mut self) -> QueryResult<()> {
        self.statements_left = self
            .statements_left
            .checked_sub(1)
            .ok_or(Error::BrokenTransactionManager)?;
        Ok(())
    }
}

impl Enrolled for Failing {}

impl Executor for Failing {
    type Backend = <Conn as Executor>::Backend;
    type Shared = std::convert::Infallible;
    type Return<'a, T: Send + 'a> = QueryResult<T>;

    async fn begin_read(&mut self) -> QueryResult<bool> {
        self.conn.begin_read().await
    }

    async fn end_read(&mut self, began: bool) -> QueryResult<()> {
        self.conn.end_read(began).await
    }

    async fn begin(&mut self) -> QueryResult<()> {
        self.conn.begin().await
    }

    async fn commit(&mut self) -> QueryResult<()> {
        match self.allow() {
            Ok(()) => self.conn.commit().await,
            Err(error) => {
                self.conn.rollback().await?;
                Err(error)
            }
        }
    }

    async fn rollback(&mut self) -> QueryResult<()> {
        self.conn.rollback().await
    }

    fn abandon(&mut self) {
        self.conn.abandon();
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.conn.watch(instrumentation);
    }

    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> QueryResult<T> {
        Conn::end(operation)
    }
}

impl<'q, Q: Send, T> Load<'q, Q, T> for Failing
where
    Conn: Load<'q, Q, T>,
{
    async fn load(&mut self, query: Q) -> QueryResult<Vec<T>> {
        self.allow()?;
        Load::load(&mut *self.conn, query).await
    }

    async fn load_beside(shared: &Self::Shared, _: Q) -> QueryResult<Vec<T>> {
        match *shared {}
    }

    async fn load_first(&mut self, query: Q) -> QueryResult<Option<T>> {
        self.allow()?;
        Load::load_first(&mut *self.conn, query).await
    }
}

impl<'q, Q: Send> Execute<'q, Q> for Failing
where
    Conn: Execute<'q, Q>,
{
    async fn execute(&mut self, query: Q) -> QueryResult<usize> {
        self.allow()?;
        Execute::execute(&mut *self.conn, query).await
    }
}

/// Fails the write at its first statement, at its second and so on, until it
/// succeeds. It takes this many statements, with its commit.
#[track_caller]
fn fails_whole<T>(expected: usize, write: impl Fn(&mut Failing) -> QueryResult<T>) {
    let conn = &mut Failing {
        conn: sample(),
        statements_left: 0,
    };
    let before = dump(&mut *conn.conn);
    for statements_left in 0.. {
        conn.statements_left = statements_left;
        let result = write(conn);
        let after = dump(&mut *conn.conn);
        if result.is_ok() {
            assert_eq!(statements_left, expected);
            assert_ne!(before, after);
            return;
        }
        assert_eq!(before, after, "after {statements_left} statements");
        assert!(matches!(result, Err(Error::BrokenTransactionManager)));
        // the connection is usable, outside of any transaction
        let count = |conn: &mut Conn| people::table.count().get_result(conn).run();
        assert_eq!(conn.conn.depth(), None);
        assert_eq!(conn.conn.in_transaction(count), Ok(3_i64));
    }
}

#[test]
fn at_every_statement() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    fails_whole(4 + LOCK, |conn| ada.set_driving_license(3, conn));
    fails_whole(3 + LOCK + READ_BACK, |conn| {
        ada.create_driving_license(driving_licenses::number.eq("n"), conn)
    });
    fails_whole(4 + LOCK, |conn| ada.set_reports([3], conn));
    fails_whole(2, |conn| ada.add_reports([3, 2], conn));
    fails_whole(1, |conn| ada.add_report(3, conn));
    fails_whole(2, |conn| ada.add_liked_toots([1, 2], conn));
    fails_whole(1, |conn| ada.add_liked_toot(1, conn));
    fails_whole(4 + LOCK, |conn| bob.set_liked_toots([2, 3], conn));
    fails_whole(3, |conn| {
        bob.add_liked_toot_with(3, liked_toots::liked_at.eq("x"), conn)
    });
    fails_whole(4, |conn| {
        let pairs = [1, 2, 3].map(|toot| (toot, liked_toots::liked_at.eq("x")));
        bob.add_liked_toots_with(pairs, conn)
    });
    fails_whole(3 + READ_BACK, |conn| {
        bob.create_liked_toot((toots::body.eq("t"), toots::author_id.eq(1)), conn)
    });
    fails_whole(1 + 2 * READ_BACK, |conn| {
        bob.create_toot(toots::body.eq("t"), conn)
    });
}

#[test]
fn at_every_statement_of_a_belongs_to_and_the_value_in_memory_too() {
    fails_whole(1, |conn| {
        let mut ada = person(1, &mut sample());
        let set = ada.set_birthplace(2, conn);
        assert_eq!(ada.birthplace_id, if set.is_ok() { 2 } else { 1 });
        set
    });
    fails_whole(3 + READ_BACK, |conn| {
        let mut ada = person(1, &mut sample());
        let created = ada.create_residence(cities::name.eq("c"), conn);
        let residence = created.as_ref().map_or(2, |city| city.id);
        assert_eq!(ada.residence_id, Some(residence));
        created
    });
}

#[test]
fn at_every_statement_of_a_tree() {
    fails_whole(8 + 4 * READ_BACK, |conn| {
        Person::new_tree(
            people::name.eq("Dan"),
            (
                Person::BIRTHPLACE.new_row(cities::name.eq("Bern")),
                Person::DRIVING_LICENSE.new_row(driving_licenses::number.eq("D-4")),
                Person::TOOTS.new_rows(
                    ["one", "two"]
                        .map(|body| Toot::new_tree(toots::body.eq(body), Toot::LIKERS.link([1]))),
                ),
                Person::LIKED_TOOTS.link([3]),
                Person::REPORTS.link([3]),
            ),
        )
        .create(conn)
    });
}
