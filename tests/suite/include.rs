//! Eager loading: rows, statements, and that both do not depend on each other.

use super::Conn;
use super::prelude::*;
use super::support::sample;
use super::support::{ENGINE, person, short, unquoted};
use orm_core::include::{Included, Rooted};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::Isolated;
use orm_tests::database::{sample_without_foreign_keys, without_foreign_keys};
use orm_tests::models::{City, DrivingLicense, LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{cities, people, toots};

#[test]
fn every_kind_beside_its_source() {
    let conn = &mut *sample();
    let tree = (
        Person::DRIVING_LICENSE,
        Person::TOOTS,
        Person::BIRTHPLACE,
        Person::LIKED_TOOTS,
    );

    let (rows, sent) = record(conn, |conn| {
        people::table
            .order(people::id)
            .include(tree)
            .load(conn)
            .run()
    });

    let rows: Vec<(Person, Option<DrivingLicense>, Vec<Toot>, City, Vec<Toot>)> = rows.unwrap();
    assert_eq!(sent.count(), 6);
    assert_eq!(rows.len(), 3);
    for (person, license, toots, birthplace, liked) in rows {
        assert_eq!(license, person.driving_license(conn).run().unwrap());
        assert_eq!(toots, person.toots(conn).run().unwrap());
        assert_eq!(birthplace, person.birthplace(conn).run().unwrap());
        assert_eq!(liked, person.liked_toots(conn).run().unwrap());
    }
}

#[test]
fn deep_filtered_and_ordered() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        people::table
            .filter(people::id.lt(3))
            .order(people::id.desc())
            .include(
                Person::TOOTS
                    .filter(toots::body.ne("nothing"))
                    .order(toots::body.desc())
                    .include(Toot::LIKERS),
            )
            .load(conn)
            .run()
    });

    let rows: Vec<(Person, Vec<(Toot, Vec<Person>)>)> = rows.unwrap();
    assert_eq!(sent.count(), 4);
    let (ada, bob) = (person(1, conn), person(2, conn));
    assert_eq!(rows[0].0, bob);
    assert_eq!(rows[1].0, ada);
    let bodies: Vec<_> = rows[1]
        .1
        .iter()
        .map(|(toot, _)| toot.body.as_str())
        .collect();
    assert_eq!(bodies, ["rust", "hello"]);
    assert_eq!(rows[1].1[0].1, std::slice::from_ref(&bob));
    assert_eq!(rows[0].1[0].1, [ada]);
}

#[test]
fn a_whole_table_needs_no_keys() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        people::table.include(Person::TOOTS).load(conn).run()
    });
    assert_eq!(rows.unwrap().len(), 3);
    let statements: Vec<_> = sent.statements.iter().map(|sql| short(sql)).collect();
    assert_eq!(
        statements,
        [
            "FROM people -- binds: []",
            "FROM toots WHERE toots.author_id IS NOT NULL ORDER BY toots.id -- binds: []"
        ]
    );

    for limited in [
        people::table.limit(2).into_boxed(),
        people::table.filter(people::id.lt(3)).into_boxed(),
    ] {
        let (rows, sent) = record(conn, |conn| limited.include(Person::TOOTS).load(conn).run());
        assert_eq!(rows.unwrap().len(), 2);
        assert!(sent.statements[1].contains(" WHERE "), "{sent:?}");
    }
}

#[test]
fn what_is_below_a_row_without_a_parent_is_not_loaded() {
    // nobody was born in the city that Dan was born in, and nobody's toot he likes
    let conn = &mut *sample_without_foreign_keys::<Conn>();
    conn.batch(
        "INSERT INTO people (id, name, birthplace_id) VALUES (4, 'Dan', 99);
         INSERT INTO toots (id, body, author_id) VALUES (8, 'of nobody', 98), (9, 'of nobody', 99);
         INSERT INTO liked_toots (person_id, toot_id) VALUES (97, 8);",
    );
    let (rows, sent) = record(conn, |conn| {
        let tree = City::NATIVES.include((Person::BIRTHPLACE, Person::TOOTS));
        cities::table
            .order(cities::id)
            .include(tree)
            .load(conn)
            .run()
    });
    let rows: Vec<(City, Vec<(Person, City, Vec<Toot>)>)> = rows.unwrap();
    assert_eq!(sent.count(), 4);
    let filtered = cities::table.filter(cities::id.gt(0)).order(cities::id);
    let tree = City::NATIVES.include((Person::BIRTHPLACE, Person::TOOTS));
    assert_eq!(filtered.include(tree).load(conn).run(), Ok(rows));

    let tree = || Person::TOOTS.include(Toot::AUTHOR);
    let people = people::table.order(people::id);
    let whole = people.include(tree()).load(conn).run().unwrap();
    let page = people.limit(9).include(tree()).load(conn).run();
    assert_eq!(page, Ok(whole));

    let tree = || Person::LIKED_TOOTS.include(Toot::AUTHOR);
    let whole = people.include(tree()).load(conn).run().unwrap();
    let page = people.limit(9).include(tree()).load(conn).run();
    assert_eq!(page, Ok(whole));
}

#[test]
fn rows_whose_key_is_null_are_not_read() {
    let conn = &mut *sample();
    let (rows, sent) = record(conn, |conn| {
        people::table
            .include(Person::DRIVING_LICENSE)
            .load(conn)
            .run()
    });
    assert_eq!(rows.unwrap().len(), 3);
    assert_eq!(
        short(&sent.statements[1]),
        "FROM driving_licenses WHERE driving_licenses.owner_id IS NOT NULL \
         ORDER BY driving_licenses.id -- binds: []"
    );
}

#[test]
fn links_that_lead_nowhere_are_no_rows() {
    let conn = &mut *sample_without_foreign_keys::<Conn>();
    conn.batch("INSERT INTO liked_toots (person_id, toot_id) VALUES (3, 77), (1, 78)");
    let tree = || {
        (
            Person::LIKED_TOOTS,
            Person::LIKED_TOOTS.counted(),
            Person::LIKED_TOOTS.existing(),
            Person::LIKED_TOOTS.with_through::<LikedToot>(),
        )
    };
    let whole = people::table
        .order(people::id)
        .include(tree())
        .load(conn)
        .run()
        .unwrap();
    let page = people::table
        .order(people::id)
        .limit(9)
        .include(tree())
        .load(conn)
        .run();
    assert_eq!(page.as_ref(), Ok(&whole));
    let counts: Vec<_> = whole.iter().map(|row| row.2).collect();
    assert_eq!(counts, [1, 2, 0]);
    for (person, liked, count, existing, through) in whole {
        assert_eq!(person.liked_toots(conn).run().as_ref(), Ok(&liked));
        assert_eq!(person.count_liked_toots(conn).run(), Ok(count));
        assert_eq!(usize::try_from(count), Ok(liked.len()));
        assert_eq!(existing, count > 0);
        assert_eq!(through.len(), liked.len());
        assert_eq!(person.has_liked_toot(77, conn).run(), Ok(false));
        assert_eq!(person.has_liked_toots([77, 78], conn).run(), Ok(false));
        assert_eq!(person.has_liked_toots(&liked, conn).run(), Ok(true));
        let exists = people::table
            .filter(Person::LIKED_TOOTS.exists())
            .find(person.id);
        assert_eq!(
            exists.count().get_result(conn).run(),
            Ok(i64::from(existing))
        );
    }
}

#[test]
fn for_rows_in_hand() {
    let conn = &mut *sample();
    let (ada, cleo) = (person(1, conn), person(3, conn));
    let sources = [cleo, ada.clone(), ada];

    let (outputs, sent) = record(conn, |conn| {
        (Person::TOOTS, Person::BOSS).load_for(&sources, conn).run()
    });

    let outputs: Vec<(Vec<Toot>, Option<Person>)> = outputs.unwrap();
    assert_eq!(
        sent.count(),
        1,
        "nobody here has a boss, which asks nothing"
    );
    let counts: Vec<_> = outputs.iter().map(|(toots, _)| toots.len()).collect();
    assert_eq!(
        counts,
        [0, 2, 2],
        "a source that is given twice gets its rows twice"
    );
}

#[test]
fn beside_a_query_that_has_its_own_selection() {
    #[derive(Model, HasQuery)]
    #[diesel(table_name = people, base_query = people::table.filter(people::id.lt(3_i32)).order(people::id))]
    #[has_many(Toot, foreign_key = toots::author_id)]
    struct Writer {
        id: i32,
        name: String,
    }
    let conn = &mut *sample();

    // the connection says which database it is
    let rows = Writer::query()
        .include(Writer::TOOTS)
        .load(conn)
        .run()
        .unwrap();

    let counts: Vec<_> = rows
        .iter()
        .map(|(writer, toots)| (&*writer.name, toots.len()))
        .collect();
    assert_eq!(counts, [("Ada", 2), ("Bob", 1)]);
}

/// A person's name alone.
#[derive(Model, Queryable, Selectable, Clone, Debug, PartialEq)]
#[diesel(table_name = people)]
struct Named {
    id: i32,
    name: String,
}

#[test]
fn projection_into_another_model_of_the_table() {
    let conn = &mut *sample();
    let named = |id, name: &str| Named {
        id,
        name: name.to_owned(),
    };

    let (rows, sent) = record(conn, |conn| {
        toots::table
            .order(toots::id)
            .include((
                Toot::AUTHOR.project::<Named>(),
                Toot::LIKERS.filter(people::id.gt(1)).project::<Named>(),
            ))
            .load(conn)
            .run()
    });

    let rows: Vec<(Toot, Named, Vec<Named>)> = rows.unwrap();
    assert_eq!(rows[0].1, named(1, "Ada"));
    assert_eq!(
        (&rows[1].2[..], &rows[2].2[..]),
        (&[named(2, "Bob")][..], &[][..])
    );
    assert_eq!(
        short(&sent.statements[1]).split(" WHERE").next(),
        Some("FROM people")
    );
    assert!(
        unquoted(&sent.statements[1])
            .starts_with("SELECT people.id, people.id, people.name FROM people")
    );
}

#[test]
fn junction_rows_beside_their_targets() {
    let conn = &mut *sample();

    for query in [
        people::table.into_boxed(),
        people::table.filter(people::id.gt(0)).into_boxed(),
    ] {
        let node = Person::LIKED_TOOTS
            .filter(toots::id.ne(3))
            .order(toots::id.desc())
            .include(Toot::AUTHOR)
            .with_through::<LikedToot>();
        let (rows, sent) = record(conn, |conn| {
            query.order(people::id).include(node).load(conn).run()
        });

        let rows: Vec<(Person, Vec<(LikedToot, (Toot, Person))>)> = rows.unwrap();
        assert_eq!(sent.count(), 4);
        let likes: Vec<Vec<_>> = rows
            .iter()
            .map(|(person, liked)| {
                let like = |(like, (toot, author)): &(LikedToot, (Toot, Person))| {
                    assert_eq!((like.person_id, like.toot_id), (person.id, toot.id));
                    assert_eq!(author.id, toot.author_id);
                    like.liked_at.clone()
                };
                liked.iter().map(like).collect()
            })
            .collect();
        assert_eq!(
            likes,
            [
                vec![],
                vec!["2026-02-01".to_owned(), "2026-01-01".to_owned()],
                vec![]
            ]
        );
    }
}

#[test]
fn no_sources_take_one_statement() {
    let conn = &mut *sample();
    let query = people::table.filter(people::id.gt(100));

    let (rows, sent) = record(conn, |conn| {
        query
            .include((Person::TOOTS.include(Toot::LIKERS), Person::BIRTHPLACE))
            .load(conn)
            .run()
    });

    assert_eq!(rows.unwrap().len(), 0);
    assert_eq!(sent.count(), 1);
}

#[test]
fn better_one_association_twice_in_one_tree() {
    let conn = &mut *sample();

    let rows: Vec<(Person, Vec<Toot>, Vec<Toot>)> = people::table
        .find(1)
        .include((
            Person::TOOTS.filter(toots::body.eq("rust")),
            Person::TOOTS
                .filter(toots::body.ne("rust"))
                .filter(toots::id.gt(0)),
        ))
        .load(conn)
        .run()
        .unwrap();

    assert_eq!((rows[0].1.len(), rows[0].2.len()), (1, 1));
    assert_ne!(rows[0].1, rows[0].2);
}

/// A chain of people, each with a license, two toots and a like, in `count` rows.
fn many(count: i32) -> Isolated<Conn> {
    let cities = "INSERT INTO cities VALUES (1, 'Rome'), (2, 'Oslo');";
    let people = if count > 0 {
        format!(
            "INSERT INTO people (id, name, birthplace_id)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                 SELECT i, 'p', i % 2 + 1 FROM n;
         INSERT INTO driving_licenses SELECT id, 'l', id FROM people;
         INSERT INTO toots SELECT id * 2, 'even', id FROM people;
         INSERT INTO toots SELECT id * 2 + 1, 'odd', id FROM people;
         INSERT INTO liked_toots SELECT id, id * 2, '' FROM people;"
        )
    } else {
        String::new()
    };
    without_foreign_keys(&[cities, &people].concat())
}

fn queries<Q, T: Rooted>(_: &Included<Q, T>) -> usize {
    Included::<Q, T>::QUERIES
}

#[test]
fn the_number_of_statements_is_a_constant_of_the_tree() {
    let tree = || {
        (
            Person::DRIVING_LICENSE,
            Person::BIRTHPLACE,
            Person::TOOTS.filter(toots::body.eq("odd")),
            Person::LIKED_TOOTS.include(Toot::AUTHOR),
        )
    };
    let query = || people::table.filter(people::id.gt(0)).include(tree());
    assert_eq!(queries(&query()), 7);

    for count in [1, 4, 400, 40_000] {
        let conn = &mut *many(count);
        let (rows, sent) = record(conn, |conn| query().load(conn).run());
        let rows = rows.unwrap();
        assert_eq!(rows.len(), usize::try_from(count).unwrap());
        assert_eq!(sent.count(), 7, "{count} parents");
        for (person, license, birthplace, toots, liked) in rows {
            assert_eq!(license.unwrap().owner_id, Some(person.id));
            assert_eq!(birthplace.id, person.birthplace_id);
            assert_eq!((toots.len(), toots[0].id), (1, person.id * 2 + 1));
            assert_eq!(
                (liked.len(), liked[0].0.id, &liked[0].1),
                (1, person.id * 2, &person)
            );
        }
    }
    let conn = &mut *many(0);
    let (rows, sent) = record(conn, |conn| query().load(conn).run());
    assert_eq!((rows.unwrap().len(), sent.count()), (0, 1));
}

#[test]
fn a_hundred_thousand_parents_at_the_third_level_and_few_binds() {
    let conn = &mut *many(60_000);

    let (rows, sent) = record(conn, |conn| {
        cities::table
            .filter(cities::id.gt(0))
            .include(City::NATIVES.include(Person::TOOTS.include(Toot::LIKERS)))
            .load(conn)
            .run()
    });

    let rows = rows.unwrap();
    let toots: usize = rows
        .iter()
        .flat_map(|(_, people)| people)
        .map(|(_, toots)| toots.len())
        .sum();
    assert_eq!((rows.len(), toots), (2, 120_000));
    assert_eq!(sent.count(), 5);
    for statement in &sent.statements {
        let binds = short(statement)
            .split(" -- ")
            .next()
            .unwrap()
            .matches('?')
            .count();
        // MariaDB has a bind for each of up to 100 keys
        let most = if ENGINE == Engine::Mysql { 100 } else { 2 };
        assert!(binds <= most, "{binds} binds");
    }
}

#[test]
fn a_second_load_prepares_nothing_and_one_transaction_is_around_it() {
    let conn = &mut *sample();
    let load = |conn: &mut Conn| {
        let tree = (
            Person::TOOTS,
            Person::LIKED_TOOTS,
            Person::BIRTHPLACE,
            Person::DRIVING_LICENSE,
        );
        people::table
            .filter(people::id.lt(3))
            .order(people::id)
            .include(tree)
            .load(conn)
            .run()
    };

    let (first, sent) = record(conn, load);
    let (second, again) = record(conn, load);
    let (third, inside) = record(conn, |conn| conn.in_transaction(load));

    assert_eq!(first.as_ref(), second.as_ref());
    assert_eq!(first, third);
    // the text of few keys on MariaDB, a bind for each, is not kept
    let kept = if ENGINE == Engine::Mysql {
        1
    } else {
        sent.count()
    };
    assert_eq!((sent.cached.len(), again.cached.len()), (kept, 0));
    let begun = usize::from(ENGINE == Engine::Sqlite && Conn::BLOCKING);
    assert_eq!((sent.transactions, inside.transactions), (begun, 1));
    assert_eq!(conn.depth(), None, "nothing is left open");
}

#[test]
fn a_failed_load_leaves_no_transaction_open() {
    let conn = &mut *sample();
    conn.batch("DROP TABLE liked_toots");

    assert!(
        people::table
            .include(Person::LIKED_TOOTS)
            .load(conn)
            .run()
            .is_err()
    );

    assert_eq!(conn.depth(), None);
    assert!(
        people::table
            .include(Person::TOOTS)
            .load(conn)
            .run()
            .is_ok()
    );
}

#[test]
fn a_nullable_key_may_lead_nowhere() {
    let conn = &mut *sample_without_foreign_keys::<Conn>();
    conn.batch("DELETE FROM cities WHERE id = 2");

    let rows = people::table
        .order(people::id)
        .include(Person::RESIDENCE)
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(rows[0].1, None);
}
