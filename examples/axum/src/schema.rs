//! The tables, as Diesel knows them.
#![allow(missing_docs, reason = "as `diesel print-schema` writes it")]

diesel::table! {
    cities (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
        birthplace_id -> Integer,
    }
}

diesel::table! {
    driving_licenses (id) {
        id -> Integer,
        number -> Text,
        owner_id -> Nullable<Integer>,
    }
}

diesel::table! {
    toots (id) {
        id -> Integer,
        body -> Text,
        author_id -> Integer,
    }
}

diesel::table! {
    liked_toots (person_id, toot_id) {
        person_id -> Integer,
        toot_id -> Integer,
    }
}

diesel::joinable!(driving_licenses -> people (owner_id));
diesel::joinable!(liked_toots -> people (person_id));
diesel::joinable!(liked_toots -> toots (toot_id));
diesel::joinable!(people -> cities (birthplace_id));
diesel::joinable!(toots -> people (author_id));

diesel::allow_tables_to_appear_in_same_query!(cities, driving_licenses, liked_toots, people, toots,);
