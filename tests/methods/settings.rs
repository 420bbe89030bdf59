//! What each setting does, in every place.

use super::*;

/// Every setting there is, each on its own.
fn settings() -> Vec<fn(SignerBuilder) -> SignerBuilder> {
    vec![
        |builder| builder.token(TokenCredentials::new("other token", "other secret")),
        |builder| builder.send_empty_token(true),
        |builder| {
            builder.method(SignatureMethod::custom("X", |base_string| {
                Ok(Sha1::digest(base_string).to_vec().into())
            }))
        },
        |builder| builder.version(false),
        |builder| builder.callback("https://h/callback?a=b"),
        |builder| builder.verifier("verifier"),
        |builder| builder.parameter("oauth_session_handle", "s h"),
        |builder| builder.realm("realm"),
        |builder| builder.body_hash(BodyHashPolicy::Always),
        |builder| builder.allow_plaintext_over_http(true),
        |builder| builder.clock(|| Ok(1_000_000)),
        |builder| builder.clock_offset(-1_000),
        |builder| builder.random(|| Ok(*b"0123456789abcdef")),
    ]
}

/// All that can be seen of a signer whose clock and random source are set.
fn seen(signer: &Signer) -> Vec<String> {
    let signed = signer.sign(get("http://h/?a=1")).unwrap();
    let prepared = signer.prepare(get("http://h/?a=1")).unwrap();
    let header = signed.to_header().to_str().unwrap().to_owned();
    let explanation = prepared.explanation().to_string();
    vec![header, explanation, signed.to_form(), format!("{signer:?}")]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_settings_does_not_matter(shuffled in Just(settings()).prop_shuffle()) {
        let make = |settings: Vec<fn(SignerBuilder) -> SignerBuilder>| {
            let builder = settings.into_iter().fold(builder(), |builder, set| set(builder));
            builder.build().unwrap()
        };
        prop_assert_eq!(seen(&make(shuffled)), seen(&make(settings())));
    }

    /// Each subset of settings survives, and what is changed afterwards is all that changes.
    #[test]
    fn to_builder_keeps_everything(chosen in prop::sample::subsequence(settings(), 0..=settings().len())) {
        let fixed = builder().clock(|| Ok(1_000_000)).random(|| Ok([1; 16]));
        let signer = chosen.into_iter().fold(fixed, |builder, set| set(builder)).build().unwrap();
        let again = signer.to_builder().build().unwrap();
        prop_assert_eq!(seen(&again), seen(&signer));
        let changed = signer.to_builder().realm("another").build().unwrap();
        let back = changed.sign(get("http://h/?a=1")).unwrap();
        prop_assert_eq!(back.parameters(), signer.sign(get("http://h/?a=1")).unwrap().parameters());
        prop_assert!(back.to_header().to_str().unwrap().starts_with("OAuth realm=\"another\", "));
    }

    /// Header, query and form carry the same parameters; what arrives in query or form gives the base
    /// string that was signed.
    #[test]
    fn every_place_carries_the_same(
        query in prop::option::of("[a-z%=&+;0-9]{0,24}"),
        form in "[a-z%=&+;0-9]{0,24}",
        fragment in prop::option::of("[a-z?&=]{0,6}"),
        nonce in "[ -~\u{e9}]{1,16}",
        extra in "[ -~\u{e9}]{0,16}",
    ) {
        let signer = builder().parameter("extra parameter", extra).callback("oob").build().unwrap();
        let stamp = || Stamp::new(1_700_000_000, &nonce).unwrap();
        let url = ["http://h/p", &query.map_or(String::new(), |query| format!("?{query}"))].concat();
        let whole = [&*url, &fragment.map_or(String::new(), |fragment| format!("#{fragment}"))].concat();

        let request = get(&whole);
        let signed = signer.sign_with(request, stamp()).unwrap();
        let parameters = sorted(signed.parameters());
        prop_assert_eq!(sorted(pairs_of_header(signed.to_header().to_str().unwrap())), &*parameters);

        let base_string = signer.prepare_with(request, stamp()).unwrap().base_string().to_owned();
        let sent = signed.append_to_url(&whole);
        prop_assert!(sent.starts_with(&url), "what was there stays");
        prop_assert_eq!(sent.split_once('#').map(|(_, f)| f), whole.split_once('#').map(|(_, f)| f));
        prop_assert_eq!(signature_base_string(&get(&sent)).unwrap(), base_string);
        let behind = &sent[url.len()..sent.find('#').unwrap_or(sent.len())];
        prop_assert_eq!(sorted(pairs_of(behind.trim_start_matches(['?', '&']))), &*parameters);

        let request = RequestRef::new("POST", &whole).unwrap().content_type(FORM).body(form.as_bytes());
        let signed = signer.sign_with(request, stamp()).unwrap();
        let base_string = signer.prepare_with(request, stamp()).unwrap().base_string().to_owned();
        let body = signed.append_to_form(form.as_bytes());
        prop_assert!(body.starts_with(form.as_bytes()), "what was there stays");
        let sent = RequestRef::new("POST", &whole).unwrap().content_type(FORM).body(&body);
        prop_assert_eq!(signature_base_string(&sent).unwrap(), base_string);
    }
}

#[test]
fn parameters_behind_a_url() {
    let signer = builder().method(SignatureMethod::plaintext_without_stamp()).version(false).build().unwrap();
    let signed = signer.sign(get("https://h/")).unwrap();
    let own = "oauth_consumer_key=ck&oauth_signature_method=PLAINTEXT&oauth_token=tk&oauth_signature=cs%26ts";
    assert_eq!(signed.to_form(), own);
    for (url, expected) in [
        ("https://h", "https://h?*"),
        ("https://h/", "https://h/?*"),
        ("https://h/?", "https://h/?*"),
        ("https://h/?a", "https://h/?a&*"),
        ("https://h/?a&", "https://h/?a&*"),
        ("https://h/?a=1&b=%20+", "https://h/?a=1&b=%20+&*"),
        ("https://h/?a?b", "https://h/?a?b&*"),
        ("https://h/#f", "https://h/?*#f"),
        ("https://h/?#f", "https://h/?*#f"),
        ("https://h/?a#f?g#h", "https://h/?a&*#f?g#h"),
        ("https://h/#", "https://h/?*#"),
        ("https://h#f?g", "https://h?*#f?g"),
    ] {
        assert_eq!(signed.append_to_url(url), expected.replace('*', own), "{url}");
    }
    for (form, expected) in [("", "*"), ("a=1", "a=1&*"), ("a=1&", "a=1&*"), ("a", "a&*")] {
        assert_eq!(signed.append_to_form(form.as_bytes()), expected.replace('*', own).into_bytes(), "{form}");
    }
    // No text at all, yet kept to the byte.
    assert_eq!(signed.append_to_form(b"a=\xFF"), [b"a=\xFF&", own.as_bytes()].concat());
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

/// `name=value&…`, percent-decoded.
fn pairs_of(text: &str) -> Vec<(String, String)> {
    text.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(n, v)| (decoded(n), decoded(v))).collect()
}

/// `OAuth name="value", …`, percent-decoded, of a header without a realm.
fn pairs_of_header(header: &str) -> Vec<(String, String)> {
    let pairs = header.strip_prefix("OAuth ").unwrap().split(", ");
    pairs
        .map(|pair| pair.split_once("=\"").unwrap())
        .map(|(n, v)| (decoded(n), decoded(v.strip_suffix('"').unwrap())))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
