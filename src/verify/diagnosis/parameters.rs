//! The parameters of a base string, as a client may write them.

mod order;
mod text;
mod gather;

pub(super) use text::{with_crlf, without_cr};

use std::borrow::Cow;

use super::encoding::encode;
use super::recipe::{Encoding, ParameterRecipe};
use super::snapshot::Snapshot;

/// A parameter that is signed.
#[derive(Clone)]
struct Item<'c> {
    name: Cow<'c, [u8]>,
    value: Cow<'c, [u8]>,
    /// The place of the parameter in the request.
    place: Place,
    /// This is `true` for protocol parameters, which may have other rules.
    is_of_protocol: bool,
    /// This is `true` if the text is written without encoding it.
    is_encoded: bool,
}

/// The place of a parameter in the request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Header,
    Query,
    Form,
}

/// An encoded item, as ranges in a text that all items share.
struct Encoded {
    start: usize,
    name_end: usize,
    end: usize,
    item: usize,
}

impl Encoded {
    fn name<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.start..self.name_end]
    }

    fn value<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.name_end..self.end]
    }
}

/// Returns the parameters, joined and then encoded.
pub(super) fn render(snapshot: &Snapshot<'_>, recipe: &ParameterRecipe) -> Vec<u8> {
    let items = gather::gather(snapshot, recipe);
    let mut text = Vec::with_capacity(512);
    let mut encoded: Vec<Encoded> = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let start = text.len();
        let (names, values) = encodings(recipe, item);
        encode(names, &item.name, &mut text);
        let name_end = text.len();
        encode(values, &item.value, &mut text);
        encoded.push(Encoded { start, name_end, end: text.len(), item: number });
    }
    order::sort(recipe.order, &items, &mut encoded, &text);
    let mut out = Vec::with_capacity(text.len() + text.len() / 2 + 64);
    for (number, parameter) in encoded.iter().enumerate() {
        if number > 0 {
            encode(recipe.joined, b"&", &mut out);
        }
        encode(recipe.joined, parameter.name(&text), &mut out);
        let value = parameter.value(&text);
        if !recipe.drops_equals || !value.is_empty() {
            encode(recipe.joined, b"=", &mut out);
        }
        encode(recipe.joined, value, &mut out);
    }
    out
}

fn encodings(recipe: &ParameterRecipe, item: &Item<'_>) -> (Encoding, Encoding) {
    let or = |own: Encoding| if own == Encoding::Rfc { recipe.encoding } else { own };
    if item.is_encoded {
        (Encoding::None, Encoding::None)
    } else if item.is_of_protocol {
        (recipe.encoding, or(recipe.protocol_encoding))
    } else {
        (or(recipe.names_encoding), or(recipe.values_encoding))
    }
}
