//! Selects the parameters that a client signs, and their bytes (RFC 5849 §3.4.1.3.1).

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::text::{read, transform};
use super::{Item, Place};
use crate::parameter::{Name, ParameterSource};
use crate::verify::diagnosis::recipe::{Brackets, Duplicates, ParameterRecipe, Reading, add, omit};
use crate::verify::diagnosis::snapshot::{Pair, Snapshot, pair_of};

pub(super) fn gather<'c>(snapshot: &Snapshot<'c>, recipe: &ParameterRecipe) -> Vec<Item<'c>> {
    let mut items = Vec::with_capacity(snapshot.pairs.len() + 1);
    for pair in &snapshot.pairs {
        push(&mut items, pair, recipe);
    }
    if recipe.added & add::BODY != 0
        && let Some(body) = snapshot.opaque_body
    {
        for segment in body.split(|&byte| byte == b'&').take(MOST_SEGMENTS) {
            push(&mut items, &pair_of(segment, ParameterSource::Form), recipe);
        }
    }
    add_others(&mut items, snapshot, recipe);
    rename_brackets(&mut items, recipe.brackets);
    drop_duplicates(&mut items, recipe.duplicates);
    items
}

/// The maximum number of segments of a body. A body that is no form may contain any number of `&`.
const MOST_SEGMENTS: usize = 1_000;

fn push<'c>(items: &mut Vec<Item<'c>>, pair: &Pair<'c>, recipe: &ParameterRecipe) {
    if pair.known == Some(Name::Signature) && recipe.added & add::SIGNATURE == 0
        || is_omitted(pair, recipe.omitted)
    {
        return;
    }
    if pair.is_segment() && recipe.added & add::SEGMENTS == 0 {
        return;
    }
    let is_of_wire = pair.source != ParameterSource::Protocol;
    if is_of_wire
        && recipe.is_cut_at_semicolons
        && (pair.wire_name.contains(&b';') || pair.wire_value.contains(&b';'))
    {
        // The whole segment, from its name to the end of its value.
        let segment = if pair.has_equals {
            [pair.wire_name, pair.wire_value].join(&b'=')
        } else {
            pair.wire_name.to_vec()
        };
        for segment in segment.split(|&byte| byte == b';').filter(|segment| !segment.is_empty()) {
            let part = pair_of(segment, pair.source);
            let (name, value) = (part.name.into_owned(), part.value.into_owned());
            items.push(item(pair, Cow::Owned(name), Cow::Owned(value), false));
        }
        return;
    }
    if !pair.is_of_protocol() && recipe.values == Reading::AsSentUnencoded {
        items.push(item(pair, Cow::Borrowed(pair.wire_name), Cow::Borrowed(pair.wire_value), true));
        return;
    }
    let readings = if pair.is_of_protocol() {
        (Reading::Decoded, recipe.protocol_values)
    } else {
        (recipe.names, recipe.values)
    };
    let is_prefixed = pair.name.starts_with(b"oauth_");
    let name = transform(read(pair.wire_name, &pair.name, readings.0, is_prefixed), recipe.text, pair.source);
    let mut value =
        transform(read(pair.wire_value, &pair.value, readings.1, is_prefixed), recipe.text, pair.source);
    if recipe.is_cut_at_each_equals
        && is_of_wire
        && let Some(at) = pair.wire_value.iter().position(|&byte| byte == b'=')
    {
        let cut = pair_of(&pair.wire_value[..at], pair.source);
        // A segment without `=` is only a name.
        value = cut.name;
    }
    items.push(item(pair, name, value, false));
}

fn item<'c>(pair: &Pair<'c>, name: Cow<'c, [u8]>, value: Cow<'c, [u8]>, is_encoded: bool) -> Item<'c> {
    let place = match pair.source {
        ParameterSource::Protocol => Place::Header,
        ParameterSource::Query => Place::Query,
        ParameterSource::Form => Place::Form,
    };
    Item { name, value, place, is_of_protocol: pair.is_of_protocol(), is_encoded }
}

fn is_omitted(pair: &Pair<'_>, omitted: u32) -> bool {
    if omitted == 0 {
        return false;
    }
    let is = |what: u32| omitted & what != 0;
    if let Some(known) = pair.known {
        return is(1 << (omit::KNOWN + known as u32))
            || is(omit::HEADER) && pair.source == ParameterSource::Protocol;
    }
    match pair.source {
        ParameterSource::Protocol => is(omit::HEADER),
        ParameterSource::Query if is(omit::QUERY) => true,
        ParameterSource::Form if is(omit::FORM) => true,
        _ => {
            let is_segment = pair.is_segment();
            is(omit::EMPTY_VALUES) && pair.value.is_empty() && !is_segment
                || is(omit::EMPTY_NAMES) && pair.name.is_empty() && !is_segment
                || is(omit::NAMES_ALONE) && !pair.has_equals && !is_segment
                || is(omit::SEMICOLONS) && (pair.wire_name.contains(&b';') || pair.wire_value.contains(&b';'))
                || is(omit::REALM) && *pair.name == *b"realm"
        }
    }
}

fn add_others<'c>(items: &mut Vec<Item<'c>>, snapshot: &Snapshot<'c>, recipe: &ParameterRecipe) {
    let mut add = |what: u32, name: &'static str, value: &'c [u8]| {
        if recipe.added & what != 0 {
            items.push(Item {
                name: Cow::Borrowed(name.as_bytes()),
                value: Cow::Borrowed(value),
                place: Place::Header,
                is_of_protocol: true,
                is_encoded: false,
            });
        }
    };
    add(add::REALM, "realm", snapshot.realm.unwrap_or_default());
    add(add::EMPTY_TOKEN, Name::Token.as_str(), b"");
    add(add::VERSION, Name::Version.as_str(), b"1.0");
    add(add::OOB, Name::Callback.as_str(), b"oob");
    add(add::EMPTY_CALLBACK, Name::Callback.as_str(), b"");
    add(add::EMPTY_VERIFIER, Name::Verifier.as_str(), b"");
    add(add::EMPTY_SIGNATURE, Name::Signature.as_str(), b"");
}

/// Rewrites the brackets in names.
fn rename_brackets(items: &mut [Item<'_>], brackets: Brackets) {
    if brackets == Brackets::AsSent {
        return;
    }
    let mut seen: HashMap<Vec<u8>, usize> = HashMap::new();
    for item in items.iter_mut().filter(|item| !item.is_of_protocol && item.name.ends_with(b"]")) {
        let Some(at) = item.name.iter().rposition(|&byte| byte == b'[') else { continue };
        let (stem, inner) = (item.name[..at].to_vec(), &item.name[at + 1..item.name.len() - 1]);
        let name = match brackets {
            Brackets::Removed if inner.is_empty() => stem,
            Brackets::Indexed if inner.is_empty() => {
                let next = seen.entry(stem.clone()).or_default();
                let name = [&*stem, format!("[{next}]").as_bytes()].concat();
                *next += 1;
                name
            }
            Brackets::Emptied if inner.iter().all(u8::is_ascii_digit) => [&*stem, b"[]"].concat(),
            _ => continue,
        };
        item.name = Cow::Owned(name);
    }
}

/// Handles parameters that share a name. Protocol parameters are sent once.
fn drop_duplicates(items: &mut Vec<Item<'_>>, duplicates: Duplicates) {
    match duplicates {
        Duplicates::All => {}
        Duplicates::First | Duplicates::Once => {
            let mut seen = HashSet::new();
            let is_pair = duplicates == Duplicates::Once;
            items.retain(|item| {
                let value = if is_pair { item.value.to_vec() } else { Vec::new() };
                item.is_of_protocol || seen.insert((item.name.to_vec(), value))
            });
        }
        Duplicates::Last => {
            items.reverse();
            drop_duplicates(items, Duplicates::First);
            items.reverse();
        }
        Duplicates::QueryHidesForm | Duplicates::FormHidesQuery => {
            let (shown, hidden) = match duplicates {
                Duplicates::QueryHidesForm => (Place::Query, Place::Form),
                _ => (Place::Form, Place::Query),
            };
            let names: HashSet<Vec<u8>> =
                items.iter().filter(|item| item.place == shown).map(|item| item.name.to_vec()).collect();
            items.retain(|item| item.is_of_protocol || item.place != hidden || !names.contains(&*item.name));
        }
        Duplicates::Indexed | Duplicates::IndexedInQuery | Duplicates::Bracketed => {
            let mut counts: HashMap<Vec<u8>, (usize, usize)> = HashMap::new();
            let is_one = |item: &Item<'_>| {
                !item.is_of_protocol
                    && (duplicates != Duplicates::IndexedInQuery || item.place == Place::Query)
            };
            for item in items.iter().filter(|item| is_one(item)) {
                counts.entry(item.name.to_vec()).or_default().0 += 1;
            }
            for item in items.iter_mut() {
                if !is_one(item) {
                    continue;
                }
                let Some((count, next)) = counts.get_mut(&*item.name) else { continue };
                if *count < 2 {
                    continue;
                }
                let suffix =
                    if duplicates == Duplicates::Bracketed { "[]".into() } else { format!("[{next}]") };
                *next += 1;
                item.name = Cow::Owned([&*item.name, suffix.as_bytes()].concat());
            }
        }
        Duplicates::Comma => {
            let mut joined: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
            for item in items.iter().filter(|item| !item.is_of_protocol) {
                match joined.entry(item.name.to_vec()) {
                    Entry::Vacant(place) => {
                        place.insert(item.value.to_vec());
                    }
                    Entry::Occupied(mut place) => {
                        place.get_mut().push(b',');
                        place.get_mut().extend_from_slice(&item.value);
                    }
                }
            }
            // The first parameter of a name takes all of its values, and the others are removed.
            items.retain_mut(|item| match joined.remove(&*item.name) {
                Some(values) if !item.is_of_protocol => {
                    item.value = Cow::Owned(values);
                    true
                }
                _ => item.is_of_protocol,
            });
        }
    }
}
