#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::default::Default,
)]
pub struct DRIVING_LICENSE;
#[automatically_derived]
#[allow(unused_qualifications)]
impl __orm::Association for DRIVING_LICENSE {
    const NAME: &'static str = "driving_license";
    type Source = Person;
    type Target = __orm::Proven<
        DrivingLicense,
        { <DrivingLicense as __orm::IsModel>::HOLDS },
    >;
    type SourceKey = <Self::Source as __orm::Model>::PrimaryKey;
    type TargetKey = <Self::Target as __orm::Model>::PrimaryKey;
    type Kind = __orm::Proven<
        __orm::HasOne<
            (driving_licenses::owner_id,),
            <Self::Source as __orm::Model>::PrimaryKey,
            __orm::Unscoped,
        >,
        {
            <<(
                driving_licenses::owner_id,
            ) as __orm::Columns>::Tables as __orm::AllOf<
                <Self::Target as __orm::Model>::Table,
            >>::HOLDS
                && <<(
                    driving_licenses::owner_id,
                ) as __orm::Columns>::SqlTypes as __orm::SameTypes<
                    <<Self::Source as __orm::Model>::PrimaryKey as __orm::Columns>::SqlTypes,
                >>::HOLDS
        },
    >;
    type JoinedAs = __orm::Plain;
    const ORPHANS: ::core::option::Option<__orm::Orphans> = ::core::option::Option::Some(
        __orm::Orphans::of(
            <(driving_licenses::owner_id,) as __orm::Columns>::NAMES,
            <(driving_licenses::owner_id,) as __orm::Columns>::NULLABLES,
            <<Self::Target as __orm::Model>::PrimaryKey as __orm::Columns>::NAMES,
            <<Self::Source as __orm::Model>::PrimaryKey as __orm::Columns>::NAMES,
        ),
    );
}
#[automatically_derived]
impl __orm::Unlinking for DRIVING_LICENSE {
    type May = __orm::Proof<
        {
            match <DRIVING_LICENSE as __orm::Association>::ORPHANS {
                ::core::option::Option::Some(orphans) => orphans.stay(),
                ::core::option::Option::None => true,
            }
        },
    >;
}
#[automatically_derived]
impl __orm::Named<6031785188271150188u64> for Person {
    type Association = DRIVING_LICENSE;
}
#[automatically_derived]
impl __orm::diesel::query_source::JoinTo<DRIVING_LICENSE> for people::table {
    type FromClause = __orm::JoinedOf<DRIVING_LICENSE>;
    type OnClause = __orm::OnOf<DRIVING_LICENSE>;
    fn join_target(_: DRIVING_LICENSE) -> (Self::FromClause, Self::OnClause) {
        __orm::join::<DRIVING_LICENSE>()
    }
}
impl Person {
    pub const DRIVING_LICENSE: DRIVING_LICENSE = DRIVING_LICENSE;
    pub fn driving_license<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, ::core::option::Option<DrivingLicense>>
    where
        C: __orm::Read<'a, DRIVING_LICENSE, ::core::option::Option<DrivingLicense>>,
    {
        __orm::read::<DRIVING_LICENSE, _, C>(self, conn)
    }
    pub fn driving_license_query<'a, Query>(&'a self) -> Query
    where
        DRIVING_LICENSE: __orm::QueryRows<'a, Query = Query>,
    {
        <DRIVING_LICENSE as __orm::QueryRows<'a>>::query_rows(self)
    }
    pub fn set_driving_license<'a, C, Form>(
        &'a self,
        driving_license: impl __orm::MaybeReference<DRIVING_LICENSE, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, DRIVING_LICENSE> + __orm::Unlinks<DRIVING_LICENSE>,
    {
        __orm::set_one::<DRIVING_LICENSE, _, Form, C>(self, driving_license, conn)
    }
    pub fn set_driving_license_destroy_previous<'a, C, Form>(
        &'a self,
        driving_license: impl __orm::MaybeReference<DRIVING_LICENSE, Form>,
        conn: &'a mut C,
    ) -> C::Return<'a, ()>
    where
        C: __orm::DestroyLinks<'a, DRIVING_LICENSE>,
    {
        __orm::set_one_destroy_previous::<
            DRIVING_LICENSE,
            _,
            Form,
            C,
        >(self, driving_license, conn)
    }
    pub fn unset_driving_license<'a, C>(&'a self, conn: &'a mut C) -> C::Return<'a, ()>
    where
        C: __orm::WriteLinks<'a, DRIVING_LICENSE> + __orm::Unlinks<DRIVING_LICENSE>,
    {
        __orm::unset::<DRIVING_LICENSE, __orm::Unlinked, C>(self, conn)
    }
    pub fn destroy_driving_license<'a, C>(
        &'a self,
        conn: &'a mut C,
    ) -> C::Return<'a, usize>
    where
        C: __orm::DestroyLinks<'a, DRIVING_LICENSE>,
    {
        __orm::destroy_all::<DRIVING_LICENSE, C>(self, conn)
    }
    pub fn create_driving_license<'a, C, New>(
        &'a self,
        new: New,
        conn: &'a mut C,
    ) -> C::Return<'a, DrivingLicense>
    where
        C: __orm::Create<
            'a,
            DRIVING_LICENSE,
            <New as __orm::NewRow<DrivingLicense>>::Values,
        >,
        New: __orm::NewRow<DrivingLicense, Values: 'a>,
    {
        __orm::create::<DRIVING_LICENSE, New, C>(self, new, conn)
    }
}
#[allow(unused_qualifications)]
const _: () = ::core::assert!(
    ! __orm::leads_elsewhere(< < DRIVING_LICENSE as __orm::Association > ::Target as
    __orm::Model > ::BELONGS_TO, & ["owner_id"], < < DRIVING_LICENSE as
    __orm::Association > ::Source as __orm::Model > ::TABLE,),
    "the foreign key of `driving_license` is in a `belongs_to` of `DrivingLicense` that leads to another table; name another column, or let that `belongs_to` lead to `Person`",
);
