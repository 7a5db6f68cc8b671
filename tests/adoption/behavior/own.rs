//! The team's own methods, which are the same with the associations and without them.

use super::{database, film, krate, new_version, user};
use chrono::NaiveDate;
use diesel::prelude::*;
use orm_tests_adoption::models::*;
use orm_tests_adoption::schema::*;
use orm_tests_adoption::sql_types::{DependencyKind, OwnerKind, VersionState};
use std::fs;
use std::path::Path;

#[test]
fn own_methods_go_before_what_is_generated() {
    let conn = &mut database();
    let (ada, serde) = (user("ada", 1, conn), krate("serde", conn));
    let team = diesel::insert_into(teams::table)
        .values((teams::login.eq("github:serde"), teams::org_id.eq(1)))
        .returning(Team::as_returning())
        .get_result(conn)
        .unwrap();
    for (owner_id, owner_kind) in [(ada.id, OwnerKind::User), (team.id, OwnerKind::Team)] {
        let new = NewCrateOwner {
            crate_id: serde.id,
            owner_id,
            created_by: ada.id,
            owner_kind,
            email_notifications: true,
        };
        diesel::insert_into(crate_owners::table)
            .values(new)
            .execute(conn)
            .unwrap();
    }

    // the team's order of arguments
    assert_eq!(User::find(conn, ada.id), Ok(ada.clone()));
    let owners = serde.owners(conn).unwrap();
    assert_eq!(owners, [Owner::User(ada), Owner::Team(team)]);
}

#[test]
fn versions_and_what_they_need() {
    let conn = &mut database();
    let (serde, syn) = (krate("serde", conn), krate("syn", conn));
    let version = new_version(serde.id, "1.0.0").save(conn).unwrap();
    assert_eq!(version.state, VersionState::Published);
    let new = NewDependency {
        version_id: version.id,
        crate_id: syn.id,
        req: "^2".to_owned(),
        kind: DependencyKind::Build,
    };
    diesel::insert_into(dependencies::table)
        .values(&new)
        .execute(conn)
        .unwrap();

    assert_eq!(serde.find_version("1.0.0", conn), Ok(version.clone()));
    let needed = version.dependencies(conn).unwrap();
    assert_eq!(needed[0].0.kind, DependencyKind::Build);
    assert_eq!(needed[0].1, "syn");
    let reverse = ReverseDependency::of(syn.id, conn).unwrap();
    assert_eq!(reverse[0].name, "serde");
}

#[test]
fn changes_and_upserts() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let renamed = user("ada-l", 1, conn);
    assert_eq!((renamed.id, renamed.gh_login.as_str()), (ada.id, "ada-l"));

    let serde = krate("serde", conn);
    let update = UpdateCrate {
        description: Some("new".to_owned()),
        homepage: Some(None),
    };
    assert_eq!(update.apply(serde.id, conn), Ok(1));
    let serde = Crate::find_by_name("serde", conn).unwrap();
    assert_eq!(serde.description.as_deref(), Some("new"));

    let version = new_version(serde.id, "1.0.0").save(conn).unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    for _ in 0..3 {
        VersionDownload::bump(version.id, day, conn).unwrap();
    }
    let count = version_downloads::table.select(version_downloads::downloads);
    assert_eq!(count.first(conn), Ok(3));

    let keywords = Keyword::find_or_create_all(&["fast", "small"], conn).unwrap();
    let again = Keyword::find_or_create_all(&["small", "fast"], conn).unwrap();
    assert_eq!(keywords, again);
}

#[test]
fn a_selection_that_joins() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let public = || PublicUser::query().filter(users::gh_login.eq("ada"));
    assert_eq!(public().first(conn).unwrap().email, None);
    diesel::insert_into(emails::table)
        .values((
            emails::user_id.eq(ada.id),
            emails::email.eq("ada@example.com"),
        ))
        .execute(conn)
        .unwrap();
    let ada = public().first(conn).unwrap();
    assert_eq!(ada.email.as_deref(), Some("ada@example.com"));
    let talk = film("A talk", conn);
    assert_eq!(talk.language_id, 1);
}

/// All that the associations add stands in attributes of the models.
#[test]
fn what_is_added_are_attributes() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/models");
    let mut count = 0;
    for entry in fs::read_dir(models).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut parts = text.split("#[cfg_attr(");
        let mut before = parts.next().unwrap().to_owned();
        for part in parts {
            assert!(part.trim_start().starts_with("feature = \"associations\""));
            before += part.split_once(")]\n").unwrap().1;
            count += 1;
        }
        assert!(
            !before.contains("orm_core") && !before.contains("cfg"),
            "{before}"
        );
    }
    assert!(count >= 20);
}
