//! What the attributes add.

use super::{database, film, krate, new_version, user};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::Error;
use orm_core::assert_queries;
use orm_core::include::Find;
use orm_core::prelude::*;
use orm_tests_adoption::models::*;
use orm_tests_adoption::schema::*;
use orm_tests_adoption::sql_types::{DependencyKind, OwnerKind, VersionState};

/// A row that is inserted by the team's `Insertable`, whose own key leads to nobody.
const NOBODY: i32 = 999;

#[test]
fn the_key_of_the_association_goes_before_that_of_the_values() {
    let conn = &mut database();
    let (ada, serde) = (user("ada", 1, conn), krate("serde", conn));

    let version = assert_queries!(conn, 1, {
        serde.create_version(new_version(NOBODY, "1.0.0"), conn)
    })
    .unwrap();
    assert_eq!(version.crate_id, serde.id);
    assert_eq!(version.state, VersionState::Published);
    assert_eq!(version.published_by, None);

    // over a key that may be NULL, and leads from the other end
    let other = ada
        .create_published_version(new_version(serde.id, "1.0.1"), conn)
        .unwrap();
    assert_eq!(other.published_by, Some(ada.id));
    assert_eq!(serde.count_versions(conn), Ok(2));

    let token = NewApiToken {
        user_id: NOBODY,
        name: "ci".to_owned(),
        token: vec![1, 2, 3],
    };
    let token = assert_queries!(conn, 1, { ada.create_api_token(&token, conn) }).unwrap();
    assert_eq!(token.user_id, ada.id);
    assert_eq!(token.user(conn), Ok(ada.clone()));
    assert_eq!(ada.api_tokens(conn).unwrap(), [token]);

    let comment = NewComment {
        creator_id: NOBODY,
        crate_id: serde.id,
        parent_id: Some(NOBODY),
        content: "nice",
    };
    let no_parent = NewComment {
        parent_id: None,
        ..comment
    };
    let comment_of_ada = ada.create_comment(no_parent, conn).unwrap();
    assert_eq!(comment_of_ada.creator_id, ada.id);
    let by_ada = NewComment {
        creator_id: ada.id,
        ..comment
    };
    let reply = comment_of_ada.create_reply(by_ada, conn).unwrap();
    assert_eq!(reply.parent_id, Some(comment_of_ada.id));
    assert_eq!(reply.parent(conn), Ok(Some(comment_of_ada.clone())));
    assert_eq!(comment_of_ada.replies(conn).unwrap(), [reply]);

    // a key of two columns
    let status = BuildStatus {
        version_id: NOBODY,
        target: "x86_64".to_owned(),
        succeeded: true,
    };
    let status = version.create_build_status(&status, conn).unwrap();
    let line = BuildLog {
        id: 1,
        version_id: NOBODY,
        target: "nowhere".to_owned(),
        line: "Compiling".to_owned(),
    };
    let line = status.create_line(&line, conn).unwrap();
    assert_eq!(
        (line.version_id, line.target.as_str()),
        (version.id, "x86_64")
    );
    assert_eq!(line.build(conn), Ok(status.clone()));
    assert_eq!(status.version(conn), Ok(version.clone()));

    // a primary key that is the foreign key, on a model in the form of Diesel 1
    let downloads = CrateDownload {
        crate_id: NOBODY,
        total: 7,
    };
    let downloads = serde.create_crate_download(&downloads, conn).unwrap();
    assert_eq!((downloads.crate_id, downloads.total), (serde.id, 7));
    let default = DefaultVersion {
        crate_id: NOBODY,
        version_id: version.id,
    };
    let default = serde.create_default_version(&default, conn).unwrap();
    assert_eq!(default.crate_id, serde.id);
    let day = VersionDownload {
        version_id: NOBODY,
        count: 3,
        date: NaiveDate::from_ymd_opt(2026, 1, 2).unwrap(),
    };
    let day = version.create_daily_download(&day, conn).unwrap();
    assert_eq!((day.version_id, day.count), (version.id, 3));
}

#[test]
fn junctions_of_uneven_names() {
    let conn = &mut database();
    let (serde, rand) = (krate("serde", conn), krate("rand", conn));
    let keywords = Keyword::find_or_create_all(&["fast", "small"], conn).unwrap();
    let (fast, small) = (&keywords[0], &keywords[1]);

    assert_queries!(conn, 1, { serde.add_keywords(&keywords, conn) }).unwrap();
    rand.add_keyword(fast, conn).unwrap();
    assert_eq!(serde.keywords(conn), Ok(keywords.clone()));
    assert_eq!(fast.count_crates(conn), Ok(2));
    assert_eq!(rand.has_keyword(small, conn), Ok(false));
    let named = crates::table
        .filter(Crate::KEYWORDS.any(keywords::keyword.eq("small")))
        .select(Crate::as_select());
    let found = assert_queries!(conn, 1, { named.load(conn) }).unwrap();
    assert_eq!(found, [serde.clone()]);

    let category = Category {
        id: 1,
        category: "Parsing".to_owned(),
        slug: "parsing".to_owned(),
    };
    let category = serde.create_category(&category, conn).unwrap();
    assert_eq!(category.crates(conn), Ok(vec![serde.clone()]));

    let talk = film("A talk", conn);
    let actor = Actor {
        actor_id: 7,
        first_name: "Ada".to_owned(),
        last_name: "L".to_owned(),
    };
    let actor = talk.create_actor(&actor, conn).unwrap();
    assert_eq!(actor.films(conn).unwrap(), [talk.clone()]);
    let (link, _) = &talk.actors_with_through(conn).unwrap()[0];
    assert_eq!((link.actor_id, link.film_id), (7, talk.film_id));
    assert_eq!(talk.language(conn).unwrap().name, "English");
    assert_eq!(talk.original_language(conn), Ok(None));
    let copy = Inventory {
        inventory_id: 1,
        film_id: NOBODY,
        store_id: 2,
    };
    assert_eq!(talk.create_copy(&copy, conn).unwrap().film_id, talk.film_id);
}

#[test]
fn an_enum_in_the_key_of_a_junction() {
    let conn = &mut database();
    let (ada, serde) = (user("ada", 1, conn), krate("serde", conn));
    // the team's `Insertable` has the keys and the kind in it; those of the association are written
    let new = NewCrateOwner {
        crate_id: NOBODY,
        owner_id: NOBODY,
        created_by: ada.id,
        owner_kind: OwnerKind::Team,
        email_notifications: false,
    };
    serde.add_user_owner_with(&ada, new, conn).unwrap();

    assert_eq!(serde.owners(conn).unwrap(), [Owner::User(ada.clone())]);
    assert_eq!(serde.user_owners(conn).unwrap(), [ada.clone()]);
    assert_eq!(serde.count_team_owners(conn), Ok(0));
    assert_eq!(ada.owned_crates(conn).unwrap(), [serde.clone()]);
    let owner = &serde.crate_owners(conn).unwrap()[0];
    assert!(!owner.email_notifications);
    assert_eq!(owner.owner_kind, OwnerKind::User);
    // the row may be one of a team: an `Option`
    assert_eq!(owner.user(conn), Ok(Some(ada.clone())));
    assert_eq!(owner.team(conn), Ok(None));
    assert_eq!(owner.inviter(conn), Ok(Some(ada.clone())));
    let key = (serde.id, ada.id, OwnerKind::User);
    assert_eq!(CrateOwner::find(key, conn).as_ref(), Ok(owner));
    let note = OwnerNote {
        id: 1,
        crate_id: NOBODY,
        owner_id: NOBODY,
        owner_kind: OwnerKind::Team,
        note: "asked first".to_owned(),
    };
    let note = owner.create_note(note, conn).unwrap();
    assert_eq!(note.owner_kind, OwnerKind::User);
    let query = crates::table.include((
        Crate::CRATE_OWNERS.include((
            CrateOwner::USER,
            CrateOwner::NOTES.include(OwnerNote::OWNER),
        )),
        Crate::USER_OWNERS.with_through::<CrateOwner>(),
        Crate::TEAM_OWNERS.counted(),
    ));
    let expected = (
        serde.clone(),
        (
            vec![(
                owner.clone(),
                Some(ada.clone()),
                vec![(note.clone(), owner.clone())],
            )],
            vec![(owner.clone(), ada.clone())],
            0,
        ),
    );
    let rows = query.load(conn).unwrap();
    assert_eq!(rows.len(), 1);
    let (krate, owners, users, teams) = rows.into_iter().next().unwrap();
    assert_eq!((krate, (owners, users, teams)), expected);
    let written = CrateOwner::NOTES.any(owner_note::note.like("asked%"));
    let owners = crate_owners::table.filter(written).count();
    assert_eq!(owners.get_result(conn), Ok(1));
    assert_eq!(owner.destroy_note(&note, conn), Ok(1));
    assert_eq!(serde.remove_user_owner(&ada, conn), Ok(1));
    assert_eq!(serde.owners(conn).unwrap(), []);
}

#[test]
fn a_page_of_crates() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let (serde, syn) = (krate("serde", conn), krate("syn", conn));
    let keywords = Keyword::find_or_create_all(&["fast"], conn).unwrap();
    serde.add_keywords(&keywords, conn).unwrap();
    let old = ada.create_published_version(new_version(serde.id, "1.0.0"), conn);
    let old = old.unwrap();
    let new = serde
        .create_version(new_version(serde.id, "1.0.1"), conn)
        .unwrap();
    let needed = NewDependency {
        version_id: NOBODY,
        crate_id: syn.id,
        req: "^2".to_owned(),
        kind: DependencyKind::Normal,
    };
    let needed = old.create_requirement(&needed, conn).unwrap();

    let tree = || {
        (
            Crate::VERSIONS.order(versions::id.desc()).include((
                Version::PUBLISHER,
                Version::REQUIREMENTS.include(Dependency::KRATE),
            )),
            Crate::KEYWORDS,
        )
    };
    // crates, versions, publishers, requirements, their crates, and a junction's two
    let query = || crates::table.order(crates::id).include(tree());
    let rows = assert_queries!(conn, 7, { query().load(conn) }).unwrap();
    let expected = vec![
        (
            serde.clone(),
            vec![
                (new.clone(), None, vec![]),
                (
                    old.clone(),
                    Some(ada.clone()),
                    vec![(needed.clone(), syn.clone())],
                ),
            ],
            keywords.clone(),
        ),
        (syn.clone(), vec![], vec![]),
    ];
    assert_eq!(rows, expected);

    // one row, of the team's own query
    let first = Crate::query()
        .filter(crates::name.eq("serde"))
        .include(tree())
        .first(conn);
    assert_eq!(first.as_ref(), Ok(&expected[0]));
    let all = Crate::query().include(tree()).load(conn);
    assert_eq!(all, Ok(expected));
    let none = Crate::query().filter(crates::id.eq(NOBODY)).include(tree());
    assert_eq!(none.first(conn), Err(Error::NotFound));
    let found = assert_queries!(conn, 1, { Crate::find(serde.id, conn) });
    assert_eq!(found, Ok(serde.clone()));
    // the team's `User::find` is another; the associations' is there by its trait
    assert_eq!(<User as Find>::find(ada.id, conn), Ok(ada.clone()));
    assert_eq!(User::find(conn, ada.id), Ok(ada));
}

#[derive(Include, Debug, Clone, PartialEq)]
#[include(Crate)]
struct Card {
    #[include(row)]
    krate: Crate,
    #[include(association = versions, order = versions::id.desc(), limit = 1)]
    latest: Vec<TopCard>,
    #[include(count = followers)]
    followers: i64,
    crate_download: Option<CrateDownload>,
}

#[derive(Include, Debug, Clone, PartialEq)]
#[include(Version)]
struct TopCard {
    #[include(row)]
    version: Version,
    publisher: Option<User>,
}

#[test]
fn a_struct_that_is_the_plan() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let serde = krate("serde", conn);
    serde
        .create_version(new_version(NOBODY, "1.0.0"), conn)
        .unwrap();
    let latest = ada
        .create_published_version(new_version(serde.id, "1.0.1"), conn)
        .unwrap();
    serde.add_follower(&ada, conn).unwrap();

    let query = || Crate::query().filter(Crate::FOLLOWERS.any(users::gh_login.eq("ada")));
    let cards = assert_queries!(conn, Card::QUERIES, { query().load_as::<Card>(conn) });
    let expected = Card {
        krate: serde.clone(),
        latest: vec![TopCard {
            version: latest.clone(),
            publisher: Some(ada),
        }],
        followers: 1,
        crate_download: None,
    };
    assert_eq!(cards.unwrap(), [expected.clone()]);
    assert_eq!(query().load_one_as::<Card>(conn), Ok(expected));
    let selected = crates::table.select(Crate::as_select());
    assert_eq!(selected.load_as::<Card>(conn).unwrap().len(), 1);
}

#[test]
fn models_of_few_columns() {
    let conn = &mut database();
    let serde = krate("serde", conn);
    let version = new_version(serde.id, "1.0.0").save(conn).unwrap();
    let minimal = MinimalCrate::find(serde.id, conn).unwrap();
    assert_eq!(minimal.versions(conn).unwrap(), [version.clone()]);
    let top = TopVersion::query().include(TopVersion::KRATE).first(conn);
    let (top, krate) = top.unwrap();
    assert_eq!(
        (top.id, top.number.as_str(), krate),
        (version.id, "1.0.0", minimal)
    );
}

#[test]
fn a_selection_that_joins_is_a_source() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let serde = krate("serde", conn);
    ada.add_followed_crate(&serde, conn).unwrap();
    let public = || PublicUser::query().filter(users::gh_login.eq("ada"));
    let ada = public().first(conn).unwrap();
    assert_eq!(ada.api_tokens(conn).unwrap(), []);
    assert_eq!(ada.followed_crates(conn).unwrap(), [serde.clone()]);
    let crates = PublicUser::FOLLOWED_CRATES.load_for(&[ada], conn);
    assert_eq!(crates.unwrap(), [[serde]]);
}

#[test]
fn a_crate_with_all_that_belongs_to_it() {
    let conn = &mut database();
    let ada = user("ada", 1, conn);
    let fast = Keyword::find_or_create_all(&["fast"], conn).unwrap();
    let state = VersionState::Quarantined;
    let quarantined = NewVersion {
        state,
        ..new_version(NOBODY, "1.0.1")
    };
    let tree = Crate::new_tree(
        NewCrate::builder("serde").max_features(300).build(),
        (
            Crate::VERSIONS.new_rows([new_version(NOBODY, "1.0.0"), quarantined]),
            Crate::KEYWORDS.link(&fast),
            Crate::FOLLOWERS.link([ada.id]),
        ),
    );
    // the crate, its versions, and a statement for each junction
    let created = assert_queries!(conn, 4, { tree.create(conn) }).unwrap();
    let (serde, versions) = (created.0, created.1);
    assert_eq!(serde.max_features, Some(300));
    assert_eq!(serde.versions(conn), Ok(versions));
    assert_eq!(serde.keywords(conn), Ok(fast));
    assert_eq!(ada.followed_crates(conn), Ok(vec![serde.clone()]));

    // a type of the database's own, in a condition and beside the crate
    let kept = |state| crates::table.filter(Crate::VERSIONS.any(versions::state.eq(state)));
    assert_eq!(kept(state).count().get_result(conn), Ok(1));
    let uploaded = kept(VersionState::Uploaded).count();
    assert_eq!(uploaded.get_result(conn), Ok(0));
    let tree = Crate::VERSIONS.filter(versions::state.eq(state));
    let (_, versions) = kept(state).include(tree).first(conn).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].krate(conn), Ok(serde));
}
