diesel::table! { cities (id) { id -> Integer, } }
diesel::table! { people (id) { id -> Integer, birthplace_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(cities, people);

#[derive(orm_core::Model)]
#[diesel(table_name = cities)]
struct City {
    id: i32,
}

#[derive(orm_core::Model)]
#[diesel(table_name = people)]
#[belongs_to(City, name = birthplace)]
struct Person {
    id: i32,
    birthplace_id: i32,
}

fn main() {}
