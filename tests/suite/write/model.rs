//! Random sequences of every write, against a model in memory, on the connection
//! `Conn` of the module around this one: the same on every engine.
//!
//! After each step all tables and all getters agree with the model. A failure
//! prints the shortest sequence that still fails. `ORM_STEPS` says how many
//! steps are taken, `ORM_SEED` from which seed.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, empty};
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, count_on};
use orm_tests::models::{City, DrivingLicense, LikedToot, Person, Toot};
use orm_tests::random::Random;
use orm_tests::schema::*;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: i32 = 5;
/// How many writes there are; on a server they take longer.
const STEPS: usize = if matches!(ENGINE, Engine::Sqlite) {
    10_000
} else {
    1_000
};
/// Steps on one database, so that a sequence stays short.
const RUN: usize = 50;

/// What is in the tables.
#[derive(Debug, Clone, Default, PartialEq)]
struct State {
    cities: BTreeSet<i32>,
    /// Birthplace, residence and boss.
    people: BTreeMap<i32, (i32, Option<i32>, Option<i32>)>,
    /// The owner.
    licenses: BTreeMap<i32, Option<i32>>,
    /// The author.
    toots: BTreeMap<i32, i32>,
    /// Since when, of person and toot.
    likes: BTreeMap<(i32, i32), String>,
    /// Follower and followed.
    follows: BTreeSet<(i32, i32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    NotFound,
    ForeignKey,
}

/// A write by the person with the first number.
#[derive(Debug, Clone)]
enum Step {
    SetLicense(i32, Option<i32>),
    SetLicenseDestroyPrevious(i32, Option<i32>),
    UnsetLicense(i32),
    DestroyLicense(i32),
    CreateLicense(i32),
    AddReports(i32, Vec<i32>),
    RemoveReports(i32, Vec<i32>),
    SetReports(i32, Vec<i32>),
    AddToots(i32, Vec<i32>),
    RemoveToots(i32, Vec<i32>),
    DestroyToots(i32, Vec<i32>),
    SetToots(i32, Vec<i32>),
    CreateToot(i32),
    SetBirthplace(i32, i32),
    SetResidence(i32, Option<i32>),
    UnsetResidence(i32),
    CreateResidence(i32),
    AddLiked(i32, Vec<i32>),
    AddLikedWith(i32, i32, u8),
    AddManyLikedWith(i32, Vec<i32>, u8),
    RemoveLiked(i32, Vec<i32>),
    SetLiked(i32, Vec<i32>),
    SetLikedWith(i32, Vec<i32>, u8),
    CreateLiked(i32),
    AddFollowers(i32, Vec<i32>),
    RemoveFollowing(i32, Vec<i32>),
    SetFollowing(i32, Vec<i32>),
}

const DEFAULT: &str = "2026-01-01";

impl State {
    fn start() -> Self {
        Self {
            cities: (1..=3).collect(),
            people: (1..=PEOPLE).map(|id| (id, (1, None, None))).collect(),
            licenses: (1..=4).map(|id| (id, None)).collect(),
            toots: (1..=5).map(|id| (id, 1 + id % PEOPLE)).collect(),
            ..Self::default()
        }
    }

    /// Deletes toots, unless one is liked.
    fn delete_toots(&mut self, toots: &[i32]) -> Result<(), Failure> {
        for toot in toots {
            self.toots.remove(toot);
        }
        let lost = self.likes.keys().any(|(_, toot)| toots.contains(toot));
        if lost {
            Err(Failure::ForeignKey)
        } else {
            Ok(())
        }
    }

    fn like(&mut self, person: i32, toots: &[i32], at: Option<&str>) -> Result<(), Failure> {
        for &toot in toots {
            if !self.toots.contains_key(&toot) {
                return Err(Failure::ForeignKey);
            }
            let since = self
                .likes
                .entry((person, toot))
                .or_insert_with(|| DEFAULT.into());
            if let Some(at) = at {
                at.clone_into(since);
            }
        }
        Ok(())
    }

    fn toots_of(&self, person: i32) -> Vec<i32> {
        let toots = self.toots.iter().filter(|(_, author)| **author == person);
        toots.map(|(toot, _)| *toot).collect()
    }

    fn set_license(
        &mut self,
        person: i32,
        license: Option<i32>,
        destroy: bool,
    ) -> Result<(), Failure> {
        let old: Vec<_> = self
            .licenses
            .iter()
            .filter(|(_, owner)| **owner == Some(person))
            .collect();
        let old: Vec<i32> = old
            .into_iter()
            .map(|(id, _)| *id)
            .filter(|id| Some(*id) != license)
            .collect();
        for id in old {
            if destroy {
                self.licenses.remove(&id);
            } else {
                self.licenses.insert(id, None);
            }
        }
        if let Some(license) = license {
            *self.licenses.get_mut(&license).ok_or(Failure::NotFound)? = Some(person);
        }
        Ok(())
    }

    fn add_reports(&mut self, boss: i32, reports: &[i32]) -> Result<(), Failure> {
        for report in reports {
            self.people.get_mut(report).ok_or(Failure::NotFound)?.2 = Some(boss);
        }
        Ok(())
    }

    fn remove_reports(&mut self, boss: i32, is_removed: impl Fn(&i32) -> bool) {
        for (id, person) in &mut self.people {
            if person.2 == Some(boss) && is_removed(id) {
                person.2 = None;
            }
        }
    }

    fn add_toots(&mut self, author: i32, toots: &[i32]) -> Result<(), Failure> {
        for toot in toots {
            *self.toots.get_mut(toot).ok_or(Failure::NotFound)? = author;
        }
        Ok(())
    }

    /// What a step does, which creates a row with this key; where it fails the
    /// state is not to be used.
    #[allow(clippy::too_many_lines, reason = "a line or two for each kind of step")]
    fn take(&mut self, step: &Step, created: i32) -> Result<(), Failure> {
        match step {
            Step::SetLicense(person, license) => self.set_license(*person, *license, false),
            Step::SetLicenseDestroyPrevious(person, license) => {
                self.set_license(*person, *license, true)
            }
            Step::UnsetLicense(person) => self.set_license(*person, None, false),
            Step::DestroyLicense(person) => self.set_license(*person, None, true),
            Step::CreateLicense(person) => {
                self.set_license(*person, None, false)?;
                self.licenses.insert(created, Some(*person));
                Ok(())
            }
            Step::AddReports(boss, reports) => self.add_reports(*boss, reports),
            Step::RemoveReports(boss, reports) => {
                self.remove_reports(*boss, |id| reports.contains(id));
                Ok(())
            }
            Step::SetReports(boss, reports) => {
                self.remove_reports(*boss, |id| !reports.contains(id));
                self.add_reports(*boss, reports)
            }
            Step::AddToots(author, toots) => self.add_toots(*author, toots),
            Step::RemoveToots(author, toots) | Step::DestroyToots(author, toots) => {
                let own = self.toots_of(*author);
                let removed: Vec<_> = own
                    .into_iter()
                    .filter(|toot| toots.contains(toot))
                    .collect();
                self.delete_toots(&removed)
            }
            Step::SetToots(author, toots) => {
                let own = self.toots_of(*author);
                let removed: Vec<_> = own
                    .into_iter()
                    .filter(|toot| !toots.contains(toot))
                    .collect();
                self.delete_toots(&removed)?;
                self.add_toots(*author, toots)
            }
            Step::CreateToot(author) => {
                self.toots.insert(created, *author);
                Ok(())
            }
            Step::SetBirthplace(person, city) => {
                if !self.cities.contains(city) {
                    return Err(Failure::ForeignKey);
                }
                self.person(*person).0 = *city;
                Ok(())
            }
            Step::SetResidence(person, city) => {
                if city.is_some_and(|city| !self.cities.contains(&city)) {
                    return Err(Failure::ForeignKey);
                }
                self.person(*person).1 = *city;
                Ok(())
            }
            Step::UnsetResidence(person) => {
                self.person(*person).1 = None;
                Ok(())
            }
            Step::CreateResidence(person) => {
                self.cities.insert(created);
                self.person(*person).1 = Some(created);
                Ok(())
            }
            Step::AddLiked(person, toots) => self.like(*person, toots, None),
            Step::AddLikedWith(person, toot, at) => {
                self.like(*person, &[*toot], Some(&at.to_string()))
            }
            Step::AddManyLikedWith(person, toots, at) => {
                self.like(*person, toots, Some(&at.to_string()))
            }
            Step::RemoveLiked(person, toots) => {
                self.likes
                    .retain(|(liker, toot), _| liker != person || !toots.contains(toot));
                Ok(())
            }
            Step::SetLiked(person, toots) => {
                self.likes
                    .retain(|(liker, toot), _| liker != person || toots.contains(toot));
                self.like(*person, toots, None)
            }
            Step::SetLikedWith(person, toots, at) => {
                self.likes
                    .retain(|(liker, toot), _| liker != person || toots.contains(toot));
                self.like(*person, toots, Some(&at.to_string()))
            }
            Step::CreateLiked(person) => {
                self.toots.insert(created, 1);
                self.like(*person, &[created], None)
            }
            Step::AddFollowers(followed, followers) => {
                for follower in followers {
                    if !self.people.contains_key(follower) {
                        return Err(Failure::ForeignKey);
                    }
                    self.follows.insert((*follower, *followed));
                }
                Ok(())
            }
            Step::RemoveFollowing(follower, others) => {
                self.follows
                    .retain(|(one, other)| one != follower || !others.contains(other));
                Ok(())
            }
            Step::SetFollowing(follower, others) => {
                self.follows
                    .retain(|(one, other)| one != follower || others.contains(other));
                for other in others {
                    if !self.people.contains_key(other) {
                        return Err(Failure::ForeignKey);
                    }
                    self.follows.insert((*follower, *other));
                }
                Ok(())
            }
        }
    }

    fn person(&mut self, id: i32) -> &mut (i32, Option<i32>, Option<i32>) {
        self.people.get_mut(&id).unwrap()
    }
}

#[derive(Insertable)]
#[diesel(table_name = driving_licenses)]
struct NewLicense {
    number: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = toots)]
struct NewToot {
    body: &'static str,
}

/// Takes the step on the database, and returns the key of the row that it
/// creates, if it does.
fn write(step: &Step, conn: &mut Conn) -> QueryResult<Option<i32>> {
    let mut person = |id: &i32| {
        let person = people::table.find(id).select(Person::as_select());
        person.get_result(conn).run().unwrap()
    };
    let done = match step {
        Step::SetLicense(id, license) => person(id).set_driving_license(*license, conn).run(),
        Step::SetLicenseDestroyPrevious(id, license) => person(id)
            .set_driving_license_destroy_previous(*license, conn)
            .run(),
        Step::UnsetLicense(id) => person(id).unset_driving_license(conn).run(),
        Step::DestroyLicense(id) => person(id).destroy_driving_license(conn).run().map(drop),
        Step::CreateLicense(id) => {
            let created = person(id)
                .create_driving_license(&NewLicense { number: "n" }, conn)
                .run();
            return created.map(|license| Some(license.id));
        }
        Step::AddReports(id, reports) => person(id).add_reports(reports, conn).run(),
        Step::RemoveReports(id, reports) => {
            person(id).remove_reports(reports, conn).run().map(drop)
        }
        Step::SetReports(id, reports) => person(id).set_reports(reports, conn).run(),
        Step::AddToots(id, toots) => person(id).add_toots(toots, conn).run(),
        Step::RemoveToots(id, toots) => person(id).remove_toots(toots, conn).run().map(drop),
        Step::DestroyToots(id, toots) => person(id).destroy_toots(toots, conn).run().map(drop),
        Step::SetToots(id, toots) => person(id).set_toots(toots, conn).run(),
        Step::CreateToot(id) => {
            let created = person(id).create_toot(&NewToot { body: "t" }, conn).run();
            return created.map(|toot| Some(toot.id));
        }
        Step::SetBirthplace(id, city) => person(id).set_birthplace(city, conn).run(),
        Step::SetResidence(id, city) => person(id).set_residence(*city, conn).run(),
        Step::UnsetResidence(id) => person(id).unset_residence(conn).run(),
        Step::CreateResidence(id) => {
            let created = person(id)
                .create_residence(cities::name.eq("c"), conn)
                .run();
            return created.map(|city| Some(city.id));
        }
        Step::AddLiked(id, toots) => person(id).add_liked_toots(toots, conn).run(),
        Step::AddLikedWith(id, toot, at) => {
            let payload = liked_toots::liked_at.eq(at.to_string());
            person(id).add_liked_toot_with(toot, payload, conn).run()
        }
        Step::AddManyLikedWith(id, toots, at) => {
            let payload = liked_toots::liked_at.eq(at.to_string());
            let pairs = toots.iter().map(|toot| (toot, payload.clone()));
            person(id).add_liked_toots_with(pairs, conn).run()
        }
        Step::RemoveLiked(id, toots) => person(id).remove_liked_toots(toots, conn).run().map(drop),
        Step::SetLiked(id, toots) => person(id).set_liked_toots(toots, conn).run(),
        Step::SetLikedWith(id, toots, at) => {
            let payload = liked_toots::liked_at.eq(at.to_string());
            let pairs = toots.iter().map(|toot| (toot, payload.clone()));
            person(id).set_liked_toots_with(pairs, conn).run()
        }
        Step::CreateLiked(id) => {
            let new = (toots::body.eq("t"), toots::author_id.eq(1));
            let created = person(id).create_liked_toot(new, conn).run();
            return created.map(|toot| Some(toot.id));
        }
        Step::AddFollowers(id, others) => person(id).add_followers(others, conn).run(),
        Step::RemoveFollowing(id, others) => {
            person(id).remove_following(others, conn).run().map(drop)
        }
        Step::SetFollowing(id, others) => person(id).set_following(others, conn).run(),
    };
    done.map(|()| None)
}

fn read(conn: &mut Conn) -> QueryResult<State> {
    let people: Vec<Person> = people::table.select(Person::as_select()).load(conn).run()?;
    let people = people.into_iter().map(|person| {
        (
            person.id,
            (person.birthplace_id, person.residence_id, person.boss_id),
        )
    });
    let licenses: Vec<DrivingLicense> = driving_licenses::table
        .select(DrivingLicense::as_select())
        .load(conn)
        .run()?;
    let toots: Vec<Toot> = toots::table.select(Toot::as_select()).load(conn).run()?;
    let likes: Vec<LikedToot> = liked_toots::table
        .select(LikedToot::as_select())
        .load(conn)
        .run()?;
    let cities: Vec<i32> = cities::table.select(cities::id).load(conn).run()?;
    let follows: Vec<(i32, i32)> = follows::table.load(conn).run()?;
    Ok(State {
        cities: cities.into_iter().collect(),
        people: people.collect(),
        licenses: licenses
            .into_iter()
            .map(|row| (row.id, row.owner_id))
            .collect(),
        toots: toots
            .into_iter()
            .map(|row| (row.id, row.author_id))
            .collect(),
        likes: likes
            .into_iter()
            .map(|row| ((row.person_id, row.toot_id), row.liked_at))
            .collect(),
        follows: follows.into_iter().collect(),
    })
}

/// Whether every getter agrees with the state, of all people at once and of one
/// by itself.
fn getters_agree(state: &State, one: i32, conn: &mut Conn) -> QueryResult<bool> {
    let rows = people::table
        .include((
            Person::DRIVING_LICENSE,
            Person::TOOTS,
            Person::BIRTHPLACE,
            Person::RESIDENCE,
            Person::LIKED_TOOTS,
            Person::REPORTS,
            Person::FOLLOWERS,
            Person::FOLLOWING,
        ))
        .load(conn)
        .run()?;
    let ids = |people: &[Person]| people.iter().map(|row| row.id).collect::<Vec<_>>();
    let toot_ids = |toots: &[Toot]| toots.iter().map(|row| row.id).collect::<Vec<_>>();
    for (person, license, toots, birthplace, residence, liked, reports, followers, following) in
        rows
    {
        let id = person.id;
        let (_, home, _) = state.people[&id];
        let likes = state.likes.keys().filter(|(liker, _)| *liker == id);
        let all_reports = state.people.iter().filter(|(_, other)| other.2 == Some(id));
        let follow = |own: bool| {
            let follows = state.follows.iter();
            let follows = follows.filter(move |pair| id == if own { pair.0 } else { pair.1 });
            follows
                .map(move |pair| if own { pair.1 } else { pair.0 })
                .collect::<Vec<_>>()
        };
        let mut followed_by = follow(false);
        followed_by.sort_unstable();
        let agrees = license.as_ref().map(|license| license.id)
            == state
                .licenses
                .iter()
                .find(|(_, owner)| **owner == Some(id))
                .map(|(license, _)| *license)
            && toot_ids(&toots) == state.toots_of(id)
            && birthplace.id == state.people[&id].0
            && residence.as_ref().map(|city| city.id) == home
            && toot_ids(&liked) == likes.map(|(_, toot)| *toot).collect::<Vec<_>>()
            && ids(&reports) == all_reports.map(|(other, _)| *other).collect::<Vec<_>>()
            && ids(&followers) == followed_by
            && ids(&following) == follow(true);
        if !agrees {
            return Ok(false);
        }
        if id == one {
            let agrees = person.driving_license(conn).run()? == license
                && person.toots(conn).run()? == toots
                && person.birthplace(conn).run()? == birthplace
                && person.residence(conn).run()? == residence
                && person.liked_toots(conn).run()? == liked
                && person.reports(conn).run()? == reports
                && person.followers(conn).run()? == followers
                && person.following(conn).run()? == following
                && usize::try_from(person.count_liked_toots(conn).run()?) == Ok(liked.len())
                && person.has_liked_toots(&liked, conn).run()?
                && person.has_toots(&toots, conn).run()?
                && person.has_reports(&reports, conn).run()?;
            if !agrees {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn person_of(step: &Step) -> i32 {
    let shown = format!("{step:?}");
    let number = shown.split(['(', ',', ')']).nth(1).unwrap_or_default();
    number.parse().unwrap_or(1)
}

fn database() -> Isolated<Conn> {
    let mut conn = empty();
    let state = State::start();
    for city in &state.cities {
        conn.batch(&format!("INSERT INTO cities VALUES ({city}, 'c')"));
    }
    for (id, (birthplace, ..)) in &state.people {
        conn.batch(&format!(
            "INSERT INTO people VALUES ({id}, 'p', {birthplace}, NULL, NULL, NULL)"
        ));
    }
    for id in state.licenses.keys() {
        conn.batch(&format!(
            "INSERT INTO driving_licenses VALUES ({id}, 'n', NULL)"
        ));
    }
    for (id, author) in &state.toots {
        conn.batch(&format!("INSERT INTO toots VALUES ({id}, 't', {author})"));
    }
    count_on(&mut *conn);
    conn
}

/// Takes the steps one after another, and says at which they went apart, and how.
fn run(steps: &[Step]) -> Result<(), (usize, String)> {
    let conn = &mut *database();
    let mut state = State::start();
    for (number, step) in steps.iter().enumerate() {
        let mut next = state.clone();
        let result = write(step, conn).map_err(|error| match error {
            Error::NotFound => Ok(Failure::NotFound),
            Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                Ok(Failure::ForeignKey)
            }
            other => Err(other),
        });
        let created = result.as_ref().ok().copied().flatten();
        let expected = next.take(step, created.unwrap_or_default());
        let result = result.map(drop);
        if result != expected.map_err(Ok) {
            return Err((
                number,
                format!("{step:?} is {result:?}, expected {expected:?}"),
            ));
        }
        if expected.is_ok() {
            state = next;
        }
        let read = read(conn);
        if read != Ok(state.clone()) {
            return Err((
                number,
                format!("{step:?} leaves {read:?}, expected {state:?}"),
            ));
        }
        if getters_agree(&state, person_of(step), conn) != Ok(true) {
            return Err((number, format!("the getters disagree after {step:?}")));
        }
    }
    Ok(())
}

/// The shortest sequence that still fails: steps are left out as long as it does.
fn shortest(mut steps: Vec<Step>) -> Vec<Step> {
    let mut place = 0;
    while place < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(place);
        match run(&fewer) {
            Err((last, _)) => {
                fewer.truncate(last + 1);
                steps = fewer;
            }
            Ok(()) => place += 1,
        }
    }
    steps
}

/// Random steps.
struct Steps(Random);

impl Steps {
    /// A number from one to `last`, or now and then one of nothing.
    fn id(&mut self, last: u64) -> i32 {
        if self.0.below(40) == 0 {
            99
        } else {
            i32::try_from(1 + self.0.below(last)).unwrap()
        }
    }

    fn ids(&mut self, last: u64) -> Vec<i32> {
        (0..self.0.below(4)).map(|_| self.id(last)).collect()
    }

    fn step(&mut self) -> Step {
        let person = i32::try_from(1 + self.0.below(5)).unwrap();
        let some = |id| (id % 5 != 0).then_some(id);
        let at = u8::try_from(self.0.below(9)).unwrap();
        match self.0.below(27) {
            0 => Step::SetLicense(person, some(self.id(6))),
            1 => Step::SetLicenseDestroyPrevious(person, some(self.id(6))),
            2 => Step::UnsetLicense(person),
            3 => Step::DestroyLicense(person),
            4 => Step::CreateLicense(person),
            5 => Step::AddReports(person, self.ids(5)),
            6 => Step::RemoveReports(person, self.ids(5)),
            7 => Step::SetReports(person, self.ids(5)),
            8 => Step::AddToots(person, self.ids(7)),
            9 => Step::RemoveToots(person, self.ids(7)),
            10 => Step::DestroyToots(person, self.ids(7)),
            11 => Step::SetToots(person, self.ids(7)),
            12 => Step::CreateToot(person),
            13 => Step::SetBirthplace(person, self.id(4)),
            14 => Step::SetResidence(person, some(self.id(4))),
            15 => Step::UnsetResidence(person),
            16 => Step::CreateResidence(person),
            17 => Step::AddLiked(person, self.ids(7)),
            18 => Step::AddLikedWith(person, self.id(7), at),
            19 => Step::AddManyLikedWith(person, self.ids(7), at),
            20 => Step::RemoveLiked(person, self.ids(7)),
            21 => Step::SetLiked(person, self.ids(7)),
            22 => Step::SetLikedWith(person, self.ids(7), at),
            23 => Step::CreateLiked(person),
            24 => Step::AddFollowers(person, self.ids(5)),
            25 => Step::RemoveFollowing(person, self.ids(5)),
            _ => Step::SetFollowing(person, self.ids(5)),
        }
    }
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

#[test]
fn random_writes_agree_with_the_model() {
    let steps = setting("ORM_STEPS", STEPS);
    let seed = setting("ORM_SEED", 7);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                for number in (worker..steps.div_ceil(RUN)).step_by(workers) {
                    let seed = seed * 1_000_003 + number;
                    let mut random = Steps(Random::new(u64::try_from(seed).unwrap()));
                    let mut steps: Vec<_> = (0..RUN).map(|_| random.step()).collect();
                    if let Err((last, _)) = run(&steps) {
                        steps.truncate(last + 1);
                        let steps = shortest(steps);
                        let how = run(&steps).unwrap_err().1;
                        panic!("{how}\nafter {steps:#?}");
                    }
                }
            });
        }
    });
}

/// The test can fail: a model that forgets a link is found out.
#[test]
fn a_model_that_is_wrong_is_found_out() {
    let conn = &mut *database();
    let mut state = State::start();
    let step = Step::AddLiked(1, vec![2]);
    write(&step, conn).unwrap();
    assert_ne!(read(conn), Ok(state.clone()));
    assert_eq!(getters_agree(&state, 1, conn), Ok(false));
    state.take(&step, 0).unwrap();
    assert_eq!(read(conn), Ok(state.clone()));
    assert_eq!(getters_agree(&state, 1, conn), Ok(true));
    let city: City = cities::table
        .select(City::as_select())
        .first(conn)
        .run()
        .unwrap();
    assert_eq!(city.id, 1);
}
