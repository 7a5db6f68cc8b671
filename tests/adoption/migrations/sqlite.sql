PRAGMA foreign_keys = ON;

CREATE TABLE actor (actor_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL);
CREATE TABLE language (language_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE film (
    film_id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    language_id INTEGER NOT NULL REFERENCES language (language_id),
    original_language_id INTEGER REFERENCES language (language_id),
    rating TEXT DEFAULT 'G'
);
CREATE TABLE film_actor (
    actor_id INTEGER NOT NULL REFERENCES actor (actor_id),
    film_id INTEGER NOT NULL REFERENCES film (film_id),
    last_update TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00',
    PRIMARY KEY (actor_id, film_id)
);
CREATE TABLE inventory (
    inventory_id INTEGER PRIMARY KEY,
    film_id INTEGER NOT NULL REFERENCES film (film_id),
    store_id SMALLINT NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    gh_login TEXT NOT NULL,
    name TEXT,
    gh_id INTEGER NOT NULL UNIQUE,
    gh_access_token TEXT NOT NULL
);
CREATE TABLE emails (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE REFERENCES users (id),
    email TEXT NOT NULL,
    verified BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE teams (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, org_id INTEGER NOT NULL);
CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    token BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00',
    last_used_at TIMESTAMP,
    revoked BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE crates (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00',
    description TEXT,
    homepage TEXT,
    documentation TEXT,
    readme TEXT,
    repository TEXT,
    max_features SMALLINT
);
CREATE TABLE reserved_crate_names (name TEXT PRIMARY KEY);
CREATE TABLE crate_downloads (crate_id INTEGER PRIMARY KEY REFERENCES crates (id), downloads BIGINT NOT NULL);
CREATE TABLE crate_owners (
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    owner_id INTEGER NOT NULL,
    created_by INTEGER REFERENCES users (id),
    deleted BOOLEAN NOT NULL DEFAULT FALSE,
    owner_kind INTEGER NOT NULL,
    email_notifications BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (crate_id, owner_id, owner_kind)
);
CREATE TABLE owner_note (
    id INTEGER PRIMARY KEY,
    crate_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    owner_kind INTEGER NOT NULL,
    note TEXT NOT NULL,
    FOREIGN KEY (crate_id, owner_id, owner_kind) REFERENCES crate_owners (crate_id, owner_id, owner_kind)
);
CREATE TABLE follows (
    user_id INTEGER NOT NULL REFERENCES users (id),
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    PRIMARY KEY (user_id, crate_id)
);
CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    parent_id INTEGER REFERENCES comment (id),
    content TEXT NOT NULL
);

CREATE TABLE keywords (id INTEGER PRIMARY KEY, keyword TEXT NOT NULL UNIQUE, crates_cnt INTEGER NOT NULL DEFAULT 0);
CREATE TABLE crates_keywords (
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    keyword_id INTEGER NOT NULL REFERENCES keywords (id),
    PRIMARY KEY (crate_id, keyword_id)
);
CREATE TABLE categories (id INTEGER PRIMARY KEY, category TEXT NOT NULL, slug TEXT NOT NULL UNIQUE);
CREATE TABLE crates_categories (
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    category_id INTEGER NOT NULL REFERENCES categories (id),
    PRIMARY KEY (crate_id, category_id)
);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    num TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00',
    yanked BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL DEFAULT 'published',
    published_by INTEGER REFERENCES users (id),
    checksum TEXT NOT NULL,
    UNIQUE (crate_id, num)
);
CREATE TABLE default_versions (
    crate_id INTEGER PRIMARY KEY REFERENCES crates (id),
    version_id INTEGER NOT NULL UNIQUE REFERENCES versions (id)
);
CREATE TABLE version_downloads (
    version_id INTEGER NOT NULL REFERENCES versions (id),
    downloads INTEGER NOT NULL DEFAULT 1,
    date DATE NOT NULL DEFAULT '2026-01-01',
    PRIMARY KEY (version_id, date)
);
CREATE TABLE dependencies (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES versions (id),
    crate_id INTEGER NOT NULL REFERENCES crates (id),
    req TEXT NOT NULL,
    optional BOOLEAN NOT NULL DEFAULT FALSE,
    kind INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE build_status (
    version_id INTEGER NOT NULL REFERENCES versions (id),
    target TEXT NOT NULL,
    succeeded BOOLEAN NOT NULL,
    PRIMARY KEY (version_id, target)
);
CREATE TABLE build_log (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    line TEXT NOT NULL,
    FOREIGN KEY (version_id, target) REFERENCES build_status (version_id, target)
);
