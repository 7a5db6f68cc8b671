//! The associations, said once more and apart from the derive.

use super::catalog::{names, table};
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    HasOne,
    HasMany,
    BelongsTo,
    BelongsToMany,
}

type Scope = Vec<(&'static str, &'static str)>;

/// An association: `there = here`, and through a junction `other` and the
/// target's primary key.
#[derive(Debug)]
pub(super) struct Association {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) source: &'static str,
    pub(super) target: &'static str,
    pub(super) here: Vec<&'static str>,
    pub(super) there: Vec<&'static str>,
    pub(super) junction: Option<(&'static str, Vec<&'static str>, &'static str)>,
    /// Of the target.
    pub(super) scope: Scope,
    pub(super) through_scope: Scope,
}

impl Association {
    fn new(
        name: &'static str,
        kind: Kind,
        [source, here, target, there]: [&'static str; 4],
    ) -> Self {
        let (here, there) = (names(here), names(there));
        let (scope, through_scope) = (vec![], vec![]);
        Self {
            name,
            kind,
            source,
            target,
            here,
            there,
            junction: None,
            scope,
            through_scope,
        }
    }

    fn scoped(mut self, column: &'static str, literal: &'static str) -> Self {
        self.scope.push((column, literal));
        self
    }

    fn within(mut self, column: &'static str, literal: &'static str) -> Self {
        self.through_scope.push((column, literal));
        self
    }

    /// The tables that its answers are made of.
    pub(super) fn tables(&self) -> Vec<&'static str> {
        let junction = self.junction.as_ref().map(|junction| junction.0);
        [self.source, self.target]
            .into_iter()
            .chain(junction)
            .collect()
    }

    /// The columns that both ends have: who owns a row is said there.
    pub(super) fn shared(&self) -> impl Iterator<Item = &'static str> {
        let other = self
            .junction
            .as_ref()
            .map_or(&self.here, |junction| &junction.1);
        self.there
            .iter()
            .copied()
            .filter(|column| other.contains(column))
    }

    /// Whether unlinking can leave the row.
    pub(super) fn is_nullable(&self) -> bool {
        let (holder, columns) = match self.kind {
            Kind::BelongsTo => (table(self.source), &self.here),
            _ => (table(self.target), &self.there),
        };
        columns.iter().any(|column| holder.is_nullable(column))
    }
}

fn through(
    name: &'static str,
    [source, here, there, junction, other, target, payload]: [&'static str; 7],
) -> Association {
    let mut association =
        Association::new(name, Kind::BelongsToMany, [source, here, target, there]);
    association.junction = Some((junction, names(other), payload));
    association
}

#[rustfmt::skip]
pub(super) static ASSOCIATIONS: LazyLock<Vec<Association>> = LazyLock::new(|| {
    use Kind::*;
    let a = Association::new;
    let likes = ["people", "id", "person_id", "likes", "thing_id", "things", "weight"];
    let grants = ["people", "id", "person_id", "grants", "thing_id", "things", "weight"];
    let marks = ["people", "id", "person_id", "marks", "thing_id", "things", "weight"];
    let teams = ["users", "tenant_id id", "tenant_id user_id", "memberships", "tenant_id team_id", "teams", "weight"];
    let users = ["teams", "tenant_id id", "tenant_id team_id", "memberships", "tenant_id user_id", "users", "weight"];
    vec![
        a("Person::BOOKS", HasMany, ["people", "id", "books", "author_id"]),
        a("Book::AUTHOR", BelongsTo, ["books", "author_id", "people", "id"]),
        a("Person::LICENSE", HasOne, ["people", "id", "licenses", "owner_id"]),
        a("License::OWNER", BelongsTo, ["licenses", "owner_id", "people", "id"]),
        a("Person::PASSPORT", HasOne, ["people", "id", "passports", "person_id"]),
        through("Person::ROOMS", ["people", "id", "person_id", "seats", "room_id", "rooms", "place"]),
        through("Room::SITTERS", ["rooms", "id", "room_id", "seats", "person_id", "people", "place"]),
        through("Person::OWNED", grants).within("role", "'owner'"),
        through("Person::READABLE", grants).within("role", "'reader'"),
        through("Person::MARKED", marks).within("deleted", "FALSE"),
        through("Person::LIKED", likes),
        through("Person::RED_THINGS", likes).scoped("colour", "'red'"),
        through("Thing::LIKERS", ["things", "id", "thing_id", "likes", "person_id", "people", "weight"]),
        a("Thing::PARTS", HasMany, ["things", "id", "things", "parent_id"]),
        a("Thing::LIVE_PARTS", HasMany, ["things", "id", "things", "parent_id"]).scoped("gone", "NULL"),
        a("Thing::PARENT", BelongsTo, ["things", "parent_id", "things", "id"]),
        a("Town::SHOPS", HasMany, ["towns", "code", "shops", "town_code"]),
        a("Shop::TOWN", BelongsTo, ["shops", "town_code", "towns", "code"]),
        a("Town::MAYOR", HasOne, ["towns", "code", "mayors", "town_code"]),
        through("Town::CRAFTS", ["towns", "code", "town_code", "trades", "craft_code", "crafts", "weight"]),
        through("Craft::TOWNS", ["crafts", "code", "craft_code", "trades", "town_code", "towns", "weight"]),
        a("User::TASKS", HasMany, ["users", "tenant_id id", "tasks", "tenant_id user_id"]),
        a("Task::USER", BelongsTo, ["tasks", "tenant_id user_id", "users", "tenant_id id"]),
        a("User::NOTES", HasMany, ["users", "tenant_id id", "notes", "tenant_id user_id"]),
        a("User::REPORTS", HasMany, ["users", "tenant_id id", "users", "tenant_id boss_id"]),
        a("User::BOSS", BelongsTo, ["users", "tenant_id boss_id", "users", "tenant_id id"]),
        // below others alone
        a("Book::ROOM", BelongsTo, ["books", "room_id", "rooms", "id"]),
        a("Passport::PERSON", BelongsTo, ["passports", "person_id", "people", "id"]),
        a("Mayor::TOWN", BelongsTo, ["mayors", "town_code", "towns", "code"]),
        a("Note::USER", BelongsTo, ["notes", "tenant_id user_id", "users", "tenant_id id"]),
        through("User::TEAMS", teams),
        through("Team::USERS", users),
    ]
});

/// What stands below others alone.
const BELOW: [&str; 4] = [
    "Book::ROOM",
    "Passport::PERSON",
    "Mayor::TOWN",
    "Note::USER",
];

/// The associations that are written and asked.
pub(super) fn asked() -> impl Iterator<Item = &'static Association> {
    ASSOCIATIONS
        .iter()
        .filter(|association| !BELOW.contains(&association.name))
}

pub(super) fn association(name: &str) -> &'static Association {
    ASSOCIATIONS
        .iter()
        .find(|association| association.name == name)
        .unwrap()
}
