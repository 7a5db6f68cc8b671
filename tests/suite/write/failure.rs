//! Operations that fail or panic at each of their statements in turn leave the database
//! as it was, and the connection usable.

use super::Conn;
use super::dump;
use super::prelude::*;
use super::support::{ENGINE, LOCK, person, sample};
use diesel::connection::Instrumentation;
use diesel::result::Error;
use orm_core::connection::{Enrolled, Exclusive, Execute, Executor, Load};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, shared_sample};
use orm_tests::models::{Person, Toot};
use orm_tests::schema::*;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What a new row takes more through a [`Failing`], which is a blocking connection.
const READ_BACK: usize = ENGINE.read_back(true);

/// A connection whose statements fail or panic from one on, and whose transactions
/// fail to end with them.
struct Failing {
    conn: Conn,
    statements_left: usize,
    panics: bool,
    failed: bool,
}

impl Failing {
    fn new(database: &Isolated<Conn>) -> Self {
        Self {
            conn: database.another(),
            statements_left: 0,
            panics: false,
            failed: false,
        }
    }

    fn allow(&mut self) -> QueryResult<()> {
        match self.statements_left.checked_sub(1) {
            Some(left) => {
                self.statements_left = left;
                Ok(())
            }
            // a panic of which nothing is printed
            None if self.panics => resume_unwind(Box::new("a fault")),
            None => {
                self.failed = true;
                Err(Error::AlreadyInTransaction)
            }
        }
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
        self.conn.end_read(began).await?;
        if self.failed {
            return Err(Error::RollbackTransaction);
        }
        Ok(())
    }

    fn abandon(&mut self) {
        self.conn.abandon();
    }

    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> QueryResult<T> {
        Conn::end(operation)
    }
}

impl Exclusive for Failing {
    async fn begin(&mut self) -> QueryResult<()> {
        self.conn.begin().await
    }

    async fn commit(&mut self) -> QueryResult<()> {
        if let Some(left) = self.statements_left.checked_sub(1) {
            self.statements_left = left;
            return self.conn.commit().await;
        }
        self.conn.rollback().await?;
        Err(Error::AlreadyInTransaction)
    }

    async fn rollback(&mut self) -> QueryResult<()> {
        self.conn.rollback().await
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.conn.watch(instrumentation);
    }
}

impl<'q, Q: Send, T> Load<'q, Q, T> for Failing
where
    Conn: Load<'q, Q, T>,
{
    async fn load(&mut self, query: Q) -> QueryResult<Vec<T>> {
        self.allow()?;
        Load::load(&mut self.conn, query).await
    }

    async fn load_beside(shared: &Self::Shared, _: Q) -> QueryResult<Vec<T>> {
        match *shared {}
    }

    async fn load_first(&mut self, query: Q) -> QueryResult<Option<T>> {
        self.allow()?;
        Load::load_first(&mut self.conn, query).await
    }
}

impl<'q, Q: Send> Execute<'q, Q> for Failing
where
    Conn: Execute<'q, Q>,
{
    async fn execute(&mut self, query: Q) -> QueryResult<usize> {
        self.allow()?;
        Execute::execute(&mut self.conn, query).await
    }
}

/// Runs the operation with a fault at the first statement, at the second and so on,
/// until it succeeds, which changes rows where it `writes`. Returns how many statements
/// it takes, with its commit.
#[track_caller]
fn at_each<T>(writes: bool, operation: impl Fn(&mut Failing) -> QueryResult<T>) -> usize {
    let database = &mut shared_sample::<Conn>();
    let before = dump(&mut **database);
    let conn = &mut Failing::new(database);
    for statements in 0.. {
        for panics in [false, true] {
            conn.statements_left = statements;
            (conn.panics, conn.failed) = (panics, false);
            let result = catch_unwind(AssertUnwindSafe(|| operation(conn)));
            let after = dump(&mut **database);
            match result {
                Ok(Ok(_)) => {
                    assert_eq!(before != after, writes);
                    return statements;
                }
                // the first error, not that of a transaction that cannot end
                Ok(Err(error)) => assert!(matches!(error, Error::AlreadyInTransaction), "{error}"),
                Err(_) => assert!(panics),
            }
            assert_eq!(before, after, "after {statements} statements");
            // the connection is usable, outside of any transaction, or says that it is not
            let count = |conn: &mut Conn| people::table.count().get_result(conn).run();
            let ada = person(1, database);
            match ada.count_toots(&mut conn.conn).run() {
                Err(Error::BrokenTransactionManager) => {
                    assert!(panics && !Conn::BLOCKING && ENGINE != Engine::Sqlite);
                    *conn = Failing::new(database);
                }
                toots => {
                    assert_eq!(toots, Ok(2));
                    assert_eq!(conn.conn.depth(), None);
                    assert_eq!(conn.conn.in_transaction(count), Ok(3_i64));
                }
            }
        }
    }
    unreachable!()
}

/// Fails the write at each of its statements. It takes this many, with its commit.
#[track_caller]
fn fails_whole<T>(expected: usize, write: impl Fn(&mut Failing) -> QueryResult<T>) {
    assert_eq!(at_each(true, write), expected);
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
    fails_whole(2 + READ_BACK, |conn| {
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

#[test]
fn at_every_statement_of_a_read() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    assert_eq!(at_each(false, |conn| ada.toots(conn)), 1);
    assert_eq!(at_each(false, |conn| ada.has_liked_toots([1, 3], conn)), 1);
    let statements = at_each(false, |conn| {
        let tree = (
            Person::TOOTS.include(Toot::LIKERS),
            Person::LIKED_TOOTS,
            Person::REPORTS.counted(),
        );
        people::table.include(tree).load(conn)
    });
    assert!(statements > 4, "{statements}");
    let statements = at_each(false, |conn| {
        (Person::TOOTS, Person::FOLLOWERS).load_for_one(&ada, conn)
    });
    assert!(statements > 1, "{statements}");
}
