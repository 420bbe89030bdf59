//! Random requests and settings, with many cases that often go wrong.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::oracle::{Body, BodyHashPolicy, Method, OWN, Request, Settings};

/// Names that sort before, among and after the parameters that start with `oauth_`.
const NEIGHBOURS: &[&str] = &[
    "",
    "!",
    "%",
    "0",
    "A",
    "OAUTH_NONCE",
    "Z",
    "[",
    "a",
    "n",
    "o",
    "oauth",
    "oauth!",
    "oauth_",
    "oauth_a",
    "oauth_c",
    "oauth_consumer_kex",
    "oauth_consumer_key0",
    "oauth_n",
    "oauth_nonce!",
    "oauth_nonce0",
    "oauth_signatur",
    "oauth_signature_",
    "oauth_signature_methoe",
    "oauth_t",
    "oauth_timestamq",
    "oauth_token_",
    "oauth_v",
    "oauth_version1",
    "oauti",
    "p",
    "realm",
    "z",
    "{",
    "~",
    "\u{7f}",
    "\0",
    "é",
    "名",
    "\u{1F600}",
];

/// Pieces of a query or form as they are sent.
const WIRE: &[&str] = &[
    "&",
    "&",
    "&",
    "&",
    "=",
    "=",
    "=",
    ";",
    "+",
    "%",
    "%4",
    "%zz",
    "%4z",
    "%%41",
    "%00",
    "%0A",
    "%20",
    "%25",
    "%2520",
    "%26",
    "%2B",
    "%2b",
    "%3D",
    "%7E",
    "%80",
    "%C3%A9",
    "%c3%a9",
    "%FF",
    "%ED%A0%80",
    "%u0041",
    "!",
    "$",
    "'",
    "(",
    ")",
    "*",
    ",",
    "-",
    ".",
    "/",
    ":",
    "?",
    "@",
    "_",
    "~",
    "[",
    "]",
    "0",
    "9",
    "A",
    "Z",
    "a",
    "n",
    "p",
    "z",
    "oauth_",
    "&oauth_n=",
    "&oauth_signatur",
    "&oauth_signature_=",
    "&oauth_%74o=",
    "&oauth_v",
];

/// Pieces that no URL should contain, but some do.
const RAW: &[&str] =
    &[" ", "\"", "<", ">", "\\", "^", "`", "{", "|", "}", "é", "名", "\u{1F600}", "\u{212A}"];

/// Any text, control characters included.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(any::<char>(), 0..8).prop_map(String::from_iter),
        3 => "[ -~]{0,12}",
        // Longer than the library's buffers.
        1 => ("[a%é ]", 100..900_usize).prop_map(|(text, times)| text.repeat(times)),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(NEIGHBOURS).prop_map(String::from),
        2 => "[a-~]{1,3}",
        2 => text(),
    ]
}

fn pair() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        40 => (name(), text()),
        1 => (select(OWN).prop_map(String::from), text()),
    ]
}

fn wire(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        60 => select(WIRE).prop_map(String::from),
        4 => select(RAW).prop_map(String::from),
        1 => select(OWN).prop_map(|name| format!("&{name}=x&")),
        1 => select(OWN).prop_map(|name| format!("&{}&", name.replace('_', "%5F"))),
    ];
    vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

fn url() -> impl Strategy<Value = String> {
    let scheme = select(&["http", "https", "HTTP", "hTTps"][..]);
    let userinfo = select(&["", "", "", "user@", "u:p@", "u%40:%3A@"][..]);
    let host = select(
        &[
            "h.example",
            "Example.COM",
            "h.",
            "H_1-2",
            "xn--bcher-kva.example",
            "127.0.0.1",
            "[::1]",
            "[2001:DB8:0::1]",
        ][..],
    );
    let port = prop_oneof![
        select(&["", "", ":", ":80", ":443", ":0080", ":0443", ":8080", ":0", ":65535"][..])
            .prop_map(String::from),
        any::<u16>().prop_map(|port| format!(":{port}")),
    ];
    let path = vec(
        select(
            &[
                "/", "/", "a", "Z", "0", "%20", "%2f", "%7e", "%zz", "%", "..", "/./", ";", "=", "+", ":@",
                "~", "!$&'()*,",
            ][..],
        ),
        0..8,
    );
    let path = path
        .prop_map(|pieces| if pieces.is_empty() { String::new() } else { format!("/{}", pieces.concat()) });
    let query = option::weighted(0.8, wire(0..24));
    let fragment = select(&["", "", "", "#", "#top", "#f?x=1&oauth_nonce=1", "#a#b"][..]);
    (scheme, userinfo, host, port, path, query, fragment).prop_map(
        |(scheme, userinfo, host, port, path, query, fragment)| {
            let query = query.map_or(String::new(), |query| format!("?{query}"));
            format!("{scheme}://{userinfo}{host}{port}{path}{query}{fragment}")
        },
    )
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => wire(0..24).prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..64),
        1 => vec(select(&b"&=+%4\x00\xFF\xE9a"[..]), 0..32),
    ]
}

fn body() -> impl Strategy<Value = (Option<String>, Body)> {
    const FORMS: &[&str] = &[
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "Application/X-WWW-Form-URLEncoded ;charset=utf-8",
    ];
    const OTHERS: &[&str] =
        &["application/json", "text/plain; x=application/x-www-form-urlencoded", "application/x-www-form"];
    let typed = |types: &'static [&str]| (select(types), bytes());
    let owned = |(content_type, bytes): (&str, Vec<u8>)| (Some(content_type.to_owned()), Body::Bytes(bytes));
    prop_oneof![
        2 => Just((None, Body::None)),
        1 => bytes().prop_map(|bytes| (None, Body::Bytes(bytes))),
        4 => typed(FORMS).prop_map(owned),
        2 => typed(OTHERS).prop_map(owned),
        2 => vec(pair(), 0..6).prop_map(|pairs| (None, Body::Pairs(pairs))),
    ]
}

pub(crate) fn request() -> impl Strategy<Value = Request> {
    let method = prop_oneof![
        select(&["GET", "POST", "put", "DeLeTe", "M-SEARCH"][..]).prop_map(String::from),
        "[!#-'*+.^_`|~0-9A-Za-z-]{1,8}"
    ];
    (method, url(), vec(pair(), 0..4), body()).prop_map(|(method, url, query, (content_type, body))| {
        Request { method, url, query, content_type, body }
    })
}

fn method() -> impl Strategy<Value = Method> {
    select(vec![
        Method::HmacSha1,
        Method::HmacSha1,
        #[cfg(feature = "sha2")]
        Method::HmacSha256,
        #[cfg(feature = "sha2")]
        Method::HmacSha512,
        Method::Plaintext,
        Method::PlaintextWithoutStamp,
    ])
}

/// Returns further protocol parameters. Each has its own name, once.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    // Rarely many: a few would not test the binary search for a name.
    let few_or_many = prop_oneof![6 => vec((name(), text()), 0..5), 1 => vec((name(), "[a%]{0,2}"), 5..24)];
    few_or_many.prop_map(|mut parameters| {
        let mut seen: Vec<String> = OWN.iter().chain(&["", "realm"]).map(|name| (*name).to_owned()).collect();
        parameters.retain(|(name, _)| {
            let is_new = !seen.contains(name);
            seen.push(name.clone());
            is_new
        });
        parameters
    })
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let client = (text().prop_filter("a key", |key| !key.is_empty()), text());
    // A secret without a token is an error of the builder.
    let token = (text(), text()).prop_map(|(token, secret)| {
        let secret = if token.is_empty() { String::new() } else { secret };
        (token, secret)
    });
    let token = option::of(token);
    let nonce = text().prop_map(|nonce| nonce.replace(|c: char| c.is_ascii_control(), "") + "1");
    let body_hash = select(
        &[BodyHashPolicy::Off, BodyHashPolicy::Off, BodyHashPolicy::NotForms, BodyHashPolicy::Always][..],
    );
    let texts = (option::of(text()), option::of(text()), parameters(), option::of("[ -~]{0,12}"));
    let flags = (any::<bool>(), any::<bool>());
    (client, token, method(), texts, flags, body_hash, "[1-9][0-9]{0,10}|[ -~]{1,4}", nonce).prop_map(
        |(
            client,
            token,
            method,
            (callback, verifier, parameters, realm),
            (empty, version),
            body_hash,
            timestamp,
            nonce,
        )| {
            Settings {
                client,
                token,
                send_empty_token: empty,
                method,
                version,
                callback,
                verifier,
                parameters,
                realm,
                body_hash,
                timestamp,
                nonce,
            }
        },
    )
}

/// Returns up to 400 parameters, many of which are alike.
pub(crate) fn many_pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let short = "[a%é!~0oA\\[ ]{0,3}";
    vec(prop_oneof![2 => (short, short), 1 => (select(NEIGHBOURS).prop_map(String::from), short)], 0..400)
}
