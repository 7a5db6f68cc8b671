//! Each question in every way there is.

use super::Conn;
use super::answers::Ask;
use super::catalog::table;
use super::junctions::*;
use super::part::{Part, respelled};
use super::prelude::*;
use super::schema::*;
use super::state::{State, pick, text};
use super::truth::Truth;
use diesel::dsl::not;
use orm_tests::connection::TestConnection;

/// Asks of the association; the questions that are answered wrong, and how.
pub(super) fn ask(name: &str, part: Part, state: &State, conn: &mut Conn) -> Vec<(String, String)> {
    ask_after(name, part, state, "", conn)
}

/// What is asked of every kind.
macro_rules! all_kinds {
    ($ask:ident $conn:ident $part:ident $below:ident $Source:ident::$CONST:ident ($table:ident $pk:expr)
        $Target:ident ($to:ident $tpk:expr) $Below:ident::$BELOW:ident) => {{
        type Key = <$Source as Named>::Key;
        let sources = $Source::all($conn).unwrap();
        let ways = [(true, "the whole table"), (false, "some")];
        for (is_whole, of) in $part.of(&ways) {
            // boxed, so that there is one type to compile
            let query = || match *is_whole {
                true => $table::table.order($pk).into_boxed(),
                false => $table::table
                    .filter($table::name.ne("?"))
                    .order($pk)
                    .into_boxed(),
            };
            let rows = query().include($Source::$CONST).load($conn).run();
            $ask.rows(&format!("include of {of}"), rows);
            let nested = $Source::$CONST
                .filter($to::name.ne("?"))
                .order($tpk)
                .include($Below::$BELOW);
            let rows = query().include(nested).load($conn).run();
            $ask.nested(&format!("nested, refined include of {of}"), &$below, rows);
            let nested = $Source::$CONST.include($Below::$BELOW);
            let rows = query().include(nested).load($conn).run();
            $ask.nested(&format!("nested include of {of}"), &$below, rows);
            let rows = query()
                .include($Source::$CONST.required())
                .load($conn)
                .run();
            $ask.required(&format!("required include of {of}"), rows);
            let tree = ($Source::$CONST.counted(), $Source::$CONST.existing());
            match query().include(tree).load($conn).run() {
                Ok(rows) => {
                    for (source, count, existing) in rows {
                        let key = source.key().to_text();
                        $ask.number(&format!("counted of {of}"), &key, Ok(count));
                        $ask.exists(&format!("existing of {of}"), &key, Ok(existing));
                    }
                }
                Err(error) => $ask.wrong("counted", error.to_string()),
            }
        }
        let rows = $Source::$CONST.load_for(&sources, $conn).run();
        $ask.rows(
            "load_for",
            rows.map(|rows| sources.iter().cloned().zip(rows).collect()),
        );
        let whole = || $table::table;
        let any = $Source::$CONST.any($to::name.ne("?"));
        $ask.sources(
            "any",
            true,
            whole().filter(any).select($pk).load::<Key>($conn).run(),
        );
        $ask.sources(
            "not any",
            false,
            whole()
                .filter(not(any))
                .select($pk)
                .load::<Key>($conn)
                .run(),
        );
        let none = $Source::$CONST.none($to::name.ne("?"));
        $ask.sources(
            "none",
            false,
            whole().filter(none).select($pk).load::<Key>($conn).run(),
        );
        match whole()
            .select(($pk, $Source::$CONST.count()))
            .load::<(Key, i64)>($conn)
            .run()
        {
            Ok(counts) => {
                for (key, count) in counts {
                    $ask.number("count in a query", &key.to_text(), Ok(count));
                }
            }
            Err(error) => $ask.wrong("count in a query", error.to_string()),
        }
        let existing = whole()
            .filter($Source::$CONST.exists())
            .select($pk)
            .load::<Key>($conn)
            .run();
        match existing {
            Ok(existing) => {
                let existing: Vec<_> = existing.iter().map(KeyText::to_text).collect();
                for source in &sources {
                    let key = source.key().to_text();
                    $ask.exists("exists", &key, Ok(existing.contains(&key)));
                }
            }
            Err(error) => $ask.wrong("exists", error.to_string()),
        }
        sources
    }};
}

/// A join, which of a self-reference has an alias.
macro_rules! join {
    ($ask:ident $conn:ident $Source:ident::$CONST:ident $pk:expr, $Target:ident $tpk:expr, aliased $($column:expr),+) => {
        let target = $Source::$CONST.target();
        let query = $Source::$CONST.inner_join().select(($pk, ($(target.field($column)),+)));
        $ask.pairs("inner_join", query.load::<(<$Source as Named>::Key, <$Target as Named>::Key)>($conn).run());
    };
    ($ask:ident $conn:ident $Source:ident::$CONST:ident $pk:expr, $Target:ident $tpk:expr,) => {
        let query = $Source::$CONST.inner_join().select(($pk, $tpk));
        $ask.pairs("inner_join", query.load::<(<$Source as Named>::Key, <$Target as Named>::Key)>($conn).run());
    };
}

macro_rules! associations {
    ($($name:literal: $Source:ident::$CONST:ident ($table:ident $pk:expr) -> $Target:ident ($to:ident $tpk:expr)
        below $Below:ident::$BELOW:ident $below:literal; $getter:ident $query:ident
        $(many $count:ident $has:ident $has_all:ident)? $(through $Junction:ident $with:ident)?
        $(aliased $column:expr $(, $columns:expr)*)?;)+) => {
        /// Asks of the association what is true before `meanwhile`, which is SQL;
        /// the questions that are answered wrong, and how.
        #[allow(clippy::too_many_lines, reason = "a line or two for each question")]
        pub(super) fn ask_after(
            name: &str,
            part: Part,
            state: &State,
            meanwhile: &str,
            conn: &mut Conn,
        ) -> Vec<(String, String)> {
            match name {
                $($name => {
                    let below = Truth::new(state, $below, conn);
                    let mut ask = Ask::new(Truth::new(state, name, conn));
                    if !ask.truth.agrees(state) {
                        ask.wrong("the model", format!("{:?} is not what is in memory", ask.truth));
                    }
                    if !meanwhile.is_empty() {
                        conn.batch(meanwhile);
                    }
                    let sources = all_kinds!(ask conn part below $Source::$CONST ($table $pk)
                        $Target ($to $tpk) $Below::$BELOW);
                    join!(ask conn $Source::$CONST $pk, $Target $tpk, $(aliased $column $(, $columns)*)?);
                    $(
                        const _: &str = stringify!($count);
                        let first = $Source::$CONST.order($tpk).limit(1);
                        let rows = $table::table.filter($table::name.ne("?")).include(first).load(conn).run();
                        ask.first_of_each("limit of each", rows);
                    )?
                    $(
                        let tree = $Source::$CONST.with_through::<$Junction>();
                        ask.through("with_through", $table::table.include(tree).load(conn).run());
                    )?
                    for source in part.of(&sources) {
                        let key = source.key().to_text();
                        ask.of_one("getter", &key, source.$getter(conn).run());
                        let query = source.$query().select($Target::as_select());
                        ask.query("query", &key, query.load::<$Target>(conn).run());
                        $(
                            ask.number("count", &key, source.$count(conn).run());
                            type Key = <$Target as Named>::Key;
                            let linked = ask.truth.of(&key).to_vec();
                            let has = source.$has_all(respelled::<Key>(&linked), conn).run();
                            if has != Ok(true) {
                                ask.wrong("has all", format!("{has:?} of {key}"));
                            }
                            let others = state.rows(stringify!($to)).iter();
                            let others = others.map(|row| text(&pick(table(stringify!($to)), row, table(stringify!($to)).key())));
                            if let Some(other) = others.filter(|other| !linked.contains(other)).next() {
                                let has = source.$has(Key::from_text(&other), conn).run();
                                if has != Ok(false) {
                                    ask.wrong("has", format!("{has:?} of {key} and {other}"));
                                }
                            }
                        )?
                        $(
                            ask.of_one_through("getter with_through", &key, source.$with(conn).run());
                        )?
                    }
                    ask.wrong
                })+
                other => panic!("{other} is not asked"),
            }
        }
    };
}

associations! {
    "Person::BOOKS": Person::BOOKS (people people::id) -> Book (books books::id)
        below Book::ROOM "Book::ROOM"; books books_query many count_books has_book has_books;
    "Book::AUTHOR": Book::AUTHOR (books books::id) -> Person (people people::id)
        below Person::LICENSE "Person::LICENSE"; author author_query;
    "Person::LICENSE": Person::LICENSE (people people::id) -> License (licenses licenses::id)
        below License::OWNER "License::OWNER"; license license_query;
    "License::OWNER": License::OWNER (licenses licenses::id) -> Person (people people::id)
        below Person::BOOKS "Person::BOOKS"; owner owner_query;
    "Person::PASSPORT": Person::PASSPORT (people people::id) -> Passport (passports passports::id)
        below Passport::PERSON "Passport::PERSON"; passport passport_query;
    "Person::ROOMS": Person::ROOMS (people people::id) -> Room (rooms rooms::id)
        below Room::SITTERS "Room::SITTERS"; rooms rooms_query many count_rooms has_room has_rooms
        through Seat rooms_with_through;
    "Room::SITTERS": Room::SITTERS (rooms rooms::id) -> Person (people people::id)
        below Person::LICENSE "Person::LICENSE"; sitters sitters_query many count_sitters has_sitter has_sitters
        through Seat sitters_with_through;
    "Person::OWNED": Person::OWNED (people people::id) -> Thing (things things::id)
        below Thing::LIKERS "Thing::LIKERS"; owned owned_query many count_owned has_one_owned has_owned
        through Grant owned_with_through;
    "Person::READABLE": Person::READABLE (people people::id) -> Thing (things things::id)
        below Thing::PARENT "Thing::PARENT"; readable readable_query
        many count_readable has_one_readable has_readable through Grant readable_with_through;
    "Person::MARKED": Person::MARKED (people people::id) -> Thing (things things::id)
        below Thing::PARTS "Thing::PARTS"; marked marked_query many count_marked has_one_marked has_marked
        through Mark marked_with_through;
    "Person::LIKED": Person::LIKED (people people::id) -> Thing (things things::id)
        below Thing::LIKERS "Thing::LIKERS"; liked liked_query many count_liked has_one_liked has_liked
        through Like liked_with_through;
    "Person::RED_THINGS": Person::RED_THINGS (people people::id) -> Thing (things things::id)
        below Thing::LIKERS "Thing::LIKERS"; red_things red_things_query
        many count_red_things has_red_thing has_red_things through Like red_things_with_through;
    "Thing::LIKERS": Thing::LIKERS (things things::id) -> Person (people people::id)
        below Person::RED_THINGS "Person::RED_THINGS"; likers likers_query many count_likers has_liker has_likers
        through Like likers_with_through;
    "Thing::PARTS": Thing::PARTS (things things::id) -> Thing (things things::id)
        below Thing::PARENT "Thing::PARENT"; parts parts_query many count_parts has_part has_parts
        aliased things::id;
    "Thing::LIVE_PARTS": Thing::LIVE_PARTS (things things::id) -> Thing (things things::id)
        below Thing::PARTS "Thing::PARTS"; live_parts live_parts_query
        many count_live_parts has_live_part has_live_parts aliased things::id;
    "Thing::PARENT": Thing::PARENT (things things::id) -> Thing (things things::id)
        below Thing::PARTS "Thing::PARTS"; parent parent_query aliased things::id;
    "Town::SHOPS": Town::SHOPS (towns towns::code) -> Shop (shops shops::id)
        below Shop::TOWN "Shop::TOWN"; shops shops_query many count_shops has_shop has_shops;
    "Shop::TOWN": Shop::TOWN (shops shops::id) -> Town (towns towns::code)
        below Town::MAYOR "Town::MAYOR"; town town_query;
    "Town::MAYOR": Town::MAYOR (towns towns::code) -> Mayor (mayors mayors::id)
        below Mayor::TOWN "Mayor::TOWN"; mayor mayor_query;
    "Town::CRAFTS": Town::CRAFTS (towns towns::code) -> Craft (crafts crafts::code)
        below Craft::TOWNS "Craft::TOWNS"; crafts crafts_query many count_crafts has_craft has_crafts
        through Trade crafts_with_through;
    "Craft::TOWNS": Craft::TOWNS (crafts crafts::code) -> Town (towns towns::code)
        below Town::SHOPS "Town::SHOPS"; towns towns_query many count_towns has_town has_towns
        through Trade towns_with_through;
    "User::TASKS": User::TASKS (users (users::tenant_id, users::id)) -> Task (tasks (tasks::tenant_id, tasks::id))
        below Task::USER "Task::USER"; tasks tasks_query many count_tasks has_task has_tasks;
    "Task::USER": Task::USER (tasks (tasks::tenant_id, tasks::id)) -> User (users (users::tenant_id, users::id))
        below User::BOSS "User::BOSS"; user user_query;
    "User::NOTES": User::NOTES (users (users::tenant_id, users::id)) -> Note (notes notes::id)
        below Note::USER "Note::USER"; notes notes_query many count_notes has_note has_notes;
    "User::REPORTS": User::REPORTS (users (users::tenant_id, users::id)) -> User (users (users::tenant_id, users::id))
        below User::BOSS "User::BOSS"; reports reports_query many count_reports has_report has_reports
        aliased users::tenant_id, users::id;
    "User::BOSS": User::BOSS (users (users::tenant_id, users::id)) -> User (users (users::tenant_id, users::id))
        below User::TEAMS "User::TEAMS"; boss boss_query aliased users::tenant_id, users::id;
    "User::TEAMS": User::TEAMS (users (users::tenant_id, users::id)) -> Team (teams (teams::tenant_id, teams::id))
        below Team::USERS "Team::USERS"; teams teams_query many count_teams has_team has_teams
        through Membership teams_with_through;
    "Team::USERS": Team::USERS (teams (teams::tenant_id, teams::id)) -> User (users (users::tenant_id, users::id))
        below User::TASKS "User::TASKS"; users users_query many count_users has_user has_users
        through Membership users_with_through;
}
