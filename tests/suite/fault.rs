//! A `FromSql` or `ToSql` of the caller's that fails or panics, at each of its calls
//! in turn: the database is as before, and the connection is usable or says that it is
//! not.

use super::Conn;
use super::prelude::*;
use super::support::ENGINE;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::result::Error;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Integer;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, Place, dump};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

diesel::table! { shelves (id) { id -> Integer, size -> Integer, } }
diesel::table! { labels (id) { id -> Integer, shelf_id -> Nullable<Integer>, color -> Integer, } }
diesel::table! { books (id) { id -> Integer, shelf_id -> Nullable<Integer>, pages -> Integer, } }
diesel::table! { readers (id) { id -> Integer, age -> Integer, } }
diesel::table! { loans (book_id, reader_id) { book_id -> Integer, reader_id -> Integer, days -> Integer, } }
diesel::joinable!(loans -> books (book_id));
diesel::joinable!(loans -> readers (reader_id));
diesel::allow_tables_to_appear_in_same_query!(shelves, labels, books, readers, loans);

const TABLES: &str = "
    CREATE TABLE shelves (id INTEGER PRIMARY KEY, size INTEGER NOT NULL);
    CREATE TABLE labels (
        id INTEGER PRIMARY KEY,
        shelf_id INTEGER REFERENCES shelves (id),
        color INTEGER NOT NULL
    );
    CREATE TABLE books (
        id INTEGER PRIMARY KEY,
        shelf_id INTEGER REFERENCES shelves (id),
        pages INTEGER NOT NULL
    );
    CREATE TABLE readers (id INTEGER PRIMARY KEY, age INTEGER NOT NULL);
    CREATE TABLE loans (
        book_id INTEGER NOT NULL REFERENCES books (id),
        reader_id INTEGER NOT NULL REFERENCES readers (id),
        days INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (book_id, reader_id)
    );
    INSERT INTO shelves (id, size) VALUES (1, 10), (2, 20);
    INSERT INTO labels (id, shelf_id, color) VALUES (1, 1, 7), (2, NULL, 8);
    INSERT INTO books (id, shelf_id, pages) VALUES (1, 1, 100), (2, 1, 200), (3, 2, 300), (4, NULL, 400);
    INSERT INTO readers (id, age) VALUES (1, 31), (2, 32), (3, 33);
    INSERT INTO loans (book_id, reader_id, days) VALUES (1, 1, 5), (1, 2, 6), (3, 1, 7);
";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Error,
    Panic,
}

thread_local! {
    /// What happens after how many calls.
    static FAULT: Cell<Option<(usize, Fault)>> = const { Cell::new(None) };
}

fn called() -> Result<(), &'static str> {
    match FAULT.take() {
        Some((0, Fault::Error)) => Err("a fault"),
        // a panic of which nothing is printed
        Some((0, Fault::Panic)) => resume_unwind(Box::new("a fault")),
        Some((left, fault)) => {
            FAULT.set(Some((left - 1, fault)));
            Ok(())
        }
        None => Ok(()),
    }
}

/// A number whose conversions may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Integer)]
struct Number(i32);

impl<DB: Backend> ToSql<Integer, DB> for Number
where
    i32: ToSql<Integer, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        called()?;
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<Integer, DB> for Number
where
    i32: FromSql<Integer, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        called()?;
        i32::from_sql(value).map(Self)
    }
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = shelves)]
#[has_one(Label)]
#[has_many(Book)]
struct Shelf {
    id: Number,
    size: Number,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = labels)]
struct Label {
    id: Number,
    shelf_id: Option<Number>,
    color: Number,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = books)]
#[belongs_to_one(Shelf)]
#[belongs_to_many(Reader, through = Loan)]
struct Book {
    id: Number,
    shelf_id: Option<Number>,
    pages: Number,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = readers)]
struct Reader {
    id: Number,
    age: Number,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = loans, primary_key(book_id, reader_id))]
struct Loan {
    book_id: Number,
    reader_id: Number,
    days: Number,
}

fn shelf() -> Shelf {
    Shelf {
        id: Number(1),
        size: Number(10),
    }
}

fn book() -> Book {
    Book {
        id: Number(1),
        shelf_id: Some(Number(1)),
        pages: Number(100),
    }
}

/// Whether a connection may answer that it is broken: where nothing can be sent when
/// a future is dropped.
fn may_break(fault: Fault) -> bool {
    fault == Fault::Panic && !Conn::BLOCKING && ENGINE != Engine::Sqlite
}

/// The connection is right about what is there, in no transaction, and what it writes
/// is kept; or it is broken and says so.
#[track_caller]
fn checked(conn: &mut Conn, database: &mut Isolated<Conn>, fault: Fault) {
    let count = match shelf().count_books(conn).run() {
        Err(Error::BrokenTransactionManager) if may_break(fault) => {
            *conn = database.another();
            return;
        }
        count => count,
    };
    assert_eq!(count, Ok(2));
    assert_eq!(conn.depth(), None);
    let labels = shelf().label(conn).run().unwrap().unwrap();
    assert_eq!((labels.id, labels.color), (Number(1), Number(7)));
    assert_eq!(book().readers(conn).run().unwrap().len(), 2);
    conn.batch("INSERT INTO readers (id, age) VALUES (99, 99)");
    let kept = "SELECT 'kept' AS line FROM readers WHERE id = 99";
    assert_eq!(database.lines(kept), ["kept"]);
    conn.batch("DELETE FROM readers WHERE id = 99");
}

#[track_caller]
fn faulty<T: std::fmt::Debug>(
    conn: &mut Conn,
    calls: usize,
    fault: Fault,
    operation: &impl Fn(&mut Conn) -> QueryResult<T>,
) -> bool {
    FAULT.set(Some((calls, fault)));
    let result = catch_unwind(AssertUnwindSafe(|| operation(conn)));
    if FAULT.take().is_some() {
        assert!(matches!(result, Ok(Ok(_))), "{result:?}");
        return false;
    }
    match result {
        Err(_) => assert_eq!(fault, Fault::Panic),
        Ok(Err(Error::SerializationError(error) | Error::DeserializationError(error))) => {
            let reason = error.source().map(ToString::to_string);
            assert_eq!(reason.unwrap_or_else(|| error.to_string()), "a fault");
        }
        other => unreachable!("{other:?} after {calls} calls"),
    }
    true
}

/// Runs the operation with a fault at the first call, at the second and so on, until
/// there is no such call. Returns how many there are.
#[track_caller]
fn at_each_call<T: std::fmt::Debug>(operation: impl Fn(&mut Conn) -> QueryResult<T>) -> usize {
    let database = &mut Isolated::<Conn>::new(Place::shared(ENGINE), TABLES);
    let before = dump(&mut **database);
    let conn = &mut database.another();
    for calls in 0.. {
        for fault in [Fault::Error, Fault::Panic] {
            if !faulty(conn, calls, fault, &operation) {
                return calls;
            }
            assert_eq!(dump(&mut **database), before, "after {calls} calls");
            checked(conn, database, fault);

            // a transaction of the caller's goes on without it
            let whole = conn.in_transaction(|conn| {
                conn.batch("INSERT INTO readers (id, age) VALUES (98, 98)");
                assert!(faulty(conn, calls, fault, &operation));
                Ok(())
            });
            let after = dump(&mut **database);
            if matches!(whole, Err(Error::BrokenTransactionManager)) && may_break(fault) {
                assert_eq!(after, before);
            } else {
                assert_eq!(whole, Ok(()));
                assert_eq!(after.len(), before.len() + 1);
                conn.batch("DELETE FROM readers WHERE id = 98");
            }
            checked(conn, database, fault);
        }
    }
    unreachable!()
}

fn all() -> [Number; 3] {
    [1, 2, 3].map(Number)
}

#[test]
fn in_reads() {
    let calls = [
        at_each_call(|conn| shelf().books(conn).run()),
        at_each_call(|conn| shelf().label(conn).run()),
        at_each_call(|conn| book().shelf(conn).run()),
        at_each_call(|conn| book().readers(conn).run()),
        at_each_call(|conn| book().readers_with_through(conn).run()),
        at_each_call(|conn| shelf().has_books(all(), conn).run()),
        at_each_call(|conn| shelf().count_books(conn).run()),
    ];
    assert!(calls.iter().all(|&calls| calls > 0), "{calls:?}");
}

#[test]
fn in_a_tree() {
    let calls = [
        at_each_call(|conn| shelves::table.include(Shelf::BOOKS).load(conn).run()),
        at_each_call(|conn| {
            let tree = (
                Shelf::LABEL,
                Shelf::BOOKS.include((Book::READERS, Book::SHELF)),
            );
            let query = shelves::table.filter(Shelf::BOOKS.any(books::pages.gt(Number(50))));
            query.include(tree).load(conn).run()
        }),
        at_each_call(|conn| {
            let latest = Shelf::BOOKS.order(books::pages.desc()).limit(1);
            let query = shelves::table.filter(shelves::size.gt(Number(1)));
            query
                .include((latest, Shelf::BOOKS.counted()))
                .load(conn)
                .run()
        }),
        at_each_call(|conn| {
            let tree = (Book::READERS.with_through::<Loan>(), Book::SHELF);
            tree.load_for_one(&book(), conn).run()
        }),
    ];
    assert!(calls.iter().all(|&calls| calls > 4), "{calls:?}");
}

#[test]
fn in_writes_of_one_table() {
    let calls = [
        at_each_call(|conn| shelf().add_books([Number(3), Number(4)], conn).run()),
        at_each_call(|conn| shelf().set_books([Number(2), Number(3)], conn).run()),
        at_each_call(|conn| shelf().remove_books(all(), conn).run()),
        at_each_call(|conn| shelf().set_label(Number(2), conn).run()),
        at_each_call(|conn| book().set_shelf(Number(2), conn).run()),
        at_each_call(|conn| {
            let new = (labels::id.eq(Number(9)), labels::color.eq(Number(9)));
            shelf().create_label(new, conn).run()
        }),
        at_each_call(|conn| {
            let new = (books::id.eq(Number(9)), books::pages.eq(Number(9)));
            shelf().create_book(new, conn).run()
        }),
        at_each_call(|conn| {
            let new = (shelves::id.eq(Number(9)), shelves::size.eq(Number(9)));
            book().create_shelf(new, conn).run()
        }),
    ];
    assert!(calls.iter().all(|&calls| calls > 0), "{calls:?}");
}

#[test]
fn in_writes_of_pairs() {
    let calls = [
        at_each_call(|conn| book().add_readers(all(), conn).run()),
        at_each_call(|conn| book().set_readers([Number(2), Number(3)], conn).run()),
        at_each_call(|conn| book().remove_readers(all(), conn).run()),
        at_each_call(|conn| {
            let loans = all().map(|reader| (reader, loans::days.eq(Number(3))));
            book().add_readers_with(loans, conn).run()
        }),
        at_each_call(|conn| {
            let loans = [2, 3].map(|reader| (Number(reader), loans::days.eq(Number(3))));
            book().set_readers_with(loans, conn).run()
        }),
        at_each_call(|conn| {
            let new = (readers::id.eq(Number(9)), readers::age.eq(Number(9)));
            book().create_reader(new, conn).run()
        }),
    ];
    assert!(calls.iter().all(|&calls| calls > 0), "{calls:?}");
}

#[test]
fn in_a_tree_of_new_rows() {
    let calls = at_each_call(|conn| {
        let book = (books::id.eq(Number(9)), books::pages.eq(Number(9)));
        let label = (labels::id.eq(Number(9)), labels::color.eq(Number(9)));
        let readers = Book::READERS.link([Number(1), Number(3)]);
        let tree = (
            Shelf::LABEL.new_row(label),
            Shelf::BOOKS.new_rows([Book::new_tree(book, readers)]),
        );
        let shelf = (shelves::id.eq(Number(9)), shelves::size.eq(Number(9)));
        Shelf::new_tree(shelf, tree).create(conn).run()
    });
    assert!(calls > 10, "{calls}");
}
