//! The error codes of servers, in a table for each family of servers.
//!
//! Each table names its source: a provider's documentation, or the source text of the server.

mod code;
mod discogs;
mod fatsecret;
mod flickr;
mod mastercard;
mod mediawiki;
mod netsuite;
mod phrases;
mod problem;
mod python;
mod woocommerce;
mod wordpress;
mod x;

use super::finding::Certainty;
use super::kind::FindingKind;
use super::page::clip;
use super::received::Received;

pub(super) use code::{Report, Says};

use code::Code;

/// A family of servers, with its codes and the field that contains them.
struct Family {
    /// The name of the codes, for a person.
    name: &'static str,
    /// The name of the field.
    field: &'static str,
    codes: &'static [Code],
    /// Returns `true` if a response comes from this family. Text codes need no check, numbers do.
    is_it: fn(&Received<'_>, &str) -> bool,
}

const fn words(field: &'static str, codes: &'static [Code]) -> Family {
    Family { name: field, field, codes, is_it: |_, _| true }
}

static FAMILIES: [Family; 14] = [
    words("oauth_problem", problem::CODES),
    words("error", netsuite::CODES),
    words("code", netsuite::CODES),
    words("o:errorCode", netsuite::CODES),
    words("error", problem::CODES),
    words("error", python::CODES),
    words("ReasonCode", mastercard::CODES),
    words("code", wordpress::CODES),
    words("code", mediawiki::CODES),
    words("error", mediawiki::CODES),
    words("message", discogs::CODES),
    Family { name: "Flickr code", field: "code", codes: flickr::CODES, is_it: flickr::is_it },
    Family { name: "fatsecret code", field: "code", codes: fatsecret::CODES, is_it: fatsecret::is_it },
    Family { name: "X code", field: "code", codes: x::CODES, is_it: x::is_it },
];

/// Returns the problems that a response reports, the most certain first.
pub(super) fn reports(received: &Received<'_>, host: &str) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    let mut push = |report: Report| {
        if !reports.iter().any(|present| present.says == report.says) {
            reports.push(report);
        }
    };
    for family in FAMILIES.iter().filter(|family| (family.is_it)(received, host)) {
        for value in received.values(family.field) {
            if let Some(code) = family.codes.iter().find(|code| code.value.eq_ignore_ascii_case(value)) {
                push(Report::of(family.name, code));
            }
        }
    }
    [woocommerce::report(received), mediawiki::report(received), discogs::report(received)]
        .into_iter()
        .flatten()
        .for_each(&mut push);
    if reports.is_empty() {
        reports.extend(unknown(received));
        // Words of a sentence are less certain than a code.
        reports.extend(phrases::report(received));
    }
    reports
}

/// Returns a code of the Problem Reporting extension that is in no table.
fn unknown(received: &Received<'_>) -> Option<Report> {
    let value = received.values("oauth_problem").find(|value| !value.is_empty())?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    let shown = if value.chars().all(is_word) { clip(value, 60) } else { "(text)".to_owned() };
    Some(Report {
        shown: format!("oauth_problem {shown}"),
        says: Says::Cause(FindingKind::UnknownProblem),
        certainty: Certainty::Proven,
        remedy: "look the code up in the provider's documentation",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_that_names_a_cause_has_a_remedy_and_stands_once() {
        for (at, family) in FAMILIES.iter().enumerate() {
            for (place, code) in family.codes.iter().enumerate() {
                let twice =
                    family.codes[..place].iter().any(|other| other.value.eq_ignore_ascii_case(code.value));
                assert!(!twice, "{at}: {} twice", code.value);
                assert!(!matches!(code.says, Says::Cause(_)) || !code.remedy.is_empty(), "{}", code.value);
            }
        }
    }
}
