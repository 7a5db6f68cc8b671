//! The page: the people, and a diagram of the tables, drawn from what the models
//! declare.

use crate::models::{City, DrivingLicense, Person, Profile, Toot};
use orm_core::association::{AssociationInfo, AssociationKind};
use orm_core::prelude::*;
use std::fmt::Write;

/// The tables that have a model, and where they stand.
const TABLES: [(&str, (i32, i32), &[AssociationInfo]); 4] = [
    ("cities", (20, 20), City::ASSOCIATIONS),
    ("people", (300, 20), Person::ASSOCIATIONS),
    ("driving_licenses", (300, 170), DrivingLicense::ASSOCIATIONS),
    ("toots", (580, 20), Toot::ASSOCIATIONS),
];

const WIDTH: i32 = 160;
const HEIGHT: i32 = 50;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The page.
pub(crate) fn html(people: &[Profile]) -> String {
    let mut rows = String::new();
    for profile in people {
        let liked = profile.liked_toots.iter().map(|liked| {
            let (toot, author) = (&liked.toot.body, &liked.author.name);
            format!("{} <small>by {}</small>", escaped(toot), escaped(author))
        });
        let liked: Vec<_> = liked.collect();
        let license = profile.driving_license.as_ref();
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&profile.person.name),
            escaped(&profile.birthplace.name),
            escaped(license.map_or("", |license| &license.number)),
            liked.join(", ")
        );
    }
    format!(
        "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>People</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #ddd }}
  small {{ color: #666 }}
  svg {{ width: 100%; height: auto }}
</style>
<h1>People</h1>
<table><tr><th>name</th><th>born in</th><th>license</th><th>likes</th></tr>{rows}</table>
<h2>Tables</h2>
{}
</html>",
        diagram()
    )
}

/// The middle of a table's box.
fn middle(table: &str) -> Option<(i32, i32)> {
    let place = TABLES.iter().find(|(name, ..)| *name == table);
    place.map(|(_, (x, y), _)| (x + WIDTH / 2, y + HEIGHT / 2))
}

/// How many rows of the source and of the target belong together.
fn cardinality(kind: AssociationKind) -> &'static str {
    match kind {
        AssociationKind::HasOne => "1 : 1",
        AssociationKind::HasMany => "1 : n",
        AssociationKind::BelongsTo => "n : 1",
        AssociationKind::BelongsToMany => "n : m",
    }
}

/// The tables and the associations that models declare between them, each pair of
/// tables with one line for each name.
fn diagram() -> String {
    let mut lines = String::new();
    let mut labels = Vec::new();
    for association in TABLES.iter().flat_map(|(.., associations)| *associations) {
        let ends = (association.source_table, association.target_table);
        let (Some(from), Some(to)) = (middle(ends.0), middle(ends.1)) else {
            continue;
        };
        let between = (i32::midpoint(from.0, to.0), i32::midpoint(from.1, to.1));
        let above = labels.iter().filter(|at| **at == between).count();
        labels.push(between);
        let below = i32::try_from(above).unwrap_or_default() * 16;
        let _ = write!(
            lines,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"#bbb\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"11\" text-anchor=\"middle\" fill=\"#555\" \
             stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\">{} {}</text>",
            from.0,
            from.1,
            to.0,
            to.1,
            between.0,
            between.1 - 6 + below,
            association.name,
            cardinality(association.kind)
        );
    }
    let boxes = TABLES.iter().map(|(name, (x, y), _)| {
        let (middle, text) = (x + WIDTH / 2, y + HEIGHT / 2 + 5);
        format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\" fill=\"#eef4ff\" stroke=\"#68c\"/>\
             <text x=\"{middle}\" y=\"{text}\" font-size=\"14\" text-anchor=\"middle\">{name}</text>"
        )
    });
    let boxes: String = boxes.collect();
    format!("<svg viewBox=\"0 0 760 240\" role=\"img\" aria-label=\"tables\">{lines}{boxes}</svg>")
}
