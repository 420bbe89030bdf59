//! Encoding and decoding undo each other, and a query means what its pairs mean, however it spells them.
#![no_main]

mod decode;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oauth1_signer::{RequestRef, percent_encode, request::UrlError, signature_base_string};

use decode::decode;

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    bytes: &'a [u8],
    pairs: Vec<Pair<'a>>,
}

#[derive(Arbitrary, Debug)]
struct Pair<'a> {
    name: &'a [u8],
    value: &'a [u8],
    spelling: Spelling,
}

/// The same bytes can be sent in more than one way.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Spelling {
    /// As RFC 5849 §3.6 has it.
    Strict,
    /// As HTML forms have it: a space is `+`.
    Form,
    /// Everything is escaped, in lower case.
    Verbose,
}

fuzz_target!(|case: Case<'_>| {
    encoding_is_strict_and_can_be_undone(case.bytes);
    a_query_means_its_pairs(&case.pairs);
    text_pairs_mean_themselves(&case.pairs);
});

fn encoding_is_strict_and_can_be_undone(bytes: &[u8]) {
    let encoded = percent_encode(bytes);
    assert_eq!(decode(&encoded), bytes);
    let escapes = encoded.split('%').skip(1).map(|behind| &behind[..2]);
    assert!(
        escapes.into_iter().all(|digits| digits.bytes().all(|digit| b"0123456789ABCDEF".contains(&digit)))
    );
    assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
}

fn a_query_means_its_pairs(pairs: &[Pair<'_>]) {
    let spelled =
        |pair: &Pair<'_>| format!("{}={}", pair.spelling.of(pair.name), pair.spelling.of(pair.value));
    let query = pairs.iter().map(spelled).collect::<Vec<_>>().join("&");
    let url = format!("http://h/?{query}");
    let request = match RequestRef::new("GET", &url) {
        Err(error) => {
            let too_long =
                matches!(error, oauth1_signer::request::RequestError::Url(UrlError::TooLong { .. }));
            return assert!(too_long, "{error}");
        }
        Ok(request) => request,
    };
    let expected = normalized(pairs.iter().map(|pair| (pair.name, pair.value)));
    assert_eq!(parameters_of(request), expected);
    // The same text as a form's bytes.
    let form = RequestRef::new("POST", "http://h/").expect("a request");
    let form = form.content_type("application/x-www-form-urlencoded").body(query.as_bytes());
    assert_eq!(parameters_of(form), expected);
}

fn text_pairs_mean_themselves(pairs: &[Pair<'_>]) {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let pairs: Vec<_> = pairs.iter().filter_map(|pair| Some((text(pair.name)?, text(pair.value)?))).collect();
    let (query, form) = pairs.split_at(pairs.len() / 2);
    let request = RequestRef::new("POST", "http://h/").expect("a request").query(query).form(form);
    let expected = normalized(pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
    assert_eq!(parameters_of(request), expected);
}

impl Spelling {
    fn of(self, bytes: &[u8]) -> String {
        match self {
            Self::Strict => percent_encode(bytes),
            Self::Form => percent_encode(bytes).replace("%20", "+"),
            Self::Verbose => bytes.iter().map(|byte| format!("%{byte:02x}")).collect(),
        }
    }
}

/// The last part of the base string, one round of encoding undone.
fn parameters_of(request: RequestRef<'_>) -> String {
    let base_string = signature_base_string(&request).expect("a base string");
    let [_, _, parameters] = base_string.split('&').collect::<Vec<_>>().try_into().expect("three parts");
    String::from_utf8(decode(parameters)).expect("ASCII")
}

/// RFC 5849 §3.4.1.3.2, by the letter: encoded, sorted by name and then by value, joined.
fn normalized<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> String {
    let signed = pairs.filter(|(name, _)| name != b"oauth_signature");
    let mut pairs: Vec<_> =
        signed.map(|(name, value)| (percent_encode(name), percent_encode(value))).collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}
