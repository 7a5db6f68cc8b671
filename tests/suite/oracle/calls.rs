//! The methods that the steps call.

use super::Conn;
use super::junctions::*;
use super::prelude::*;
use super::schema::*;
use super::steps::{Branch, Call, Op, Step};
use orm_tests::connection::TestConnection;

/// The keys and names of the rows that a call created.
type Created = QueryResult<Vec<(String, String)>>;

/// What a call returns of new rows.
trait NewRows {
    fn rows(&self) -> Vec<(String, String)>;
}

impl<T: Named> NewRows for T {
    fn rows(&self) -> Vec<(String, String)> {
        vec![(self.key().to_text(), self.name().to_owned())]
    }
}

impl<T: Named> NewRows for Vec<T> {
    fn rows(&self) -> Vec<(String, String)> {
        self.iter().flat_map(NewRows::rows).collect()
    }
}

impl<T: Named> NewRows for Option<T> {
    fn rows(&self) -> Vec<(String, String)> {
        self.iter().flat_map(NewRows::rows).collect()
    }
}

impl NewRows for () {
    fn rows(&self) -> Vec<(String, String)> {
        vec![]
    }
}

impl<S: Named, T: NewRows> NewRows for (S, T) {
    fn rows(&self) -> Vec<(String, String)> {
        [self.0.rows(), self.1.rows()].concat()
    }
}

fn created<T: NewRows>(row: QueryResult<T>) -> Created {
    row.map(|row| row.rows())
}

fn nothing<T>(done: QueryResult<T>) -> Created {
    done.map(|_| vec![])
}

fn keys<K: KeyText>(keys: &[String]) -> Vec<K> {
    keys.iter().map(|key| K::from_text(key)).collect()
}

fn first<K: KeyText>(list: &[String]) -> Option<K> {
    list.first().map(|key| K::from_text(key))
}

fn flat<T: NewRows>(trees: QueryResult<Vec<T>>) -> Created {
    trees.map(|trees| trees.iter().flat_map(NewRows::rows).collect())
}

fn pairs<K: KeyText, P>(pairs: &[(String, i32)], payload: impl Fn(i32) -> P) -> Vec<(K, P)> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, given)| (K::from_text(key), payload(*given)))
        .collect()
}

/// A tree for each root, whose branch is made of what stands in it: one by
/// `create`, more by `create_trees`.
macro_rules! trees {
    ($Source:ident $Root:ident $roots:ident $conn:ident $way:ident($rows:ident) $branch:expr) => {{
        let trees = $roots.iter().map(|(root, branch)| {
            let Branch::$way($rows) = branch else {
                panic!("the branches are of one kind")
            };
            $Source::new_tree($Root::new(root), $branch)
        });
        let mut trees: Vec<_> = trees.collect();
        if trees.len() == 1 {
            created(trees.remove(0).create($conn).run())
        } else {
            flat($Source::create_trees(trees, $conn).run())
        }
    }};
}

/// `create_..`, of values with the foreign key in them or without.
macro_rules! create {
    ($row:ident $create:ident $values:ident $conn:ident $New:ident $Full:ident) => {
        if $values.carried.is_some() {
            created($row.$create($Full::new($values), $conn).run())
        } else {
            created($row.$create($New::new($values), $conn).run())
        }
    };
}

fn is_carried(roots: &[(Values, Branch)]) -> bool {
    roots.iter().any(|(_, branch)| match branch {
        Branch::New(rows) => rows.iter().any(|values| values.carried.is_some()),
        _ => false,
    })
}

fn news<N: New>(rows: &[Values]) -> Vec<N> {
    rows.iter().map(N::new).collect()
}

macro_rules! has_one {
    ($step:ident $conn:ident $Source:ident::$CONST:ident $Target:ident ($Root:ident $New:ident $Full:ident)
        $create:ident $destroy:ident $set_destroy:ident $($set:ident $unset:ident)?) => {{
        type Key = <$Target as Named>::Key;
        match $step {
            Step::Call(Call { source, op, .. }) => {
                let row = $Source::at(source, $conn).unwrap()?;
                match op {
                    Op::Create(values) => create!(row $create values $conn $New $Full),
                    Op::DestroyAll => nothing(row.$destroy($conn).run()),
                    Op::SetDestroyPrevious(list) => {
                        nothing(row.$set_destroy(first::<Key>(list), $conn).run())
                    }
                    $(
                        Op::Set(list) => nothing(row.$set(first::<Key>(list), $conn).run()),
                        Op::Unset => nothing(row.$unset($conn).run()),
                    )?
                    other => panic!("no {other:?}"),
                }
            }
            Step::Trees(_, roots) => match &roots[0].1 {
                Branch::Link(_) => {
                    trees!($Source $Root roots $conn Link(list) $Source::$CONST.link(keys::<Key>(list)))
                }
                _ if is_carried(roots) => {
                    trees!($Source $Root roots $conn New(rows)
                        $Source::$CONST.new_row(news::<$Full>(rows).into_iter().next()))
                }
                _ => {
                    trees!($Source $Root roots $conn New(rows)
                        $Source::$CONST.new_row(news::<$New>(rows).into_iter().next()))
                }
            },
            other => panic!("no {other:?}"),
        }
    }};
}

macro_rules! has_many {
    ($step:ident $conn:ident $Source:ident::$CONST:ident $Target:ident ($Root:ident $New:ident $Full:ident)
        $create:ident $add:ident $adds:ident $destroys:ident $set_destroy:ident $($set:ident $removes:ident)?) => {{
        type Key = <$Target as Named>::Key;
        match $step {
            Step::Call(Call { source, op, .. }) => {
                let row = $Source::at(source, $conn).unwrap()?;
                match op {
                    Op::Create(values) => create!(row $create values $conn $New $Full),
                    Op::AddEach(list) => nothing(row.$add(Key::from_text(&list[0]), $conn).run()),
                    Op::Add(list) => nothing(row.$adds(keys::<Key>(list), $conn).run()),
                    Op::Destroy(list) => nothing(row.$destroys(keys::<Key>(list), $conn).run()),
                    Op::SetDestroyPrevious(list) => {
                        nothing(row.$set_destroy(keys::<Key>(list), $conn).run())
                    }
                    $(
                        Op::Set(list) => nothing(row.$set(keys::<Key>(list), $conn).run()),
                        Op::Remove(list) => nothing(row.$removes(keys::<Key>(list), $conn).run()),
                    )?
                    other => panic!("no {other:?}"),
                }
            }
            Step::Trees(_, roots) => match &roots[0].1 {
                Branch::Link(_) => {
                    trees!($Source $Root roots $conn Link(list) $Source::$CONST.link(keys::<Key>(list)))
                }
                _ if is_carried(roots) => {
                    trees!($Source $Root roots $conn New(rows) $Source::$CONST.new_rows(news::<$Full>(rows)))
                }
                _ => trees!($Source $Root roots $conn New(rows) $Source::$CONST.new_rows(news::<$New>(rows))),
            },
            other => panic!("no {other:?}"),
        }
    }};
}

macro_rules! belongs_to {
    ($step:ident $conn:ident $Source:ident::$CONST:ident $Target:ident ($Root:ident $New:ident)
        $remember:expr, $create:ident $set:ident $($unset:ident)?) => {{
        type Key = <$Target as Named>::Key;
        match $step {
            Step::Call(Call { source, op, .. }) => {
                let mut row = $Source::at(source, $conn).unwrap()?;
                match op {
                    Op::Create(values) => created(row.$create($New::new(values), $conn).run()),
                    Op::SetStale(list) => {
                        let remember: fn(&mut $Source, Key) = $remember;
                        remember(&mut row, Key::from_text(&list[0]));
                        nothing(row.$set(Key::from_text(&list[0]), $conn).run())
                    }
                    $(
                        Op::Set(list) if list.is_empty() => {
                            nothing(row.$set(first::<Key>(list), $conn).run())
                        }
                        Op::Unset => nothing(row.$unset($conn).run()),
                    )?
                    Op::Set(list) => nothing(row.$set(Key::from_text(&list[0]), $conn).run()),
                    other => panic!("no {other:?}"),
                }
            }
            Step::Trees(_, roots) => match &roots[0].1 {
                Branch::Link(_) => {
                    trees!($Source $Root roots $conn Link(list) $Source::$CONST.link(first::<Key>(list)))
                }
                _ => trees!($Source $Root roots $conn New(rows) $Source::$CONST.new_row($New::new(&rows[0]))),
            },
            other => panic!("no {other:?}"),
        }
    }};
}

macro_rules! belongs_to_many {
    ($step:ident $conn:ident $Source:ident::$CONST:ident $Target:ident ($Root:ident $New:ident $Full:ident)
        $carried:expr, $payload:expr, $create:ident $create_with:ident $add:ident $adds:ident $add_with:ident
        $adds_with:ident $removes:ident $set:ident $set_with:ident) => {{
        type Key = <$Target as Named>::Key;
        let payload = $payload;
        match $step {
            Step::Call(Call { source, op, .. }) => {
                let row = $Source::at(source, $conn).unwrap()?;
                match op {
                    Op::Create(values) => create!(row $create values $conn $New $Full),
                    Op::CreateWith(values, given) => {
                        created(row.$create_with($New::new(values), payload(*given), $conn).run())
                    }
                    Op::AddEach(list) => nothing(row.$add(Key::from_text(&list[0]), $conn).run()),
                    Op::Add(list) => nothing(row.$adds(keys::<Key>(list), $conn).run()),
                    Op::AddWith(list) => match &list[..] {
                        [(key, given)] => {
                            nothing(row.$add_with(Key::from_text(key), payload(*given), $conn).run())
                        }
                        _ => nothing(row.$adds_with(pairs::<Key, _>(list, payload), $conn).run()),
                    },
                    Op::AddCarrying(theirs, key, given) => {
                        let carried = $carried(<$Source as Named>::Key::from_text(theirs));
                        let payload = (carried, payload(*given));
                        nothing(row.$add_with(Key::from_text(key), payload, $conn).run())
                    }
                    Op::Remove(list) => nothing(row.$removes(keys::<Key>(list), $conn).run()),
                    Op::Set(list) => nothing(row.$set(keys::<Key>(list), $conn).run()),
                    Op::SetWith(list) => {
                        nothing(row.$set_with(pairs::<Key, _>(list, payload), $conn).run())
                    }
                    other => panic!("no {other:?}"),
                }
            }
            Step::Trees(_, roots) => match &roots[0].1 {
                Branch::Link(_) => {
                    trees!($Source $Root roots $conn Link(list) $Source::$CONST.link(keys::<Key>(list)))
                }
                Branch::LinkWith(_) => {
                    trees!($Source $Root roots $conn LinkWith(list)
                        $Source::$CONST.link_with(pairs::<Key, _>(list, payload)))
                }
                Branch::NewWith(_) => {
                    trees!($Source $Root roots $conn NewWith(rows) {
                        let rows = rows.iter();
                        let rows = rows.map(|(values, given)| ($New::new(values), payload(*given)));
                        $Source::$CONST.new_rows_with(rows.collect::<Vec<_>>())
                    })
                }
                Branch::New(_) if is_carried(roots) => {
                    trees!($Source $Root roots $conn New(rows) $Source::$CONST.new_rows(news::<$Full>(rows)))
                }
                Branch::New(_) => {
                    trees!($Source $Root roots $conn New(rows) $Source::$CONST.new_rows(news::<$New>(rows)))
                }
            },
            other => panic!("no {other:?}"),
        }
    }};
}

mod methods;

pub(super) use methods::call;
