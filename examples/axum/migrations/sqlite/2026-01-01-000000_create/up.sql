CREATE TABLE cities (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
CREATE TABLE people (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    birthplace_id INTEGER NOT NULL REFERENCES cities (id)
);
CREATE INDEX people_birthplace ON people (birthplace_id);
CREATE TABLE driving_licenses (
    id INTEGER PRIMARY KEY NOT NULL,
    number TEXT NOT NULL UNIQUE,
    owner_id INTEGER UNIQUE REFERENCES people (id)
);
CREATE TABLE toots (
    id INTEGER PRIMARY KEY NOT NULL,
    body TEXT NOT NULL,
    author_id INTEGER NOT NULL REFERENCES people (id)
);
CREATE INDEX toots_author ON toots (author_id);
CREATE TABLE liked_toots (
    person_id INTEGER NOT NULL REFERENCES people (id),
    toot_id INTEGER NOT NULL REFERENCES toots (id),
    PRIMARY KEY (person_id, toot_id)
);
CREATE INDEX liked_toots_toot ON liked_toots (toot_id);

INSERT INTO cities (name) VALUES ('Rome'), ('Oslo');
INSERT INTO people (name, birthplace_id) VALUES ('Ada', 1), ('Bob', 1), ('Cleo', 2);
INSERT INTO driving_licenses (number, owner_id) VALUES ('A-1', 1), ('B-2', 2);
INSERT INTO toots (body, author_id) VALUES ('hello', 1), ('rust', 1), ('diesel', 2);
INSERT INTO liked_toots (person_id, toot_id) VALUES (1, 3), (2, 1), (2, 2);
