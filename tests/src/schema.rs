// @generated automatically by Diesel CLI.

diesel::table! {
    cities (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> Integer,
        post_id -> Integer,
        body -> Text,
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
    follows (follower_id, followed_id) {
        follower_id -> Integer,
        followed_id -> Integer,
    }
}

diesel::table! {
    liked_toots (person_id, toot_id) {
        person_id -> Integer,
        toot_id -> Integer,
        liked_at -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
        birthplace_id -> Integer,
        residence_id -> Nullable<Integer>,
        boss_id -> Nullable<Integer>,
        predecessor_id -> Nullable<Integer>,
    }
}

diesel::table! {
    posts (id) {
        id -> Integer,
        title -> Text,
    }
}

diesel::table! {
    toots (id) {
        id -> Integer,
        body -> Text,
        author_id -> Integer,
    }
}

diesel::joinable!(comments -> posts (post_id));
diesel::joinable!(driving_licenses -> people (owner_id));
diesel::joinable!(liked_toots -> people (person_id));
diesel::joinable!(liked_toots -> toots (toot_id));
diesel::joinable!(toots -> people (author_id));

diesel::allow_tables_to_appear_in_same_query!(
    cities,
    comments,
    driving_licenses,
    follows,
    liked_toots,
    people,
    posts,
    toots,
);
