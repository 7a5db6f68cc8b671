//! The tables as SQL, and the rows at the start.

/// Each table and its columns, as SQLite writes them.
pub(super) const TABLES: [(&str, &str); 20] = [
    ("people", "id INTEGER PRIMARY KEY, name TEXT NOT NULL"),
    ("rooms", "id INTEGER PRIMARY KEY, name TEXT NOT NULL"),
    (
        "things",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, colour TEXT NOT NULL DEFAULT 'blue', \
         parent_id INTEGER, gone INTEGER",
    ),
    (
        "seats",
        "person_id INTEGER NOT NULL REFERENCES people (id), \
         room_id INTEGER NOT NULL REFERENCES rooms (id), place INTEGER NOT NULL DEFAULT 1, \
         PRIMARY KEY (person_id, room_id), UNIQUE (room_id, place)",
    ),
    (
        "books",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, author_id INTEGER NOT NULL, \
         room_id INTEGER NOT NULL DEFAULT 1",
    ),
    (
        "licenses",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_id INTEGER",
    ),
    (
        "passports",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, person_id INTEGER NOT NULL",
    ),
    (
        "grants",
        "person_id INTEGER NOT NULL, thing_id INTEGER NOT NULL, role TEXT NOT NULL DEFAULT 'reader', \
         weight INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (person_id, thing_id)",
    ),
    (
        "marks",
        "id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, thing_id INTEGER NOT NULL REFERENCES things (id), \
         deleted BOOLEAN NOT NULL DEFAULT FALSE, weight INTEGER NOT NULL DEFAULT 0, \
         UNIQUE (person_id, thing_id)",
    ),
    (
        "likes",
        "person_id INTEGER NOT NULL, thing_id INTEGER NOT NULL, weight INTEGER NOT NULL DEFAULT 0, \
         PRIMARY KEY (person_id, thing_id)",
    ),
    (
        "towns",
        "code TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, name TEXT NOT NULL",
    ),
    (
        "crafts",
        "code TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, name TEXT NOT NULL",
    ),
    (
        "shops",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, town_code TEXT COLLATE NOCASE",
    ),
    (
        "mayors",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, town_code TEXT COLLATE NOCASE",
    ),
    (
        "trades",
        "town_code TEXT COLLATE NOCASE NOT NULL, craft_code TEXT COLLATE NOCASE NOT NULL, \
         weight INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (town_code, craft_code)",
    ),
    (
        "users",
        "tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, boss_id INTEGER, \
         PRIMARY KEY (tenant_id, id)",
    ),
    (
        "teams",
        "tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (tenant_id, id)",
    ),
    (
        "memberships",
        "tenant_id INTEGER NOT NULL, user_id INTEGER NOT NULL, team_id INTEGER NOT NULL, \
         weight INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tenant_id, user_id, team_id)",
    ),
    (
        "tasks",
        "tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, user_id INTEGER, \
         PRIMARY KEY (tenant_id, id)",
    ),
    (
        "notes",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, tenant_id INTEGER, user_id INTEGER",
    ),
];

/// The rows at the start of every sequence.
pub(super) const ROWS: &str = "
    INSERT INTO people (id, name) VALUES (1, 'p1'), (2, 'p2'), (3, 'p3');
    INSERT INTO rooms (id, name) VALUES (1, 'r1'), (2, 'r2'), (3, 'r3');
    INSERT INTO things (id, name, colour, parent_id, gone) VALUES
        (1, 't1', 'red', NULL, NULL), (2, 't2', 'blue', 1, NULL), (3, 't3', 'red', NULL, 5);
    INSERT INTO seats (person_id, room_id, place) VALUES (1, 1, 1);
    INSERT INTO books (id, name, author_id, room_id) VALUES (1, 'b1', 1, 1), (2, 'b2', 1, 2), (3, 'b3', 2, 1);
    INSERT INTO licenses (id, name, owner_id) VALUES (1, 'l1', 1), (2, 'l2', 2), (3, 'l3', NULL);
    INSERT INTO passports (id, name, person_id) VALUES (1, 'q1', 1);
    INSERT INTO grants (person_id, thing_id, role, weight) VALUES (1, 1, 'reader', 0), (1, 2, 'owner', 0);
    INSERT INTO marks (id, person_id, thing_id, deleted, weight) VALUES (1, 1, 1, TRUE, 0), (2, 1, 2, FALSE, 0);
    INSERT INTO likes (person_id, thing_id, weight) VALUES (1, 1, 0), (1, 2, 0), (2, 1, 0);
    INSERT INTO towns (code, name) VALUES ('Ada', 'a'), ('bob', 'b');
    INSERT INTO crafts (code, name) VALUES ('Ink', 'i'), ('oak', 'o');
    INSERT INTO shops (id, name, town_code) VALUES (1, 's1', 'Ada'), (2, 's2', 'BOB'), (3, 's3', NULL);
    INSERT INTO mayors (id, name, town_code) VALUES (1, 'm1', 'ada'), (2, 'm2', NULL);
    INSERT INTO trades (town_code, craft_code, weight) VALUES ('Ada', 'Ink', 7), ('bob', 'oak', 7);
    INSERT INTO users (tenant_id, id, name, boss_id) VALUES (1, 1, 'u11', NULL), (1, 2, 'u12', 1), (2, 1, 'u21', NULL);
    INSERT INTO teams (tenant_id, id, name) VALUES (1, 1, 'g11'), (1, 2, 'g12'), (2, 1, 'g21');
    INSERT INTO memberships (tenant_id, user_id, team_id, weight) VALUES (1, 1, 1, 0), (2, 1, 1, 0);
    INSERT INTO tasks (tenant_id, id, name, user_id) VALUES (1, 1, 'k11', 1), (1, 2, 'k12', NULL), (2, 1, 'k21', 1);
    INSERT INTO notes (id, name, tenant_id, user_id) VALUES (1, 'n1', 1, 1), (2, 'n2', 1, NULL), (3, 'n3', 2, 1);
";
