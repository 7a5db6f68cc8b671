DROP TABLE liked_toots;
DROP TABLE toots;
DROP TABLE driving_licenses;
DROP TABLE people;
DROP TABLE cities;
