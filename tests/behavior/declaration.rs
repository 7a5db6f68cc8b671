//! What is declared: names, places and the constant data.

use diesel::prelude::*;
use orm_core::association::{AssociationInfo, AssociationKind};
use orm_core::prelude::*;
use orm_tests::database::with_tables;
use orm_tests::models::{Comment, Person, Toot};

fn info<M: Model>(name: &str) -> &'static AssociationInfo {
    M::ASSOCIATIONS
        .iter()
        .find(|association| association.name == name)
        .unwrap()
}

#[test]
fn associations_are_constant_data() {
    const COUNT: usize = Person::ASSOCIATIONS.len();
    assert_eq!(COUNT, 11);

    let license = info::<Person>("driving_license");
    assert_eq!(license.kind, AssociationKind::HasOne);
    assert_eq!(
        (license.source_table, license.source_key),
        ("people", &["id"][..])
    );
    assert_eq!(
        (license.target_table, license.target_key),
        ("driving_licenses", &["owner_id"][..])
    );
    assert!(license.nullable && license.junction.is_none());

    let toots = info::<Person>("toots");
    assert_eq!(
        (toots.kind, toots.nullable),
        (AssociationKind::HasMany, false)
    );

    let birthplace = info::<Person>("birthplace");
    assert_eq!(birthplace.kind, AssociationKind::BelongsTo);
    assert_eq!(
        (birthplace.source_key, birthplace.target_key),
        (&["birthplace_id"][..], &["id"][..])
    );
    assert!(!birthplace.nullable && info::<Person>("residence").nullable);

    let likes = info::<Person>("liked_toots");
    assert_eq!(
        (likes.kind, likes.target_key),
        (AssociationKind::BelongsToMany, &["id"][..])
    );
    let junction = likes.junction.unwrap();
    assert_eq!((junction.table, junction.nullable), ("liked_toots", false));
    assert_eq!(
        (junction.foreign_key, junction.other_key),
        (&["person_id"][..], &["toot_id"][..])
    );
    assert_eq!(
        info::<Person>("followers").junction.unwrap().table,
        "follows"
    );

    assert_eq!(Comment::ASSOCIATIONS[0].kind.to_string(), "belongs_to");
    assert_eq!(Toot::TABLE, "toots");
}

mod words {
    //! Plurals, and words that have none.
    use super::*;

    diesel::table! { newsrooms (id) { id -> Integer, } }
    diesel::table! { news (id) { id -> Integer, newsroom_id -> Integer, } }
    diesel::table! { sheep (id) { id -> Integer, newsroom_id -> Integer, } }
    diesel::table! { analyses (id) { id -> Integer, newsroom_id -> Integer, } }
    diesel::table! { children (id) { id -> Integer, newsroom_id -> Integer, } }
    diesel::table! { categories (id) { id -> Integer, newsroom_id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(
        newsrooms, news, sheep, analyses, children, categories
    );

    #[derive(Model, Queryable, Selectable)]
    #[has_many(News)]
    #[has_many(Sheep, name = flock, singular = sheep, foreign_key = newsroom_id)]
    #[has_many(Analysis)]
    #[has_many(Child)]
    #[has_many(Category)]
    pub(super) struct Newsroom {
        pub(super) id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    #[diesel(table_name = news)]
    pub(super) struct News {
        pub(super) id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    #[diesel(table_name = sheep)]
    pub(super) struct Sheep {
        pub(super) id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    #[diesel(table_name = analyses)]
    pub(super) struct Analysis {
        pub(super) id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    #[diesel(table_name = children)]
    pub(super) struct Child {
        pub(super) id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    #[diesel(table_name = categories)]
    pub(super) struct Category {
        pub(super) id: i32,
    }
}

#[test]
fn english_names() {
    let conn = &mut *with_tables::<SqliteConnection>(
        "CREATE TABLE newsrooms (id INTEGER PRIMARY KEY);
         CREATE TABLE news (id INTEGER PRIMARY KEY, newsroom_id INTEGER);
         CREATE TABLE sheep (id INTEGER PRIMARY KEY, newsroom_id INTEGER);
         CREATE TABLE analyses (id INTEGER PRIMARY KEY, newsroom_id INTEGER);
         CREATE TABLE children (id INTEGER PRIMARY KEY, newsroom_id INTEGER);
         CREATE TABLE categories (id INTEGER PRIMARY KEY, newsroom_id INTEGER);
         INSERT INTO news VALUES (1, 1), (2, 1), (3, 2);
         INSERT INTO sheep VALUES (1, 1);
         INSERT INTO analyses VALUES (1, 1);
         INSERT INTO children VALUES (1, 1);
         INSERT INTO categories VALUES (1, 1);",
    );
    let room = words::Newsroom { id: 1 };

    let news = room.news(conn).unwrap();
    assert_eq!(news.iter().map(|news| news.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(room.count_news(conn), Ok(2));
    assert_eq!(room.has_news(1, conn), Ok(true), "one");
    assert_eq!(room.has_news(&news[0], conn), Ok(true), "one row");
    assert_eq!(room.has_news([1, 2], conn), Ok(true), "several");
    assert_eq!(room.has_news(&news, conn), Ok(true), "several rows");
    assert_eq!(room.has_news([1, 3], conn), Ok(false));
    assert_eq!(room.has_sheep(1, conn), Ok(true));
    assert_eq!(room.has_flock([1], conn), Ok(true));
    assert_eq!(room.has_analysis(1, conn), Ok(true));
    assert_eq!(room.has_child(1, conn), Ok(true));
    assert_eq!(room.count_categories(conn), Ok(1));
}

mod odd {
    //! Tables in a schema, renamed tables and columns, raw identifiers, and
    //! models that are apart.
    #![allow(unused_qualifications, reason = "the paths are the subject")]
    use super::*;

    pub(super) mod tables {
        diesel::table! {
            main.boxes (id) {
                id -> Integer,
                #[sql_name = "type"]
                type_ -> Integer,
            }
        }
        diesel::table! {
            #[sql_name = "kind_table"]
            kinds (r#type) {
                r#type -> Integer,
                title -> Text,
            }
        }
        diesel::allow_tables_to_appear_in_same_query!(boxes, kinds);
    }

    pub(super) mod storage {
        use super::tables::boxes;
        use super::*;

        #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
        #[diesel(table_name = boxes)]
        #[belongs_to_one(super::catalog::Kind, name = r#type, foreign_key = type_)]
        pub(in super::super) struct Crate {
            #[diesel(column_name = "id")]
            pub(in super::super) number: i32,
            #[diesel(column_name = type_)]
            pub(in super::super) kind: i32,
        }
    }

    pub(super) mod catalog {
        use super::*;

        #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
        #[diesel(table_name = super::tables::kinds, primary_key(r#type))]
        #[has_many(super::storage::Crate, foreign_key = super::tables::boxes::type_)]
        pub(in super::super) struct Kind {
            pub(in super::super) r#type: i32,
            pub(in super::super) title: String,
        }
    }
}

#[test]
fn odd_names_and_places() {
    let conn = &mut *with_tables::<SqliteConnection>(
        "CREATE TABLE boxes (id INTEGER PRIMARY KEY, type INTEGER);
         CREATE TABLE kind_table (type INTEGER PRIMARY KEY, title TEXT NOT NULL);
         INSERT INTO kind_table VALUES (1, 'wood'), (2, 'steel');
         INSERT INTO boxes VALUES (7, 1), (8, 2);",
    );
    let wood = odd::catalog::Kind {
        r#type: 1,
        title: "wood".into(),
    };
    let seven = odd::storage::Crate { number: 7, kind: 1 };

    assert_eq!(wood.crates(conn).as_deref(), Ok(&[seven][..]));
    let seven = odd::storage::Crate { number: 7, kind: 1 };
    assert_eq!(seven.r#type(conn).as_ref(), Ok(&wood));
    assert_eq!(seven.type_query().count().get_result::<i64>(conn), Ok(1));
    assert_eq!(
        odd::catalog::Kind::CRATES
            .inner_join()
            .count()
            .get_result::<i64>(conn),
        Ok(2)
    );
    let association = &odd::storage::Crate::ASSOCIATIONS[0];
    assert_eq!(
        (association.name, association.source_key),
        ("type", &["type"][..])
    );
}

mod singular_tables {
    //! Tables that are not the plural of their models, and methods that the models have already.
    use super::*;

    pub(super) mod schema {
        diesel::table! { film (id) { id -> Integer, } }
        diesel::table! { actor (id) { id -> Integer, } }
        diesel::table! { film_actor (film_id, actor_id) { film_id -> Integer, actor_id -> Integer, } }
        diesel::table! { film_text (id) { id -> Integer, film -> Integer, body -> Text, } }
        diesel::allow_tables_to_appear_in_same_query!(film, actor, film_actor, film_text);
    }

    #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
    #[diesel(table_name = schema::film)]
    #[has_many(FilmText, name = texts, table = schema::film_text, foreign_key = film, except(add_text, texts_query))]
    #[belongs_to_many(
        Actor,
        through = FilmActor,
        table = schema::film_actor::table,
        only(actors, set_actors, actors_with_through)
    )]
    pub(super) struct Film {
        pub(super) id: i32,
    }

    impl Film {
        /// What the team calls adding a text.
        pub(super) fn add_text(&self) -> String {
            format!("a text of {}", self.id)
        }

        pub(super) fn count_actors(&self) -> i32 {
            self.id + 6
        }
    }

    #[derive(Model, Queryable, Selectable, Clone, Debug, PartialEq)]
    #[diesel(table_name = schema::film_text)]
    #[belongs_to_one(Film, foreign_key = film, name = of_film)]
    pub(super) struct FilmText {
        pub(super) id: i32,
        pub(super) film: i32,
    }

    #[derive(Model, Queryable, Selectable, Clone, Debug, PartialEq)]
    #[diesel(table_name = schema::actor)]
    pub(super) struct Actor {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Clone, Debug, PartialEq)]
    #[diesel(table_name = schema::film_actor, primary_key(film_id, actor_id))]
    pub(super) struct FilmActor {
        pub(super) film_id: i32,
        pub(super) actor_id: i32,
    }
}

#[test]
fn a_table_of_another_name_is_said_once_and_methods_are_left_out() -> QueryResult<()> {
    use singular_tables::*;
    let conn = &mut *with_tables::<SqliteConnection>(
        "CREATE TABLE film (id INTEGER PRIMARY KEY);
         CREATE TABLE actor (id INTEGER PRIMARY KEY);
         CREATE TABLE film_actor (
             film_id INTEGER NOT NULL, actor_id INTEGER NOT NULL, PRIMARY KEY (film_id, actor_id));
         CREATE TABLE film_text (id INTEGER PRIMARY KEY, film INTEGER NOT NULL, body TEXT);
         INSERT INTO film VALUES (1);
         INSERT INTO actor VALUES (1), (2);
         INSERT INTO film_text VALUES (5, 1, 'long ago');",
    );
    let film = Film::find(1, conn)?;
    let text = FilmText { id: 5, film: 1 };
    assert_eq!(film.texts(conn)?, std::slice::from_ref(&text));
    assert_eq!(text.of_film(conn)?, film);
    film.set_actors([2, 1], conn)?;
    assert_eq!(film.actors(conn)?, [Actor { id: 1 }, Actor { id: 2 }]);
    let pairs = film.actors_with_through(conn)?;
    assert_eq!(pairs[0].0.actor_id, 1);
    // the team's own
    assert_eq!(
        (film.add_text().as_str(), film.count_actors()),
        ("a text of 1", 7)
    );
    Ok(())
}
