//! Enums of connections, of which a program chooses one when it runs.

/// Enrols an enum with `#[derive(diesel::MultiConnection)]`, so that associations
/// can be used through it. It stands beside the enum and repeats its variants.
///
/// Each call sends what it sends on the connection itself. There is no `create_..`
/// and no tree of new rows: Diesel has no `RETURNING` for such an enum. Match on it
/// and call them on the connection inside.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// /// A connection to any of the databases that this program supports.
/// #[derive(diesel::MultiConnection)]
/// pub enum AnyConnection {
///     Sqlite(SqliteConnection),
/// }
///
/// orm_core::multi_connection!(AnyConnection { Sqlite(SqliteConnection) });
///
/// diesel::table! { people (id) { id -> Integer, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots);
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// struct Person { id: i32 }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32, person_id: i32 }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut conn = AnyConnection::establish(":memory:")?;
/// # diesel::sql_query("CREATE TABLE people (id INTEGER PRIMARY KEY)").execute(&mut conn)?;
/// # diesel::sql_query("CREATE TABLE toots (id INTEGER PRIMARY KEY, person_id INTEGER)").execute(&mut conn)?;
/// let people = people::table.include(Person::TOOTS).load(&mut conn)?;
/// assert_eq!(people.len(), 0);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! multi_connection {
    ($connection:ident { $($variant:ident($inner:ty)),+ $(,)? }) => {
        $crate::blocking_connection!($connection);

        const _: () = {
            use $crate::__private::diesel::backend::Backend;
            use $crate::__private::diesel::connection::Connection;
            use $crate::__private::diesel::query_builder::{AstPass, QueryFragment};
            use $crate::__private::diesel::QueryResult;

            type Multi = <$connection as Connection>::Backend;

            impl<C, K> QueryFragment<Multi> for $crate::key::KeyIn<C, K>
            where
                K: $crate::key::Key,
                $(Self: QueryFragment<<$inner as Connection>::Backend>,)+
            {
                fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Multi>) -> QueryResult<()> {
                    Multi::walk_variant_ast(self, out)
                }
            }

            impl<C, K> QueryFragment<Multi> for $crate::key::KeyTable<C, K>
            where
                K: $crate::key::Key,
                $(Self: QueryFragment<<$inner as Connection>::Backend>,)+
            {
                fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Multi>) -> QueryResult<()> {
                    Multi::walk_variant_ast(self, out)
                }
            }

            impl<C, K> QueryFragment<Multi> for $crate::key::SameKeys<C, K>
            where
                K: $crate::key::Key,
                $(Self: QueryFragment<<$inner as Connection>::Backend>,)+
            {
                fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Multi>) -> QueryResult<()> {
                    Multi::walk_variant_ast(self, out)
                }
            }

            impl<C, K> $crate::key::Equality<Multi> for $crate::key::KeyIn<C, K>
            where
                K: $crate::key::Key,
                $(Self: $crate::key::Equality<<$inner as Connection>::Backend>,)+
            {
                fn is_that_of_rust() -> bool {
                    true $(&& <Self as $crate::key::Equality<
                        <$inner as Connection>::Backend,
                    >>::is_that_of_rust())+
                }

                fn in_parts(self) -> QueryResult<::std::vec::Vec<Self>> {
                    let parts = ::std::vec![self];
                    $(
                        let mut smaller = ::std::vec::Vec::new();
                        for part in parts {
                            smaller.extend(<Self as $crate::key::Equality<
                                <$inner as Connection>::Backend,
                            >>::in_parts(part)?);
                        }
                        let parts = smaller;
                    )+
                    Ok(parts)
                }
            }

            impl $crate::connection::HasDialect for Multi {
                const DIALECT: ::core::option::Option<$crate::connection::Dialect> =
                    ::core::option::Option::None;

                fn dialect(&self) -> $crate::connection::Dialect {
                    match self {
                        $(Self::$variant(backend) => {
                            $crate::connection::HasDialect::dialect(backend)
                        })+
                    }
                }
            }

            impl $crate::query::ShowSql for Multi {
                fn sql<Q: QueryFragment<Self>>(
                    _: &Q,
                ) -> ::core::option::Option<::std::string::String> {
                    ::core::option::Option::None
                }
            }
        };
    };
}
