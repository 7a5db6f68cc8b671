//! The tables, in the form in which `diesel print-schema` writes them.

diesel::table! {
    actor (actor_id) {
        actor_id -> Integer,
        first_name -> Text,
        last_name -> Text,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Integer,
        user_id -> Integer,
        token -> Binary,
        name -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked -> Bool,
    }
}

diesel::table! {
    build_log (id) {
        id -> BigInt,
        version_id -> Integer,
        target -> Text,
        line -> Text,
    }
}

diesel::table! {
    build_status (version_id, target) {
        version_id -> Integer,
        target -> Text,
        succeeded -> Bool,
    }
}

diesel::table! {
    categories (id) {
        id -> Integer,
        category -> Text,
        slug -> Text,
    }
}

diesel::table! {
    comment (id) {
        id -> Integer,
        creator_id -> Integer,
        crate_id -> Integer,
        parent_id -> Nullable<Integer>,
        content -> Text,
    }
}

diesel::table! {
    crate_downloads (crate_id) {
        crate_id -> Integer,
        downloads -> BigInt,
    }
}

diesel::table! {
    crate_owners (crate_id, owner_id, owner_kind) {
        crate_id -> Integer,
        owner_id -> Integer,
        created_by -> Nullable<Integer>,
        deleted -> Bool,
        owner_kind -> Integer,
        email_notifications -> Bool,
    }
}

diesel::table! {
    crates (id) {
        id -> Integer,
        name -> Text,
        created_at -> Timestamp,
        description -> Nullable<Text>,
        homepage -> Nullable<Text>,
        documentation -> Nullable<Text>,
        readme -> Nullable<Text>,
        repository -> Nullable<Text>,
        max_features -> Nullable<SmallInt>,
    }
}

diesel::table! {
    crates_categories (crate_id, category_id) {
        crate_id -> Integer,
        category_id -> Integer,
    }
}

diesel::table! {
    crates_keywords (crate_id, keyword_id) {
        crate_id -> Integer,
        keyword_id -> Integer,
    }
}

diesel::table! {
    default_versions (crate_id) {
        crate_id -> Integer,
        version_id -> Integer,
    }
}

diesel::table! {
    dependencies (id) {
        id -> Integer,
        version_id -> Integer,
        crate_id -> Integer,
        req -> Text,
        optional -> Bool,
        kind -> Integer,
    }
}

diesel::table! {
    emails (id) {
        id -> Integer,
        user_id -> Integer,
        email -> Text,
        verified -> Bool,
    }
}

diesel::table! {
    film (film_id) {
        film_id -> Integer,
        title -> Text,
        language_id -> Integer,
        original_language_id -> Nullable<Integer>,
        rating -> Nullable<Text>,
    }
}

diesel::table! {
    film_actor (actor_id, film_id) {
        actor_id -> Integer,
        film_id -> Integer,
        last_update -> Timestamp,
    }
}

diesel::table! {
    follows (user_id, crate_id) {
        user_id -> Integer,
        crate_id -> Integer,
    }
}

diesel::table! {
    inventory (inventory_id) {
        inventory_id -> Integer,
        film_id -> Integer,
        store_id -> SmallInt,
    }
}

diesel::table! {
    keywords (id) {
        id -> Integer,
        keyword -> Text,
        crates_cnt -> Integer,
    }
}

diesel::table! {
    language (language_id) {
        language_id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    owner_note (id) {
        id -> Integer,
        crate_id -> Integer,
        owner_id -> Integer,
        owner_kind -> Integer,
        note -> Text,
    }
}

diesel::table! {
    reserved_crate_names (name) {
        name -> Text,
    }
}

diesel::table! {
    teams (id) {
        id -> Integer,
        login -> Text,
        org_id -> Integer,
    }
}

diesel::table! {
    users (id) {
        id -> Integer,
        gh_login -> Text,
        name -> Nullable<Text>,
        gh_id -> Integer,
        gh_access_token -> Text,
    }
}

diesel::table! {
    version_downloads (version_id, date) {
        version_id -> Integer,
        downloads -> Integer,
        date -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::VersionStateSql;

    versions (id) {
        id -> Integer,
        crate_id -> Integer,
        num -> Text,
        created_at -> Timestamp,
        yanked -> Bool,
        state -> VersionStateSql,
        published_by -> Nullable<Integer>,
        checksum -> Text,
    }
}

diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(build_status -> versions (version_id));
diesel::joinable!(comment -> crates (crate_id));
diesel::joinable!(comment -> users (creator_id));
diesel::joinable!(crate_downloads -> crates (crate_id));
diesel::joinable!(crate_owners -> crates (crate_id));
diesel::joinable!(crate_owners -> teams (owner_id));
diesel::joinable!(crate_owners -> users (owner_id));
diesel::joinable!(crates_categories -> categories (category_id));
diesel::joinable!(crates_categories -> crates (crate_id));
diesel::joinable!(crates_keywords -> crates (crate_id));
diesel::joinable!(crates_keywords -> keywords (keyword_id));
diesel::joinable!(default_versions -> crates (crate_id));
diesel::joinable!(default_versions -> versions (version_id));
diesel::joinable!(dependencies -> crates (crate_id));
diesel::joinable!(dependencies -> versions (version_id));
diesel::joinable!(emails -> users (user_id));
diesel::joinable!(film_actor -> actor (actor_id));
diesel::joinable!(film_actor -> film (film_id));
diesel::joinable!(follows -> crates (crate_id));
diesel::joinable!(follows -> users (user_id));
diesel::joinable!(inventory -> film (film_id));
diesel::joinable!(version_downloads -> versions (version_id));
diesel::joinable!(versions -> crates (crate_id));
diesel::joinable!(versions -> users (published_by));

diesel::allow_tables_to_appear_in_same_query!(
    actor,
    api_tokens,
    build_log,
    build_status,
    categories,
    comment,
    crate_downloads,
    crate_owners,
    crates,
    crates_categories,
    crates_keywords,
    default_versions,
    dependencies,
    emails,
    film,
    film_actor,
    follows,
    inventory,
    keywords,
    language,
    owner_note,
    reserved_crate_names,
    teams,
    users,
    version_downloads,
    versions,
);
