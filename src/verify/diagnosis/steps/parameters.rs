//! Mistakes in the parameters (RFC 5849 §3.4.1.3), their encoding (§3.6) and their order.

use super::{Step, step};
use crate::parameter::{Name, ParameterSource};
use crate::verify::diagnosis::mistake::Mistake as M;
use crate::verify::diagnosis::recipe::{
    Brackets, Duplicates, Encoding, Order, ParameterRecipe, Reading, Recipe, Text, add, omit, set,
};
use crate::verify::diagnosis::snapshot::{Pair, Snapshot};

pub(super) const STEPS: &[Step] = &[
    // Choosing the parameters. Steps for unusual requests come first: they explain more than steps that fit
    // every request.
    step(M::SamePairsOnce, 1, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::Once)
    }),
    step(M::EmptyNamesDropped, 1, |r, _| omitted(r, omit::EMPTY_NAMES)),
    step(M::NamesAloneDropped, 1, |r, _| omitted(r, omit::NAMES_ALONE)),
    step(M::QueryLeftOut, 1, |r, s| has(s, ParameterSource::Query) && omitted(r, omit::QUERY)),
    step(M::FormLeftOut, 1, |r, s| has(s, ParameterSource::Form) && omitted(r, omit::FORM)),
    step(M::VersionLeftOut, 1, |r, s| known(r, s, Name::Version)),
    step(M::TokenLeftOut, 1, |r, s| known(r, s, Name::Token)),
    step(M::BodyHashLeftOut, 1, |r, s| known(r, s, Name::BodyHash)),
    step(M::VersionAdded, 1, |r, s| absent(r, s, Name::Version, add::VERSION)),
    step(M::EmptyTokenAdded, 1, |r, s| absent(r, s, Name::Token, add::EMPTY_TOKEN)),
    step(M::SignatureSigned, 1, |r, _| added(r, add::SIGNATURE)),
    step(M::SignatureSigned, 4, |r, _| added(r, add::EMPTY_SIGNATURE)),
    step(M::RealmSigned, 1, |r, s| s.realm.is_some() && added(r, add::REALM)),
    step(M::BodyAsForm, 1, |r, s| s.opaque_body.is_some() && added(r, add::BODY)),
    step(M::ProtocolParameterLeftOut, 2, |r, s| known(r, s, Name::Callback)),
    step(M::ProtocolParameterLeftOut, 2, |r, s| known(r, s, Name::Verifier)),
    step(M::ProtocolParameterLeftOut, 3, |r, s| known(r, s, Name::Method)),
    step(M::ProtocolParameterLeftOut, 4, |r, s| known(r, s, Name::Timestamp)),
    step(M::ProtocolParameterLeftOut, 4, |r, s| known(r, s, Name::Nonce)),
    step(M::ProtocolParameterLeftOut, 4, |r, s| known(r, s, Name::ClientKey)),
    step(M::ProtocolParametersLeftOut, 2, |r, s| has_header(s) && omitted(r, omit::HEADER)),
    step(M::ParameterNotSent, 4, |r, s| absent(r, s, Name::Callback, add::OOB)),
    step(M::ParameterNotSent, 4, |r, s| absent(r, s, Name::Callback, add::EMPTY_CALLBACK)),
    step(M::ParameterNotSent, 4, |r, s| absent(r, s, Name::Verifier, add::EMPTY_VERIFIER)),
    step(M::RealmLeftOut, 1, |r, _| omitted(r, omit::REALM)),
    step(M::EmptyValuesDropped, 1, |r, _| omitted(r, omit::EMPTY_VALUES)),
    step(M::EmptySegmentsSigned, 1, |r, s| has_segments(s) && added(r, add::SEGMENTS)),
    step(M::SemicolonSeparates, 1, |r, s| {
        s.has_on_wire(b';') && set(&mut r.parameters.is_cut_at_semicolons, true)
    }),
    step(M::SemicolonPairsDropped, 1, |r, s| s.has_on_wire(b';') && omitted(r, omit::SEMICOLONS)),
    step(M::ValueCutAtEquals, 1, |r, s| {
        s.has_on_wire(b'=') && set(&mut r.parameters.is_cut_at_each_equals, true)
    }),
    step(M::EqualsDropped, 1, |r, _| set(&mut r.parameters.drops_equals, true)),
    step(M::QueryHidesForm, 1, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::QueryHidesForm)
    }),
    step(M::DuplicatesDropped, 1, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::Last)
    }),
    step(M::DuplicatesDropped, 2, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::First)
    }),
    step(M::QueryHidesForm, 2, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::FormHidesQuery)
    }),
    step(M::DuplicatesRenamed, 1, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::IndexedInQuery)
    }),
    step(M::DuplicatesRenamed, 2, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::Indexed)
    }),
    step(M::DuplicatesRenamed, 2, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::Bracketed)
    }),
    step(M::DuplicatesRenamed, 2, |r, s| {
        s.has_duplicates() && set(&mut r.parameters.duplicates, Duplicates::Comma)
    }),
    // Sorting.
    step(M::UnencodedSort, 1, |r, s| is_reserved(s) && ordered(r, Order::Unencoded)),
    step(M::UnencodedSort, 1, |r, s| is_reserved(s) && ordered(r, Order::UnencodedValues)),
    step(M::UnencodedSort, 2, |r, s| is_reserved(s) && ordered(r, Order::UnencodedNames)),
    step(M::JoinedSort, 1, |r, _| ordered(r, Order::Joined)),
    step(M::ValuesNotSorted, 1, |r, s| s.has_duplicates() && ordered(r, Order::NamesOnly)),
    step(M::NotSorted, 1, |r, _| ordered(r, Order::Wire)),
    step(M::NotSorted, 4, |r, _| ordered(r, Order::WireHeaderLast)),
    step(M::NotSorted, 3, |r, _| ordered(r, Order::ProtocolLast)),
    step(M::NotSorted, 4, |r, _| ordered(r, Order::ProtocolFirst)),
    step(M::CaseInsensitiveSort, 1, |r, _| ordered(r, Order::CaseInsensitive)),
    // Decoding.
    step(M::PlusKept, 1, |r, s| s.has_on_wire(b'+') && set(&mut r.parameters.values, Reading::PlusKept)),
    step(M::PlusKept, 2, |r, s| s.has_on_wire(b'+') && both(r, Reading::PlusKept)),
    step(M::NamesEncodedTwice, 1, |r, s| is_reserved(s) && set(&mut r.parameters.names, Reading::AsSent)),
    step(M::ValuesEncodedTwice, 1, |r, s| is_reserved(s) && set(&mut r.parameters.values, Reading::AsSent)),
    step(M::ValuesEncodedTwice, 2, |r, s| is_reserved(s) && both(r, Reading::AsSent)),
    step(M::ValuesDecodedTwice, 1, |r, s| s.has(is_percent) && both(r, Reading::Twice)),
    step(M::ValuesDecodedTwice, 1, |r, s| {
        s.has(is_percent) && set(&mut r.parameters.values, Reading::TwiceInProtocol)
    }),
    step(M::ValuesDecodedTwice, 1, |r, s| {
        s.has(is_percent) && set(&mut r.parameters.protocol_values, Reading::Twice)
    }),
    step(M::Utf8EncodedTwice, 1, |r, s| s.has(is_high) && set(&mut r.parameters.text, Text::Utf8Twice)),
    step(M::Utf8EncodedTwice, 2, |r, s| {
        s.has(is_high) && set(&mut r.parameters.text, Text::Utf8TwiceInQuery)
    }),
    step(M::Latin1, 1, |r, s| s.has(is_high) && set(&mut r.parameters.text, Text::Latin1)),
    step(M::InvalidUtf8Replaced, 1, |r, s| s.has(is_high) && set(&mut r.parameters.text, Text::Replaced)),
    step(M::InvalidUtf8Replaced, 2, |r, s| s.has(is_high) && set(&mut r.parameters.text, Text::ReplacedRuns)),
    step(M::InvalidUtf8Replaced, 2, |r, s| {
        s.has(is_high) && set(&mut r.parameters.text, Text::QuestionMarks)
    }),
    step(M::LineBreaks, 1, |r, s| s.has(|byte| byte == b'\n') && set(&mut r.parameters.text, Text::Crlf)),
    step(M::LineBreaks, 1, |r, s| s.has(|byte| byte == b'\r') && set(&mut r.parameters.text, Text::Lf)),
    step(M::WhiteSpaceTrimmed, 1, |r, s| {
        s.has(|byte| byte.is_ascii_whitespace()) && set(&mut r.parameters.text, Text::Trimmed)
    }),
    // Encoding. The steps that explain several requests in a row come first.
    step(M::BracketsRewritten, 1, |r, s| s.has(is_bracket) && everywhere(r, Encoding::Brackets)),
    step(M::ProtocolValuesNotEncoded, 1, |r, s| {
        is_reserved(s) && set(&mut r.parameters.protocol_encoding, Encoding::None)
    }),
    step(M::ValuesNotEncoded, 1, |r, s| {
        is_reserved(s) && set(&mut r.parameters.values_encoding, Encoding::None)
    }),
    step(M::ValuesNotEncoded, 1, |r, s| is_reserved(s) && values(&mut r.parameters, Encoding::None)),
    step(M::ValuesNotEncoded, 1, |r, s| is_reserved(s) && everywhere(r, Encoding::None)),
    step(M::NamesNotEncoded, 1, |r, s| {
        is_reserved(s) && set(&mut r.parameters.names_encoding, Encoding::None)
    }),
    step(M::ValuesNotEncoded, 1, |r, s| {
        is_reserved(s) && names_and_values(&mut r.parameters, Encoding::None)
    }),
    step(M::BracketsRewritten, 1, |r, s| {
        s.has(is_bracket) && set(&mut r.parameters.brackets, Brackets::Removed)
    }),
    step(M::BracketsRewritten, 1, |r, s| {
        s.has(is_bracket) && set(&mut r.parameters.brackets, Brackets::Indexed)
    }),
    step(M::BracketsRewritten, 1, |r, s| {
        s.has(is_bracket) && set(&mut r.parameters.brackets, Brackets::Emptied)
    }),
    step(M::EncodedAsSent, 2, |r, s| {
        is_reserved(s) && set(&mut r.parameters.values, Reading::AsSentUnencoded)
    }),
    step(M::SpaceAsPlus, 1, |r, s| s.has(is_space) && everywhere(r, Encoding::Plus)),
    step(M::TildeEncoded, 1, |r, s| s.has(|byte| byte == b'~') && everywhere(r, Encoding::Tilde)),
    step(M::FormEncoding, 1, |r, s| is_odd_in_forms(s) && everywhere(r, Encoding::Form)),
    step(M::ReservedNotEncoded, 1, |r, s| s.has(is_mark) && everywhere(r, Encoding::Component)),
    step(M::ReservedNotEncoded, 1, |r, s| s.has(|byte| byte == b'/') && everywhere(r, Encoding::Slash)),
    step(M::ReservedNotEncoded, 2, |r, s| is_reserved(s) && everywhere(r, Encoding::Uri)),
    step(M::FormEncoding, 2, |r, s| is_reserved(s) && everywhere(r, Encoding::FormLower)),
    step(M::NamesEncodedTwice, 2, |r, s| {
        is_reserved(s) && set(&mut r.parameters.names_encoding, Encoding::Twice)
    }),
    step(M::ValuesEncodedTwice, 2, |r, s| {
        is_reserved(s) && set(&mut r.parameters.values_encoding, Encoding::Twice)
    }),
    step(M::ProtocolValuesEncodedTwice, 2, |r, s| {
        is_reserved(s) && set(&mut r.parameters.protocol_encoding, Encoding::Twice)
    }),
    step(M::ValuesEncodedTwice, 2, |r, s| is_reserved(s) && everywhere(r, Encoding::Twice)),
    step(M::LetterFolding, 1, |r, s| s.has(is_high) && everywhere(r, Encoding::Letters)),
    // The joined text.
    step(M::LowerCaseEscapes, 1, |r, _| {
        let head = set(&mut r.head.encoding, Encoding::Lower);
        head && everywhere(r, Encoding::Lower) && set(&mut r.parameters.joined, Encoding::Lower)
    }),
    step(M::LowerCaseEscapes, 1, |r, s| is_reserved(s) && everywhere(r, Encoding::Lower)),
    step(M::LowerCaseEscapes, 2, |r, _| {
        set(&mut r.head.encoding, Encoding::Lower) && set(&mut r.parameters.joined, Encoding::Lower)
    }),
    step(M::ParametersNotEncoded, 1, |r, _| set(&mut r.parameters.joined, Encoding::None)),
    step(M::ParametersNotEncoded, 2, |r, _| {
        set(&mut r.head.encoding, Encoding::None) && set(&mut r.parameters.joined, Encoding::None)
    }),
    step(M::FormEncoding, 3, |r, _| {
        everywhere(r, Encoding::FormLower)
            && set(&mut r.parameters.joined, Encoding::FormLower)
            && set(&mut r.head.encoding, Encoding::FormLower)
    }),
];

fn omitted(recipe: &mut Recipe, what: u32) -> bool {
    let is_new = recipe.parameters.omitted & what == 0;
    recipe.parameters.omitted |= what;
    is_new
}

fn added(recipe: &mut Recipe, what: u32) -> bool {
    let is_new = recipe.parameters.added & what == 0;
    recipe.parameters.added |= what;
    is_new
}

fn known(recipe: &mut Recipe, snapshot: &Snapshot<'_>, name: Name) -> bool {
    snapshot.has_known(name) && omitted(recipe, 1 << (omit::KNOWN + name as u32))
}

fn absent(recipe: &mut Recipe, snapshot: &Snapshot<'_>, name: Name, what: u32) -> bool {
    !snapshot.has_known(name) && added(recipe, what)
}

fn ordered(recipe: &mut Recipe, order: Order) -> bool {
    set(&mut recipe.parameters.order, order)
}

fn both(recipe: &mut Recipe, reading: Reading) -> bool {
    set(&mut recipe.parameters.names, reading) && set(&mut recipe.parameters.values, reading)
}

fn values(recipe: &mut ParameterRecipe, encoding: Encoding) -> bool {
    set(&mut recipe.values_encoding, encoding) && set(&mut recipe.protocol_encoding, encoding)
}

fn names_and_values(recipe: &mut ParameterRecipe, encoding: Encoding) -> bool {
    set(&mut recipe.names_encoding, encoding) && set(&mut recipe.values_encoding, encoding)
}

fn everywhere(recipe: &mut Recipe, encoding: Encoding) -> bool {
    set(&mut recipe.parameters.encoding, encoding)
}

fn has(snapshot: &Snapshot<'_>, source: ParameterSource) -> bool {
    snapshot.pairs.iter().any(|pair| pair.source == source && pair.known.is_none())
}

fn has_segments(snapshot: &Snapshot<'_>) -> bool {
    snapshot.pairs.iter().any(Pair::is_segment)
}

fn has_header(snapshot: &Snapshot<'_>) -> bool {
    snapshot.pairs.iter().any(|pair| pair.source == ParameterSource::Protocol)
}

/// Returns `true` if the request has bytes that must be escaped, so that encodings differ.
fn is_reserved(snapshot: &Snapshot<'_>) -> bool {
    snapshot.has_reserved()
}

fn is_odd_in_forms(snapshot: &Snapshot<'_>) -> bool {
    snapshot.has(|byte| matches!(byte, b' ' | b'~' | b'*'))
}

fn is_percent(byte: u8) -> bool {
    byte == b'%'
}

fn is_high(byte: u8) -> bool {
    !byte.is_ascii()
}

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'[' | b']')
}

fn is_space(byte: u8) -> bool {
    byte == b' '
}

fn is_mark(byte: u8) -> bool {
    b"!*'()".contains(&byte)
}
