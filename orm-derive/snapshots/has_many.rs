#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
)]
pub struct TOOTS;
#[automatically_derived]
#[allow(unused_qualifications)]
impl __orm::Association for TOOTS {
    const NAME: &'static str = "toots";
    type Source = Person;
    type Target = __orm::Proven<Toot, { <Toot as __orm::IsModel>::HOLDS }>;
    type SourceKey = <Self::Source as __orm::Model>::PrimaryKey;
    type TargetKey = <Self::Target as __orm::Model>::PrimaryKey;
    type Kind = __orm::Proven<
        __orm::HasMany<
            (toots::author_id,),
            <Self::Source as __orm::Model>::PrimaryKey,
            __orm::Unscoped,
        >,
        {
            <<(
                toots::author_id,
            ) as __orm::Columns>::Tables as __orm::AllOf<
                <Self::Target as __orm::Model>::Table,
            >>::HOLDS
                && <<(
                    toots::author_id,
                ) as __orm::Columns>::SqlTypes as __orm::SameTypes<
                    <<Self::Source as __orm::Model>::PrimaryKey as __orm::Columns>::SqlTypes,
                >>::HOLDS
        },
    >;
    type JoinedAs = __orm::Plain;
    const ORPHANS: ::core::option::Option<__orm::Orphans> = ::core::option::Option::Some(
        __orm::Orphans::of(
            <(toots::author_id,) as __orm::Columns>::NAMES,
            <(toots::author_id,) as __orm::Columns>::NULLABLES,
            <<Self::Target as __orm::Model>::PrimaryKey as __orm::Columns>::NAMES,
            <<Self::Source as __orm::Model>::PrimaryKey as __orm::Columns>::NAMES,
        ),
    );
}
#[automatically_derived]
impl __orm::Unlinking for TOOTS {
    type May = __orm::Proof<
        {
            match <TOOTS as __orm::Association>::ORPHANS {
                ::core::option::Option::Some(orphans) => orphans.stay(),
                ::core::option::Option::None => true,
            }
        },
    >;
}
#[automatically_derived]
impl __orm::Named<167524328501188836u64> for Person {
    type Association = TOOTS;
}
#[automatically_derived]
impl __orm::diesel::query_source::JoinTo<TOOTS> for people::table {
    type FromClause = __orm::JoinedOf<TOOTS>;
    type OnClause = __orm::OnOf<TOOTS>;
    fn join_target(_: TOOTS) -> (Self::FromClause, Self::OnClause) {
        __orm::join::<TOOTS>()
    }
}
impl Person {
    pub const TOOTS: TOOTS = TOOTS;
    pub fn toots<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, ::std::vec::Vec<Toot>>
    where
        C: __orm::Read<'a, TOOTS, ::std::vec::Vec<Toot>>,
    {
        __orm::read::<TOOTS, _, C>(self, conn)
    }
    pub fn toots_query<'a, Query>(&'a self) -> Query
    where
        TOOTS: __orm::QueryRows<'a, Query = Query>,
    {
        <TOOTS as __orm::QueryRows<'a>>::query_rows(self)
    }
    pub fn count_toots<'a, C>(&'a self, conn: &'a mut C) -> C::Return<'a, i64>
    where
        C: __orm::Count<'a, TOOTS>,
    {
        __orm::count::<TOOTS, C>(self, conn)
    }
    pub fn has_toot<'a, C, Form>(
        &'a self,
        toot: impl __orm::Reference<TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, bool>
    where
        C: __orm::Has<'a, TOOTS>,
    {
        __orm::has::<TOOTS, _, __orm::OneTarget<Form>, C>(self, toot, conn)
    }
    pub fn has_toots<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, bool>
    where
        C: __orm::Has<'a, TOOTS>,
    {
        __orm::has::<TOOTS, _, __orm::ManyTargets<Form>, C>(self, toots, conn)
    }
    pub fn add_toot<'a, C, Form>(
        &'a self,
        toot: impl __orm::Reference<TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, TOOTS>,
    {
        __orm::add::<TOOTS, _, __orm::OneTarget<Form>, C>(self, toot, conn)
    }
    pub fn add_toots<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, TOOTS>,
    {
        __orm::add::<TOOTS, _, __orm::ManyTargets<Form>, C>(self, toots, conn)
    }
    pub fn remove_toot<'a, C, Form>(
        &'a self,
        toot: impl __orm::Reference<TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::WriteLinks<'a, TOOTS> + __orm::Unlinks<TOOTS>,
    {
        __orm::remove::<TOOTS, _, __orm::OneTarget<Form>, C>(self, toot, conn)
    }
    pub fn remove_toots<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::WriteLinks<'a, TOOTS> + __orm::Unlinks<TOOTS>,
    {
        __orm::remove::<TOOTS, _, __orm::ManyTargets<Form>, C>(self, toots, conn)
    }
    pub fn destroy_toot<'a, C, Form>(
        &'a self,
        toot: impl __orm::Reference<TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::DestroyLinks<'a, TOOTS>,
    {
        __orm::destroy::<TOOTS, _, __orm::OneTarget<Form>, C>(self, toot, conn)
    }
    pub fn destroy_toots<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::DestroyLinks<'a, TOOTS>,
    {
        __orm::destroy::<TOOTS, _, __orm::ManyTargets<Form>, C>(self, toots, conn)
    }
    pub fn set_toots<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, TOOTS> + __orm::Unlinks<TOOTS>,
    {
        __orm::set::<TOOTS, _, __orm::ManyTargets<Form>, C>(self, toots, conn)
    }
    pub fn set_toots_destroy_previous<'a, C, Form>(
        &'a self,
        toots: impl ::core::iter::IntoIterator<Item: __orm::Reference<TOOTS, Form>>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::DestroyLinks<'a, TOOTS>,
    {
        __orm::set_destroy_previous::<
            TOOTS,
            _,
            __orm::ManyTargets<Form>,
            C,
        >(self, toots, conn)
    }
    pub fn create_toot<'a, C, New>(
        &'a self,
        new: New,
        conn: &'a mut C,
    ) -> C::Return<'a, Toot>
    where
        C: __orm::Create<'a, TOOTS, <New as __orm::NewRow<Toot>>::Values>,
        New: __orm::NewRow<Toot, Values: 'a>,
    {
        __orm::create::<TOOTS, New, C>(self, new, conn)
    }
}
#[allow(unused_qualifications)]
const _: () = ::core::assert!(
    ! __orm::leads_elsewhere(< < TOOTS as __orm::Association > ::Target as __orm::Model >
    ::BELONGS_TO, & ["author_id"], < < TOOTS as __orm::Association > ::Source as
    __orm::Model > ::TABLE,),
    "the foreign key of `toots` is in a `belongs_to` of `Toot` that leads to another table; name another column, or let that `belongs_to` lead to `Person`",
);
