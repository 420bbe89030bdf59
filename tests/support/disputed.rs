//! The library's behaviour where RFC 5849 says nothing and implementations disagree.
//!
//! Each line is a request. Its name is the id in the vectors; a comment tells what it is about. All lines
//! follow one rule: the signer signs exactly the bytes that are sent. If a client could only send other bytes
//! than the given ones, the library rejects the request.

/// The library's behaviour, compared with the plain reading of the RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It signs the plain reading.
    Agrees,
    /// It does not sign such a request: the error, and the reason.
    Refused(&'static str, &'static str),
    /// It does not sign such a URL as text: the error, and the reason.
    ///
    /// But `http::Uri` holds the URL and sends its bytes unchanged, so in that way the plain reading is
    /// signed.
    RefusedAsText(&'static str, &'static str),
    /// It signs another base string: that text, and the reason.
    Differs(&'static str, &'static str),
}

use Decision::{Agrees, Differs, Refused, RefusedAsText};

/// The protocol parameters in the base string of all these requests, after their own parameters.
macro_rules! protocol {
    () => {
        "oauth_consumer_key%3Dck%26oauth_nonce%3D1234567890%26oauth_signature_method%3DHMAC-SHA1\
         %26oauth_timestamp%3D1700000000%26oauth_token%3Dtk%26oauth_version%3D1.0"
    };
}

pub(crate) const DECISIONS: &[(&str, Decision)] = &[
    // Empty names and values: `?=v` and `?=` are pairs like others.
    ("p-empty-name", Agrees),
    ("p-empty-name-empty-value", Agrees),
    // `a=100%`, `a=%zz`, `a=%u0041`: a % without two hexadecimal digits stands for itself.
    ("p-bad-percent", Agrees),
    ("p-bad-percent-2", Agrees),
    ("p-bad-percent-u", Agrees),
    // Escapes that are not UTF-8 are still bytes, and two of them never become the same byte.
    ("p-invalid-utf8", Agrees),
    ("p-invalid-utf8-2", Agrees),
    ("p-latin1", Agrees),
    ("p-overlong-utf8", Agrees),
    ("p-surrogate-utf8", Agrees),
    // Characters that should have been escaped in a query. In whatever way a client escapes them, they decode
    // to the same bytes, so these are signed.
    ("p-raw-utf8-query", Agrees),
    ("p-raw-space-query", Agrees),
    ("p-raw-brackets", Agrees),
    ("p-raw-gens", Agrees),
    // `/a/./b/../c`: the path is signed unchanged.
    ("p-path-dot-segments", Agrees),
    ("p-path-dot-escaped", Agrees),
    // The same characters in a path. The path is signed as it is sent, and a client would send another path.
    ("p-path-raw-utf8", RefusedAsText("NonAscii", "a client sends /caf%C3%A9")),
    ("p-path-raw-space", Refused("UnencodedSpace", "a client sends /a%20b")),
    // `h.example:/`, `h.example:0080/`, `h.example:0/`.
    ("p-port-empty", Agrees),
    (
        "p-port-zeros",
        Differs(
            concat!("GET&http%3A%2F%2Fh.example%2F&", protocol!()),
            "0080 is the number 80, the default, and MUST be left out (§3.4.1.2)",
        ),
    ),
    ("p-port-zero", Agrees),
    // `[2001:0db8:0:0:0:0:0:0001]`: the address is signed unchanged.
    ("p-ipv6-long", Agrees),
    // Hosts that cannot be in a Host header.
    ("p-idn-raw", Refused("NonAsciiHost", "the Host header has xn--bcher-kva.example")),
    ("p-host-escape", Refused("PercentInHost", "the Host header has no escapes")),
    // `wss:`.
    ("p-scheme-ws", Refused("UnsupportedScheme", "§3.4.1.2 knows http and https only")),
    // The definition of a form: a media type has parameters, and its case does not matter (RFC 9110 §8.3.1).
    (
        "p-form-charset",
        Differs(
            concat!("POST&http%3A%2F%2Fh.example%2F&a%3D1%26", protocol!()),
            "`; charset=UTF-8` does not change the media type; servers take it for a form",
        ),
    ),
    (
        "p-form-type-case",
        Differs(
            concat!("POST&http%3A%2F%2Fh.example%2F&a%3D1%26", protocol!()),
            "media types are compared without regard to case",
        ),
    ),
    // Forms with bytes that should have been escaped. They are data.
    ("p-form-crlf", Agrees),
    ("p-form-space", Agrees),
    ("p-form-raw-utf8", Agrees),
    ("p-form-raw-delims", Agrees),
    // `?oauth_nonce=other`, while the header has one.
    (
        "p-oauth-nonce-twice",
        Refused("ReservedParameter", "each parameter MUST NOT appear more than once (§3.1)"),
    ),
    // `oauth_token=""`: by SignerBuilder::send_empty_token.
    ("p-empty-token", Agrees),
    // The realm is a quoted-string (RFC 2617), not percent-encoded.
    ("p-realm-url", Agrees),
    ("p-realm-quote", Agrees),
];
