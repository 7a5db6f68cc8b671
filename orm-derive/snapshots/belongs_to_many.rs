#[allow(non_camel_case_types, unused_qualifications)]
type LIKED_TOOTS_JUNCTION = __orm::Proven<
    LikedToot,
    { <LikedToot as __orm::IsModel>::HOLDS },
>;
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
)]
pub struct LIKED_TOOTS;
#[automatically_derived]
#[allow(unused_qualifications)]
impl __orm::Association for LIKED_TOOTS {
    const NAME: &'static str = "liked_toots";
    type Source = Person;
    type Target = __orm::Proven<Toot, { <Toot as __orm::IsModel>::HOLDS }>;
    type SourceKey = <Self::Source as __orm::Model>::PrimaryKey;
    type TargetKey = <Self::Target as __orm::Model>::PrimaryKey;
    type Kind = __orm::Proven<
        __orm::BelongsToMany<
            LIKED_TOOTS_JUNCTION,
            __orm::JunctionKeys<
                (liked_toots::person_id,),
                (liked_toots::toot_id,),
                <Self::Source as __orm::Model>::PrimaryKey,
                <Self::Target as __orm::Model>::PrimaryKey,
            >,
            (liked_toots::toot_id,),
            __orm::Unscoped,
            __orm::Unscoped,
        >,
        {
            <<(
                liked_toots::person_id,
            ) as __orm::Columns>::Tables as __orm::AllOf<
                <LIKED_TOOTS_JUNCTION as __orm::Junction>::Table,
            >>::HOLDS
                && <<(
                    liked_toots::toot_id,
                ) as __orm::Columns>::Tables as __orm::AllOf<
                    <LIKED_TOOTS_JUNCTION as __orm::Junction>::Table,
                >>::HOLDS
                && <<(
                    liked_toots::person_id,
                ) as __orm::Columns>::SqlTypes as __orm::SameTypes<
                    <<Self::Source as __orm::Model>::PrimaryKey as __orm::Columns>::SqlTypes,
                >>::HOLDS
                && <<(
                    liked_toots::toot_id,
                ) as __orm::Columns>::SqlTypes as __orm::SameTypes<
                    <<Self::Target as __orm::Model>::PrimaryKey as __orm::Columns>::SqlTypes,
                >>::HOLDS
                && <<LIKED_TOOTS_JUNCTION as __orm::Junction>::Table as __orm::InOneQuery<
                    <Self::Target as __orm::Model>::Table,
                >>::HOLDS
        },
    >;
    type JoinedAs = __orm::Plain;
}
#[automatically_derived]
impl __orm::Unlinking for LIKED_TOOTS {
    type May = __orm::Proof<{ true }>;
}
#[automatically_derived]
impl __orm::Named<1018331299042814874u64> for Person {
    type Association = LIKED_TOOTS;
}
#[automatically_derived]
impl __orm::diesel::query_source::JoinTo<LIKED_TOOTS> for people::table {
    type FromClause = __orm::JoinedOf<LIKED_TOOTS>;
    type OnClause = __orm::OnOf<LIKED_TOOTS>;
    fn join_target(_: LIKED_TOOTS) -> (Self::FromClause, Self::OnClause) {
        __orm::join::<LIKED_TOOTS>()
    }
}
impl Person {
    pub const LIKED_TOOTS: LIKED_TOOTS = LIKED_TOOTS;
    pub fn liked_toots<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, ::std::vec::Vec<Toot>>
    where
        C: __orm::Read<'a, LIKED_TOOTS, ::std::vec::Vec<Toot>>,
    {
        __orm::read::<LIKED_TOOTS, _, C>(self, conn)
    }
    pub fn liked_toots_query<'a, Query>(&'a self) -> Query
    where
        LIKED_TOOTS: __orm::QueryRows<'a, Query = Query>,
    {
        <LIKED_TOOTS as __orm::QueryRows<'a>>::query_rows(self)
    }
    pub fn count_liked_toots<'a, C>(&'a self, conn: &'a mut C) -> C::Return<'a, i64>
    where
        C: __orm::Count<'a, LIKED_TOOTS>,
    {
        __orm::count::<LIKED_TOOTS, C>(self, conn)
    }
    pub fn has_liked_toot<'a, C, Form>(
        &'a self,
        liked_toot: impl __orm::Reference<LIKED_TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, bool>
    where
        C: __orm::Has<'a, LIKED_TOOTS>,
    {
        __orm::has::<LIKED_TOOTS, _, __orm::OneTarget<Form>, C>(self, liked_toot, conn)
    }
    pub fn has_liked_toots<'a, C, Form>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<
            Item: __orm::Reference<LIKED_TOOTS, Form>,
        >,
        conn: &'a mut C,
    ) -> C::Return<'a, bool>
    where
        C: __orm::Has<'a, LIKED_TOOTS>,
    {
        __orm::has::<
            LIKED_TOOTS,
            _,
            __orm::ManyTargets<Form>,
            C,
        >(self, liked_toots, conn)
    }
    pub fn liked_toots_with_through<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, ::std::vec::Vec<(LikedToot, Toot)>>
    where
        C: __orm::ReadThrough<'a, LIKED_TOOTS, LikedToot>,
    {
        __orm::read_through::<LIKED_TOOTS, LikedToot, C>(self, conn)
    }
    pub fn add_liked_toot<'a, C, Form>(
        &'a self,
        liked_toot: impl __orm::Reference<LIKED_TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, LIKED_TOOTS>,
    {
        __orm::add::<LIKED_TOOTS, _, __orm::OneTarget<Form>, C>(self, liked_toot, conn)
    }
    pub fn add_liked_toots<'a, C, Form>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<
            Item: __orm::Reference<LIKED_TOOTS, Form>,
        >,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, LIKED_TOOTS>,
    {
        __orm::add::<
            LIKED_TOOTS,
            _,
            __orm::ManyTargets<Form>,
            C,
        >(self, liked_toots, conn)
    }
    pub fn remove_liked_toot<'a, C, Form>(
        &'a self,
        liked_toot: impl __orm::Reference<LIKED_TOOTS, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::WriteLinks<'a, LIKED_TOOTS>,
    {
        __orm::remove::<
            LIKED_TOOTS,
            _,
            __orm::OneTarget<Form>,
            C,
        >(self, liked_toot, conn)
    }
    pub fn remove_liked_toots<'a, C, Form>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<
            Item: __orm::Reference<LIKED_TOOTS, Form>,
        >,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::WriteLinks<'a, LIKED_TOOTS>,
    {
        __orm::remove::<
            LIKED_TOOTS,
            _,
            __orm::ManyTargets<Form>,
            C,
        >(self, liked_toots, conn)
    }
    pub fn set_liked_toots<'a, C, Form>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<
            Item: __orm::Reference<LIKED_TOOTS, Form>,
        >,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, LIKED_TOOTS>,
    {
        __orm::set::<
            LIKED_TOOTS,
            _,
            __orm::ManyTargets<Form>,
            C,
        >(self, liked_toots, conn)
    }
    pub fn create_liked_toot<'a, C, New>(
        &'a self,
        new: New,
        conn: &'a mut C,
    ) -> C::Return<'a, Toot>
    where
        C: __orm::Create<'a, LIKED_TOOTS, <New as __orm::NewRow<Toot>>::Values>,
        New: __orm::NewRow<Toot, Values: 'a>,
    {
        __orm::create::<LIKED_TOOTS, New, C>(self, new, conn)
    }
    pub fn add_liked_toot_with<'a, C, Form, Payload, Rule>(
        &'a self,
        liked_toot: impl __orm::Reference<LIKED_TOOTS, Form>,
        payload: Payload,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WritePayload<
            'a,
            LIKED_TOOTS,
            <Payload as __orm::PayloadOf<LikedToot, Rule>>::Itself,
        >,
        Payload: __orm::PayloadOf<LikedToot, Rule, Itself: 'a>,
    {
        __orm::add_with::<
            LIKED_TOOTS,
            _,
            Form,
            Payload,
            _,
            Rule,
            C,
        >(self, liked_toot, payload, conn)
    }
    pub fn add_liked_toots_with<'a, C, Target, Form, Payload, Rule>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<Item = (Target, Payload)>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WritePayload<
            'a,
            LIKED_TOOTS,
            <Payload as __orm::PayloadOf<LikedToot, Rule>>::Itself,
        >,
        Target: __orm::Reference<LIKED_TOOTS, Form>,
        Payload: __orm::PayloadOf<LikedToot, Rule, Itself: 'a>,
    {
        __orm::add_all_with::<
            LIKED_TOOTS,
            _,
            _,
            Form,
            Payload,
            _,
            Rule,
            C,
        >(self, liked_toots, conn)
    }
    pub fn set_liked_toots_with<'a, C, Target, Form, Payload, Rule>(
        &'a self,
        liked_toots: impl ::core::iter::IntoIterator<Item = (Target, Payload)>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WritePayload<
            'a,
            LIKED_TOOTS,
            <Payload as __orm::PayloadOf<LikedToot, Rule>>::Itself,
        >,
        Target: __orm::Reference<LIKED_TOOTS, Form>,
        Payload: __orm::PayloadOf<LikedToot, Rule, Itself: 'a>,
    {
        __orm::set_with::<
            LIKED_TOOTS,
            _,
            _,
            Form,
            Payload,
            _,
            Rule,
            C,
        >(self, liked_toots, conn)
    }
    pub fn create_liked_toot_with<'a, C, New, Payload, Rule>(
        &'a self,
        new: New,
        payload: Payload,
        conn: &'a mut C,
    ) -> C::Return<'a, Toot>
    where
        C: __orm::WritePayload<
                'a,
                LIKED_TOOTS,
                <Payload as __orm::PayloadOf<LikedToot, Rule>>::Itself,
            >
            + __orm::Insert<
                'a,
                Toot,
                <New as __orm::NewRow<Toot>>::Values,
                <__orm::Unscoped as __orm::Scope>::Condition,
            >,
        New: __orm::NewRow<Toot, Values: 'a>,
        Payload: __orm::PayloadOf<LikedToot, Rule, Itself: 'a>,
    {
        __orm::create_with::<
            LIKED_TOOTS,
            New,
            Payload,
            _,
            Rule,
            __orm::Unscoped,
            C,
        >(self, new, payload, conn)
    }
}
#[allow(unused_qualifications)]
const _: () = ::core::assert!(
    ! __orm::leads_elsewhere(< LIKED_TOOTS_JUNCTION as __orm::Model > ::BELONGS_TO, &
    ["person_id"], < < LIKED_TOOTS as __orm::Association > ::Source as __orm::Model >
    ::TABLE,),
    "the foreign key of `liked_toots` is in a `belongs_to` of `LikedToot` that leads to another table; name another column, or let that `belongs_to` lead to `Person`",
);
#[allow(unused_qualifications)]
const _: () = ::core::assert!(
    ! __orm::leads_elsewhere(< LIKED_TOOTS_JUNCTION as __orm::Model > ::BELONGS_TO, &
    ["toot_id"], < < LIKED_TOOTS as __orm::Association > ::Target as __orm::Model >
    ::TABLE,),
    "the foreign key of `liked_toots` is in a `belongs_to` of `LikedToot` that leads to another table; name another column, or let that `belongs_to` lead to `Toot`",
);
