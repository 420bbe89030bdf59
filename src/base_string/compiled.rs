//! RFC 5849 §3.1: the protocol parameters of a signer, `oauth_…`, made ready once.
//!
//! They are the same for each request but for timestamp, nonce and body hash. So their text is kept:
//! encoded twice and sorted for the base string, encoded once for the header and for query or form,
//! with holes where those three belong.

use std::ops::Range;

use super::order::{self, Key};
use super::writer::{Sink, Writer};
use crate::form::{Coding, Decoded};
use crate::parameter::Name;
use crate::percent::percent_encode;
use crate::stamp::{Stamp, Text};

/// What is different for each request.
pub(crate) struct Values<'v> {
    pub(crate) stamp: Option<&'v Stamp>,
    pub(crate) body_hash: Option<&'v str>,
}

/// Which of [`Values`] belongs behind a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hole {
    None,
    Timestamp,
    Nonce,
    BodyHash,
}

/// What a parameter's value is when a signer is built.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Fixed(String),
    Timestamp,
    Nonce,
    BodyHash,
}

/// One name of the protocol, in sorted order.
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

    /// Whether it is sent with these values.
    pub(crate) fn is_sent(&self, values: &Values<'_>) -> bool {
        self.run.is_sent(values)
    }
}

/// Text up to a hole, or to the end: one piece, or several that no parameter of a request comes between.
#[derive(Clone)]
struct Run {
    text: Range<usize>,
    hole: Hole,
    pieces: usize,
}

impl Run {
    /// A body hash is not sent always.
    fn is_sent(&self, values: &Values<'_>) -> bool {
        self.hole != Hole::BodyHash || values.body_hash.is_some()
    }
}

/// The protocol parameters of a signer.
pub(crate) struct Compiled {
    /// All names, `oauth_signature` among them, which is no part of the base string.
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    /// `%26name%3Dvalue` for each piece, one behind the other, encoded twice.
    text: Vec<u8>,
    /// The fixed pairs, as they were given, in the order of the base string.
    fixed: Vec<(String, String)>,
}

impl Compiled {
    /// `parameters` must have no name twice.
    pub(crate) fn new(mut parameters: Vec<(String, Value)>) -> Self {
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
                    text.extend_from_slice(percent_encode(percent_encode(&value)).as_bytes());
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
        Self { pieces, runs, text, fixed }
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The fixed pairs: all but nonce, timestamp, body hash and signature.
    pub(crate) fn fixed(&self) -> &[(String, String)] {
        &self.fixed
    }

    /// Writes all pieces, the first without its separator where it is the `first` of all; answers
    /// how many there were.
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
            (Hole::BodyHash, _, Some(hash)) => out.twice(&Decoded::new(hash.as_bytes(), Coding::Plain)),
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

/// Joins neighbours up to each hole. The body hash is left out of some requests, so it stands alone.
fn runs(pieces: &[Piece]) -> Vec<Run> {
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

/// Writes a timestamp or a nonce encoded once, as headers have it.
#[inline]
pub(crate) fn write_once<S: Sink>(text: &Text, out: &mut Writer<'_, S>) {
    match text {
        Text::Plain(text, len) => out.start_of(text, *len),
        Text::Given(text) => out.once(text.bytes()),
    }
}

/// Writes a timestamp or a nonce encoded twice, as base strings have it.
#[inline]
fn write_twice<S: Sink>(text: &Text, out: &mut Writer<'_, S>) {
    match text {
        Text::Plain(text, len) => out.start_of(text, *len),
        Text::Given(text) => out.twice(&Decoded::new(text.as_bytes(), Coding::Plain)),
    }
}
