//! The junctions of the random test, the new rows, and keys as text.

use super::prelude::*;
use super::schema::*;

/// Declares a junction's model: its two keys and its payload.
macro_rules! junctions {
    ($($model:ident $table:ident ($($key:ident: $type:ty),+) $payload:ident;)+) => {$(
        #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
        #[diesel(table_name = $table, primary_key($($key),+))]
        pub(super) struct $model {
            $(pub(super) $key: $type,)+
            pub(super) $payload: i32,
        }

        impl Payload for $model {
            fn payload(&self) -> i32 {
                self.$payload
            }
        }
    )+};
}

/// What a junction says of a pair.
pub(super) trait Payload {
    fn payload(&self) -> i32;
}

junctions! {
    Seat seats (person_id: i32, room_id: i32) place;
    Grant grants (person_id: i32, thing_id: i32) weight;
    Mark marks (id: i32, person_id: i32, thing_id: i32) weight;
    Like likes (person_id: i32, thing_id: i32) weight;
    Trade trades (town_code: String, craft_code: String) weight;
    Membership memberships (tenant_id: i32, user_id: i32, team_id: i32) weight;
}

/// A key as text: its parts with dots between.
pub(super) trait KeyText: Sized {
    fn from_text(text: &str) -> Self;
    fn to_text(&self) -> String;
}

impl KeyText for i32 {
    fn from_text(text: &str) -> Self {
        text.parse().unwrap()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl KeyText for String {
    fn from_text(text: &str) -> Self {
        text.to_owned()
    }

    fn to_text(&self) -> String {
        self.clone()
    }
}

impl KeyText for (i32, i32) {
    fn from_text(text: &str) -> Self {
        let (one, two) = text.split_once('.').unwrap();
        (i32::from_text(one), i32::from_text(two))
    }

    fn to_text(&self) -> String {
        format!("{}.{}", self.0, self.1)
    }
}

/// A row that a test can name.
pub(super) trait Named: Sized {
    type Key: KeyText;

    fn key(&self) -> Self::Key;
    fn name(&self) -> &str;

    /// All rows, and the one with this key.
    fn all(conn: &mut super::Conn) -> QueryResult<Vec<Self>>;
    fn at(key: &str, conn: &mut super::Conn) -> QueryResult<Option<Self>> {
        let mut rows = Self::all(conn)?.into_iter();
        Ok(rows.find(|row| row.key().to_text().eq_ignore_ascii_case(key)))
    }
}

macro_rules! named {
    ($($model:ident $table:ident $type:ty = $row:ident: $key:expr;)+) => {$(
        impl Named for $model {
            type Key = $type;

            fn key(&self) -> $type {
                let $row = self;
                $key
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn all(conn: &mut super::Conn) -> QueryResult<Vec<Self>> {
                $table::table.select(Self::as_select()).load(conn).run()
            }
        }
    )+};
}

named! {
    Person people i32 = row: row.id;
    Room rooms i32 = row: row.id;
    Thing things i32 = row: row.id;
    Book books i32 = row: row.id;
    License licenses i32 = row: row.id;
    Passport passports i32 = row: row.id;
    Town towns String = row: row.code.clone();
    Craft crafts String = row: row.code.clone();
    Shop shops i32 = row: row.id;
    Mayor mayors i32 = row: row.id;
    User users (i32, i32) = row: (row.tenant_id, row.id);
    Team teams (i32, i32) = row: (row.tenant_id, row.id);
    Task tasks (i32, i32) = row: (row.tenant_id, row.id);
    Note notes i32 = row: row.id;
}

/// What a new row is given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    /// The columns of the key that are its own, or none for a counted key.
    pub(super) id: Option<String>,
    pub(super) name: String,
    /// The foreign key of somebody else, which the association does not let pass.
    pub(super) carried: Option<String>,
}

impl Values {
    fn part<T: KeyText>(text: Option<&String>, place: usize) -> Option<T> {
        text.and_then(|text| text.split('.').nth(place))
            .map(T::from_text)
    }

    fn id<T: KeyText>(&self, place: usize) -> Option<T> {
        Self::part(self.id.as_ref(), place)
    }

    fn carried<T: KeyText>(&self, place: usize) -> Option<T> {
        Self::part(self.carried.as_ref(), place)
    }

    #[allow(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "as the others"
    )]
    fn text(&self, text: &str) -> Option<String> {
        Some(text.to_owned())
    }
}

/// A new row of these values.
pub(super) trait New {
    fn new(values: &Values) -> Self;
}

macro_rules! new_rows {
    ($($new:ident of $table:ident { $($field:ident: $type:ty = $get:ident($arg:expr)),* })+) => {$(
        #[derive(Insertable, Debug, Clone)]
        #[diesel(table_name = $table)]
        pub(super) struct $new {
            $($field: Option<$type>,)*
            name: String,
        }

        impl New for $new {
            fn new(values: &Values) -> Self {
                Self { $($field: values.$get($arg),)* name: values.name.clone() }
            }
        }
    )+};
}

new_rows! {
    NewPerson of people { id: i32 = id(0) }
    NewRoom of rooms { id: i32 = id(0) }
    NewThing of things { id: i32 = id(0) }
    GreenThing of things { id: i32 = id(0), colour: String = text("green") }
    FullThing of things { id: i32 = id(0), parent_id: i32 = carried(0) }
    GoneThing of things { id: i32 = id(0), parent_id: i32 = carried(0), gone: i32 = carried(0) }
    NewBook of books { id: i32 = id(0) }
    FullBook of books { id: i32 = id(0), author_id: i32 = carried(0) }
    NewLicense of licenses { id: i32 = id(0) }
    FullLicense of licenses { id: i32 = id(0), owner_id: i32 = carried(0) }
    NewPassport of passports { id: i32 = id(0) }
    FullPassport of passports { id: i32 = id(0), person_id: i32 = carried(0) }
    NewTown of towns { code: String = id(0) }
    NewCraft of crafts { code: String = id(0) }
    NewShop of shops { id: i32 = id(0) }
    FullShop of shops { id: i32 = id(0), town_code: String = carried(0) }
    NewMayor of mayors { id: i32 = id(0) }
    FullMayor of mayors { id: i32 = id(0), town_code: String = carried(0) }
    NewUser of users { tenant_id: i32 = id(0), id: i32 = id(1) }
    NewReport of users { id: i32 = id(0) }
    FullReport of users { tenant_id: i32 = carried(0), id: i32 = id(0), boss_id: i32 = carried(1) }
    NewTeam of teams { tenant_id: i32 = id(0), id: i32 = id(1) }
    NewTask of tasks { id: i32 = id(0) }
    FullTask of tasks { tenant_id: i32 = carried(0), id: i32 = id(0), user_id: i32 = carried(1) }
    RootTask of tasks { tenant_id: i32 = id(0), id: i32 = id(1) }
    NewNote of notes { id: i32 = id(0) }
    FullNote of notes { id: i32 = id(0), tenant_id: i32 = carried(0), user_id: i32 = carried(1) }
}
