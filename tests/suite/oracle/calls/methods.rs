//! Which method is which.

use super::*;

/// The condition of a row by its key.
fn is_row(name: &str, key: &str) -> String {
    let columns = super::super::catalog::table(name)
        .key()
        .iter()
        .zip(key.split('.'));
    let parts: Vec<_> = columns
        .map(|(column, part)| format!("{column} = '{part}'"))
        .collect();
    parts.join(" AND ")
}

/// Takes the step; none if its row is not there.
#[allow(clippy::too_many_lines, reason = "a line or two for each association")]
pub(in super::super) fn call(step: &Step, conn: &mut Conn) -> Option<Created> {
    let on = match step {
        Step::Call(call) => call.on,
        Step::Trees(on, _) => on,
        Step::Delete(name, key) => {
            let sql = format!("DELETE FROM {name} WHERE {}", is_row(name, key));
            return Some(nothing(conn.try_batch(&sql)));
        }
        Step::Change(name, key, column, value) => {
            let value = value
                .as_ref()
                .map_or("NULL".to_owned(), |value| format!("'{value}'"));
            let sql = format!(
                "UPDATE {name} SET {column} = {value} WHERE {}",
                is_row(name, key)
            );
            return Some(nothing(conn.try_batch(&sql)));
        }
    };
    Some(match on {
        "Person::BOOKS" => has_many!(step conn Person::BOOKS Book (NewPerson NewBook FullBook)
            create_book add_book add_books destroy_books set_books_destroy_previous),
        "Book::AUTHOR" => belongs_to!(step conn Book::AUTHOR Person (NewBook NewPerson)
            |row, key| row.author_id = key, create_author set_author),
        "Person::LICENSE" => {
            has_one!(step conn Person::LICENSE License (NewPerson NewLicense FullLicense)
            create_license destroy_license set_license_destroy_previous set_license unset_license)
        }
        "License::OWNER" => belongs_to!(step conn License::OWNER Person (NewLicense NewPerson)
            |row, key| row.owner_id = Some(key), create_owner set_owner unset_owner),
        "Person::PASSPORT" => {
            has_one!(step conn Person::PASSPORT Passport (NewPerson NewPassport FullPassport)
            create_passport destroy_passport set_passport_destroy_previous)
        }
        "Person::ROOMS" => {
            belongs_to_many!(step conn Person::ROOMS Room (NewPerson NewRoom NewRoom)
            |key: i32| seats::person_id.eq(key), |given: i32| seats::place.eq(given),
            create_room create_room_with add_room add_rooms add_room_with add_rooms_with remove_rooms set_rooms
            set_rooms_with)
        }
        "Room::SITTERS" => {
            belongs_to_many!(step conn Room::SITTERS Person (NewRoom NewPerson NewPerson)
            |key: i32| seats::room_id.eq(key), |given: i32| seats::place.eq(given),
            create_sitter create_sitter_with add_sitter add_sitters add_sitter_with add_sitters_with
            remove_sitters set_sitters set_sitters_with)
        }
        "Person::OWNED" => {
            belongs_to_many!(step conn Person::OWNED Thing (NewPerson NewThing NewThing)
            |key: i32| (grants::person_id.eq(key), grants::role.eq("guest")), |given: i32| grants::weight.eq(given),
            create_one_owned create_one_owned_with add_one_owned add_owned add_one_owned_with add_owned_with
            remove_owned set_owned set_owned_with)
        }
        "Person::READABLE" => {
            belongs_to_many!(step conn Person::READABLE Thing (NewPerson NewThing NewThing)
            |key: i32| grants::person_id.eq(key), |given: i32| grants::weight.eq(given),
            create_one_readable create_one_readable_with add_one_readable add_readable add_one_readable_with
            add_readable_with remove_readable set_readable set_readable_with)
        }
        "Person::MARKED" => {
            belongs_to_many!(step conn Person::MARKED Thing (NewPerson NewThing NewThing)
            |key: i32| (marks::person_id.eq(key), marks::deleted.eq(true)), |given: i32| marks::weight.eq(given),
            create_one_marked create_one_marked_with add_one_marked add_marked add_one_marked_with
            add_marked_with remove_marked set_marked set_marked_with)
        }
        "Person::LIKED" => {
            belongs_to_many!(step conn Person::LIKED Thing (NewPerson NewThing NewThing)
            |key: i32| likes::person_id.eq(key), |given: i32| likes::weight.eq(given),
            create_one_liked create_one_liked_with add_one_liked add_liked add_one_liked_with add_liked_with
            remove_liked set_liked set_liked_with)
        }
        "Person::RED_THINGS" => {
            belongs_to_many!(step conn Person::RED_THINGS Thing (NewPerson NewThing GreenThing)
            |key: i32| likes::person_id.eq(key), |given: i32| likes::weight.eq(given),
            create_red_thing create_red_thing_with add_red_thing add_red_things add_red_thing_with
            add_red_things_with remove_red_things set_red_things set_red_things_with)
        }
        "Thing::LIKERS" => {
            belongs_to_many!(step conn Thing::LIKERS Person (NewThing NewPerson NewPerson)
            |key: i32| likes::thing_id.eq(key), |given: i32| likes::weight.eq(given),
            create_liker create_liker_with add_liker add_likers add_liker_with add_likers_with remove_likers
            set_likers set_likers_with)
        }
        "Thing::PARTS" => has_many!(step conn Thing::PARTS Thing (NewThing NewThing FullThing)
            create_part add_part add_parts destroy_parts set_parts_destroy_previous set_parts remove_parts),
        "Thing::LIVE_PARTS" => {
            has_many!(step conn Thing::LIVE_PARTS Thing (NewThing NewThing GoneThing)
            create_live_part add_live_part add_live_parts destroy_live_parts set_live_parts_destroy_previous
            set_live_parts remove_live_parts)
        }
        "Thing::PARENT" => belongs_to!(step conn Thing::PARENT Thing (NewThing NewThing)
            |row, key| row.parent_id = Some(key), create_parent set_parent unset_parent),
        "Town::SHOPS" => has_many!(step conn Town::SHOPS Shop (NewTown NewShop FullShop)
            create_shop add_shop add_shops destroy_shops set_shops_destroy_previous set_shops remove_shops),
        "Shop::TOWN" => belongs_to!(step conn Shop::TOWN Town (NewShop NewTown)
            |row, key| row.town_code = Some(key), create_town set_town unset_town),
        "Town::MAYOR" => has_one!(step conn Town::MAYOR Mayor (NewTown NewMayor FullMayor)
            create_mayor destroy_mayor set_mayor_destroy_previous set_mayor unset_mayor),
        "Town::CRAFTS" => belongs_to_many!(step conn Town::CRAFTS Craft (NewTown NewCraft NewCraft)
            |key: String| trades::town_code.eq(key), |given: i32| trades::weight.eq(given),
            create_craft create_craft_with add_craft add_crafts add_craft_with add_crafts_with remove_crafts
            set_crafts set_crafts_with),
        "Craft::TOWNS" => belongs_to_many!(step conn Craft::TOWNS Town (NewCraft NewTown NewTown)
            |key: String| trades::craft_code.eq(key), |given: i32| trades::weight.eq(given),
            create_town create_town_with add_town add_towns add_town_with add_towns_with remove_towns
            set_towns set_towns_with),
        "User::TASKS" => has_many!(step conn User::TASKS Task (NewUser NewTask FullTask)
            create_task add_task add_tasks destroy_tasks set_tasks_destroy_previous set_tasks remove_tasks),
        "Task::USER" => belongs_to!(step conn Task::USER User (RootTask NewUser)
            |row, key| row.user_id = Some(key.1), create_user set_user unset_user),
        "User::NOTES" => has_many!(step conn User::NOTES Note (NewUser NewNote FullNote)
            create_note add_note add_notes destroy_notes set_notes_destroy_previous set_notes remove_notes),
        "User::REPORTS" => has_many!(step conn User::REPORTS User (NewUser NewReport FullReport)
            create_report add_report add_reports destroy_reports set_reports_destroy_previous set_reports
            remove_reports),
        "User::BOSS" => belongs_to!(step conn User::BOSS User (NewUser NewUser)
            |row, key| row.boss_id = Some(key.1), create_boss set_boss unset_boss),
        "User::TEAMS" => belongs_to_many!(step conn User::TEAMS Team (NewUser NewTeam NewTeam)
            |key: (i32, i32)| (memberships::tenant_id.eq(key.0), memberships::user_id.eq(key.1)),
            |given: i32| memberships::weight.eq(given),
            create_team create_team_with add_team add_teams add_team_with add_teams_with remove_teams set_teams
            set_teams_with),
        "Team::USERS" => belongs_to_many!(step conn Team::USERS User (NewTeam NewUser NewUser)
            |key: (i32, i32)| (memberships::tenant_id.eq(key.0), memberships::team_id.eq(key.1)),
            |given: i32| memberships::weight.eq(given),
            create_user create_user_with add_user add_users add_user_with add_users_with remove_users set_users
            set_users_with),
        other => panic!("{other} is not called"),
    })
}
