//! The protocol parameters of a signer (`oauth_…`), encoded once in advance (RFC 5849 §3.1).
//!
//! Only the timestamp, the nonce and the body hash differ between requests. So this module keeps the sorted
//! and doubly encoded text of all parameters for the base string, with holes for the values of these three.

use std::ops::Range;

use super::order::{self, Key};
use super::writer::{Sink, Writer};
use crate::form::{Coding, Decoded};
use crate::parameter::Name;
use crate::percent::percent_encode;
use crate::stamp::{Stamp, Text};

/// The values that differ between requests.
pub(crate) struct Values<'v> {
    pub(crate) stamp: Option<&'v Stamp>,
    pub(crate) body_hash: Option<&'v str>,
}

/// The value of [`Values`] that follows a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hole {
    None,
    Timestamp,
    Nonce,
    BodyHash,
}

/// The value of a parameter when a signer is built: fixed, or filled in for each request.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Fixed(String),
    Timestamp,
    Nonce,
    BodyHash,
}

/// A protocol parameter, with its name, its sort key and its text.
pub(crate) struct Piece {
    name: Box<[u8]>,
    key: Key,
    run: Run,
}

impl Piece {
    pub(crate) fn name(&self) -> Decoded<'_> {
        Decoded::new(&self.name, Coding::Plain)
    }

    pub(crate) fn key(&self) -> Key {
        self.key
    }

    /// Returns `true` if the parameter is sent with these values.
    pub(crate) fn is_sent(&self, values: &Values<'_>) -> bool {
        self.run.is_sent(values)
    }
}

/// The text of one or several consecutive pieces, up to a hole or to the end.
#[derive(Clone)]
struct Run {
    text: Range<usize>,
    hole: Hole,
    pieces: usize,
}

impl Run {
    /// Returns `true` unless this is the run of a body hash and `values` has none.
    fn is_sent(&self, values: &Values<'_>) -> bool {
        self.hole != Hole::BodyHash || values.body_hash.is_some()
    }
}

/// The protocol parameters of a signer.
pub(crate) struct Compiled {
    /// All parameters in sorted order, with `oauth_signature`, which is not part of the base string.
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    /// The concatenation of `%26name%3Dvalue` for each piece, with name and value encoded twice.
    text: Vec<u8>,
    /// The fixed pairs, not encoded, in the order of the base string.
    fixed: Vec<(String, String)>,
    /// The coding of all values: plain, or encoded once only.
    value_coding: Coding,
}

impl Compiled {
    /// Creates the text of `parameters`, which must not contain a name twice.
    ///
    /// If `encodes_values` is `false`, values are encoded once: see `SignerBuilder::encode_header_values`.
    pub(crate) fn new(mut parameters: Vec<(String, Value)>, encodes_values: bool) -> Self {
        let value_coding = if encodes_values { Coding::Plain } else { Coding::Once };
        parameters.sort_by_cached_key(|(name, _)| percent_encode(name));
        let mut text = Vec::new();
        let mut pieces = Vec::with_capacity(parameters.len() + 1);
        let mut fixed = Vec::new();
        for (name, value) in parameters {
            let start = text.len();
            text.extend_from_slice(SEPARATOR);
            text.extend_from_slice(percent_encode(percent_encode(&name)).as_bytes());
            text.extend_from_slice(b"%3D");
            let hole = match value {
                Value::Fixed(value) => {
                    let once = percent_encode(&value);
                    let twice = if encodes_values { percent_encode(once) } else { once };
                    text.extend_from_slice(twice.as_bytes());
                    fixed.push((name.clone(), value));
                    Hole::None
                }
                Value::Timestamp => Hole::Timestamp,
                Value::Nonce => Hole::Nonce,
                Value::BodyHash => Hole::BodyHash,
            };
            pieces.push(Piece::new(&name, Run { text: start..text.len(), hole, pieces: 1 }));
        }
        let runs = runs(&pieces);
        // > The "oauth_signature" parameter MUST be excluded from the signature base string.
        let signature = Decoded::new(Name::Signature.as_str().as_bytes(), Coding::Plain);
        let place = pieces.partition_point(|piece| order::compare(piece.name(), signature.clone()).is_lt());
        pieces.insert(
            place,
            Piece::new(Name::Signature.as_str(), Run { text: 0..0, hole: Hole::None, pieces: 0 }),
        );
        Self { pieces, runs, text, fixed, value_coding }
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the fixed pairs: all except nonce, timestamp, body hash and signature.
    pub(crate) fn fixed(&self) -> &[(String, String)] {
        &self.fixed
    }

    /// Writes all pieces, and returns their number.
    ///
    /// If `first` is `true`, no parameter comes before them, and the first piece is written without its
    /// separator.
    #[inline]
    pub(crate) fn write_all<S: Sink>(
        &self,
        first: bool,
        values: &Values<'_>,
        out: &mut Writer<'_, S>,
    ) -> usize {
        let mut count = 0;
        for run in &self.runs {
            count += self.write_run(run, first && count == 0, values, out);
        }
        count
    }

    /// Writes one piece, as [`write_all`](Self::write_all) does.
    pub(crate) fn write_piece<S: Sink>(
        &self,
        piece: &Piece,
        first: bool,
        values: &Values<'_>,
        out: &mut Writer<'_, S>,
    ) -> usize {
        self.write_run(&piece.run, first, values, out)
    }

    #[inline]
    fn write_run<S: Sink>(
        &self,
        run: &Run,
        first: bool,
        values: &Values<'_>,
        out: &mut Writer<'_, S>,
    ) -> usize {
        if run.pieces == 0 || !run.is_sent(values) {
            return 0;
        }
        let text = &self.text[run.text.clone()];
        out.text(if first { &text[SEPARATOR.len()..] } else { text });
        match (run.hole, values.stamp, values.body_hash) {
            (Hole::Timestamp, Some(stamp), _) => write_twice(stamp.timestamp(), out),
            (Hole::Nonce, Some(stamp), _) => write_twice(stamp.nonce(), out),
            (Hole::BodyHash, _, Some(hash)) => out.twice(&Decoded::new(hash.as_bytes(), self.value_coding)),
            _ => {}
        }
        run.pieces
    }
}

/// `&`, encoded once.
pub(crate) const SEPARATOR: &[u8] = b"%26";

impl Piece {
    fn new(name: &str, run: Run) -> Self {
        let name: Box<[u8]> = name.as_bytes().into();
        let key = order::key(Decoded::new(&name, Coding::Plain));
        Self { name, key, run }
    }
}

/// Joins consecutive pieces into runs that end at a hole.
fn runs(pieces: &[Piece]) -> Vec<Run> {
    // Some requests are sent without a body hash, so it has a run of its own.
    let mut runs: Vec<Run> = Vec::new();
    for Piece { run: next, .. } in pieces {
        match runs.last_mut() {
            Some(run) if run.hole == Hole::None && next.hole != Hole::BodyHash => {
                run.text.end = next.text.end;
                run.hole = next.hole;
                run.pieces += next.pieces;
            }
            _ => runs.push(next.clone()),
        }
    }
    runs
}

/// Writes a timestamp or a nonce encoded once, for a header.
#[inline]
pub(crate) fn write_once<S: Sink>(text: &Text, out: &mut Writer<'_, S>) {
    match text {
        Text::Plain(text, len) => out.start_of(text, *len),
        Text::Given(text) => out.once(text.bytes()),
    }
}

/// Writes a timestamp or a nonce encoded twice, for a base string.
#[inline]
fn write_twice<S: Sink>(text: &Text, out: &mut Writer<'_, S>) {
    match text {
        Text::Plain(text, len) => out.start_of(text, *len),
        Text::Given(text) => out.twice(&Decoded::new(text.as_bytes(), Coding::Plain)),
    }
}
