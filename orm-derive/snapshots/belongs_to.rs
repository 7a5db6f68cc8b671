#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
)]
pub struct BIRTHPLACE;
#[automatically_derived]
#[allow(unused_qualifications)]
impl __orm::Association for BIRTHPLACE {
    const NAME: &'static str = "birthplace";
    type Source = Person;
    type Target = __orm::Proven<City, { <City as __orm::IsModel>::HOLDS }>;
    type SourceKey = __orm::Proven<
        (people::birthplace_id,),
        {
            <<(
                people::birthplace_id,
            ) as __orm::Columns>::Tables as __orm::AllOf<
                <Self::Source as __orm::Model>::Table,
            >>::HOLDS
        },
    >;
    type TargetKey = <Self::Target as __orm::Model>::PrimaryKey;
    type Kind = __orm::Proven<
        __orm::BelongsTo<
            (people::birthplace_id,),
            <Self::Target as __orm::Model>::PrimaryKey,
            __orm::Unscoped,
            __orm::Maybe,
        >,
        {
            ::core::assert!(
                < (people::birthplace_id,) as __orm::Columns > ::NULLABLE == true,
                "the foreign key of `birthplace` cannot be NULL in the table; declare its field in `Person` without `Option`"
            );
            <<(
                people::birthplace_id,
            ) as __orm::Columns>::SqlTypes as __orm::SameTypes<
                <<Self::Target as __orm::Model>::PrimaryKey as __orm::Columns>::SqlTypes,
            >>::HOLDS
        },
    >;
    type JoinedAs = __orm::Plain;
}
#[automatically_derived]
impl __orm::Named<18095022387292491553u64> for Person {
    type Association = BIRTHPLACE;
}
#[automatically_derived]
impl __orm::diesel::query_source::JoinTo<BIRTHPLACE> for people::table {
    type FromClause = __orm::JoinedOf<BIRTHPLACE>;
    type OnClause = __orm::OnOf<BIRTHPLACE>;
    fn join_target(_: BIRTHPLACE) -> (Self::FromClause, Self::OnClause) {
        __orm::join::<BIRTHPLACE>()
    }
}
impl Person {
    pub const BIRTHPLACE: BIRTHPLACE = BIRTHPLACE;
    pub fn birthplace<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, ::core::option::Option<City>>
    where
        C: __orm::Read<'a, BIRTHPLACE, ::core::option::Option<City>>,
    {
        __orm::read::<BIRTHPLACE, _, C>(self, conn)
    }
    pub fn birthplace_query<'a, Query>(&'a self) -> Query
    where
        BIRTHPLACE: __orm::QueryRows<'a, Query = Query>,
    {
        <BIRTHPLACE as __orm::QueryRows<'a>>::query_rows(self)
    }
    pub fn set_birthplace<'a, C, Form>(
        &'a mut self,
        birthplace: impl __orm::MaybeReference<BIRTHPLACE, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteKey<'a, BIRTHPLACE>,
    {
        __orm::set_key::<BIRTHPLACE, _, Form, C>(self, birthplace, conn)
    }
    pub fn unset_birthplace<'a, C>(&'a mut self, conn: &'a mut C) -> C::Return<'a, ()>
    where
        C: __orm::WriteKey<'a, BIRTHPLACE>,
    {
        __orm::unset_key::<BIRTHPLACE, C>(self, conn)
    }
    pub fn create_birthplace<'a, C, New>(
        &'a mut self,
        new: New,
        conn: &'a mut C,
    ) -> C::Return<'a, City>
    where
        C: __orm::WriteKey<'a, BIRTHPLACE>
            + __orm::Insert<
                'a,
                City,
                <New as __orm::NewRow<City>>::Values,
                __orm::Unscoped,
            >,
        New: __orm::NewRow<City, Values: 'a>,
    {
        __orm::create_key::<BIRTHPLACE, New, C>(self, new, conn)
    }
}
