//! RFC 5849 §3.1: the protocol parameters, `oauth_…`, made ready once for each signer.
//!
//! They are the same for each request but for timestamp, nonce and body hash. So their text is kept:
//! encoded twice and sorted for the base string, encoded once for the header and for query or form,
//! with holes where those three belong.

use std::ops::Range;

use crate::encode::{Coding, Octets, percent_encode};
use crate::order::{self, Key};
use crate::stamp::Stamp;
use crate::writer::{Sink, Writer};

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

/// The names that a signer writes by itself where it is told to.
pub(crate) const SIGNATURE: &str = "oauth_signature";
pub(crate) const TIMESTAMP: &str = "oauth_timestamp";
pub(crate) const NONCE: &str = "oauth_nonce";
pub(crate) const BODY_HASH: &str = "oauth_body_hash";

/// One name of the protocol, in sorted order.
pub(crate) struct Piece {
    name: Box<[u8]>,
    key: Key,
    text: Range<usize>,
    hole: Hole,
}

impl Piece {
    pub(crate) fn name(&self) -> Octets<'_> {
        Octets::new(&self.name, Coding::Plain)
    }

    pub(crate) fn key(&self) -> Key {
        self.key
    }

    /// Whether it is sent with these values: a body hash is not always.
    pub(crate) fn is_sent(&self, values: &Values<'_>) -> bool {
        self.hole != Hole::BodyHash || values.body_hash.is_some()
    }
}

/// Text up to a hole, or to the end: pieces that no parameter of a request comes between.
struct Run {
    text: Range<usize>,
    hole: Hole,
    pieces: usize,
}

/// The protocol parameters of a signer.
pub(crate) struct Protocol {
    /// All names, `oauth_signature` among them, which is no part of the base string.
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    /// `%26name%3Dvalue` for each piece, one behind the other, encoded twice.
    text: Vec<u8>,
    /// The fixed pairs, as they were given, in the order of the base string.
    fixed: Vec<(String, String)>,
}

impl Protocol {
    /// `parameters` must have no name twice.
    pub(crate) fn new(mut parameters: Vec<(String, Value)>) -> Self {
        parameters.sort_by_cached_key(|(name, _)| percent_encode(name));
        let mut text = Vec::new();
        let mut pieces = Vec::with_capacity(parameters.len() + 1);
        let mut fixed = Vec::new();
        for (name, value) in parameters {
            let start = text.len();
            text.extend_from_slice(b"%26");
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
            pieces.push(Piece::new(&name, start..text.len(), hole));
        }
        let runs = runs(&pieces);
        // > The "oauth_signature" parameter MUST be excluded from the signature base string.
        let signature = Octets::new(SIGNATURE.as_bytes(), Coding::Plain);
        let place = pieces.partition_point(|piece| order::compare(piece.name(), signature.clone()).is_lt());
        pieces.insert(place, Piece::new(SIGNATURE, 0..0, Hole::None));
        Self { pieces, runs, text, fixed }
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The fixed pairs: all but nonce, timestamp, body hash and signature.
    pub(crate) fn fixed(&self) -> &[(String, String)] {
        &self.fixed
    }

    /// Whether nonce and timestamp are sent.
    pub(crate) fn is_stamped(&self) -> bool {
        self.pieces.iter().any(|piece| piece.hole == Hole::Nonce)
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
            count +=
                self.write_text(first && count == 0, run.text.clone(), run.hole, run.pieces, values, out);
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
        if piece.text.is_empty() {
            return 0;
        }
        self.write_text(first, piece.text.clone(), piece.hole, 1, values, out)
    }

    #[inline]
    fn write_text<S: Sink>(
        &self,
        first: bool,
        mut range: Range<usize>,
        hole: Hole,
        pieces: usize,
        values: &Values<'_>,
        out: &mut Writer<'_, S>,
    ) -> usize {
        if hole == Hole::BodyHash && values.body_hash.is_none() {
            return 0;
        }
        if first {
            range.start += SEPARATOR.len();
        }
        out.text(&self.text[range]);
        match (hole, values.stamp, values.body_hash) {
            (Hole::Timestamp, Some(stamp), _) => stamp.timestamp().write_twice(out),
            (Hole::Nonce, Some(stamp), _) => stamp.nonce().write_twice(out),
            (Hole::BodyHash, _, Some(hash)) => out.twice(&Octets::new(hash.as_bytes(), Coding::Plain)),
            _ => {}
        }
        pieces
    }
}

/// `&`, encoded once.
pub(crate) const SEPARATOR: &[u8] = b"%26";

impl Piece {
    fn new(name: &str, text: Range<usize>, hole: Hole) -> Self {
        let name: Box<[u8]> = name.as_bytes().into();
        let key = order::key(Octets::new(&name, Coding::Plain));
        Self { name, key, text, hole }
    }
}

/// Joins neighbours up to each hole. The body hash is left out of some requests, so it stands alone.
fn runs(pieces: &[Piece]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for piece in pieces {
        match runs.last_mut() {
            Some(run) if run.hole == Hole::None && piece.hole != Hole::BodyHash => {
                run.text.end = piece.text.end;
                run.hole = piece.hole;
                run.pieces += 1;
            }
            _ => runs.push(Run { text: piece.text.clone(), hole: piece.hole, pieces: 1 }),
        }
    }
    runs
}
