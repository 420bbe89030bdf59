//! Parameters of the request and of the signer.

use super::*;

// Tokens and settings

#[test]
fn a_token_has_three_states() {
    let token = |builder: SignerBuilder| {
        let signer = builder.build().unwrap();
        let signed = signer.sign(get("http://h/")).unwrap();
        let prepared = signer.prepare(get("http://h/")).unwrap();
        let value = value_of(&signed, "oauth_token");
        assert_eq!(prepared.base_string().contains("oauth_token%3D"), value.is_some());
        assert_eq!(signed.to_header().to_str().unwrap().contains("oauth_token=\""), value.is_some());
        value
    };
    let none = || Signer::builder(ClientCredentials::new("ck", "cs"));
    let empty = || none().token(TokenCredentials::new("", ""));
    assert_eq!(token(none()), None);
    assert_eq!(token(empty()), None);
    assert_eq!(token(none().send_empty_token(true)), Some(String::new()));
    assert_eq!(token(empty().send_empty_token(true)), Some(String::new()));
    assert_eq!(token(builder()), Some("tk".into()));
    assert_eq!(token(builder().send_empty_token(true)), Some("tk".into()));
    assert_eq!(token(builder().token(None)), None);
    assert_eq!(token(builder().token(None).send_empty_token(true)), Some(String::new()));
    // Two-legged: the key ends with `&` all the same.
    let plaintext = none().method(SignatureMethod::plaintext()).build().unwrap();
    assert_eq!(plaintext.sign(get("https://h/")).unwrap().signature(), "cs&");
}

#[test]
fn parameters_of_the_callers_own() {
    for name in [
        "oauth_consumer_key",
        "oauth_token",
        "oauth_signature_method",
        "oauth_version",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_signature",
        "realm",
        "REALM",
    ] {
        let error = builder().parameter(name, "x").build().unwrap_err();
        assert_eq!(error, BuildError::DuplicateParameter(name.into()));
    }
    assert_eq!(builder().parameter("", "x").build().unwrap_err(), BuildError::EmptyParameterName);
    let twice = builder().parameter("a", "1").parameter("a", "1");
    assert_eq!(twice.build().unwrap_err(), BuildError::DuplicateParameter("a".into()));
    let callback = builder().callback("oob").parameter("oauth_callback", "oob");
    assert_eq!(callback.build().unwrap_err(), BuildError::DuplicateParameter("oauth_callback".into()));
    // A name that is not sent otherwise is free.
    let version = builder().version(false).parameter("oauth_version", "1.0a").build().unwrap();
    assert_eq!(value_of(&version.sign(get("http://h/")).unwrap(), "oauth_version").as_deref(), Some("1.0a"));
    let hash = builder().parameter("oauth_body_hash", "x").build().unwrap();
    assert_eq!(value_of(&hash.sign(get("http://h/")).unwrap(), "oauth_body_hash").as_deref(), Some("x"));
    // Wherever its name sorts, it is signed once: before, among, and behind the others.
    let signer =
        builder().parameter("zz", "é").parameter("!a", "1").parameter("oauth_o", "+").build().unwrap();
    let prepared = signer.prepare_with(get("http://h/?b=1&oauth_p&%7E"), stamp()).unwrap();
    assert_eq!(
        prepared.base_string(),
        "GET&http%3A%2F%2Fh%2F&%2521a%3D1%26b%3D1%26oauth_consumer_key%3Dck%26oauth_nonce%3Dnonce\
         %26oauth_o%3D%252B%26oauth_p%3D%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000\
         %26oauth_token%3Dtk%26oauth_version%3D1.0%26zz%3D%25C3%25A9%26~%3D"
    );
}

#[test]
fn callbacks() {
    for (callback, expected) in [
        (Callback::OutOfBand, "oob"),
        (Callback::from("oob"), "oob"),
        (Callback::Uri("https://h/?a=b&c".into()), "https://h/?a=b&c"),
        (Callback::from("https://h/?a=b&c"), "https://h/?a=b&c"),
    ] {
        let signer = builder().callback(callback).build().unwrap();
        let signed = signer.sign(get("http://h/")).unwrap();
        assert_eq!(value_of(&signed, "oauth_callback").as_deref(), Some(expected));
    }
    assert_eq!(Callback::from("oob"), Callback::OutOfBand);
}

/// Every collection of texts gives the parameters that a form of the same bytes gives.
#[test]
fn parameters_come_from_any_collection_of_texts() {
    use std::borrow::Cow;
    use std::collections::{BTreeMap, HashMap};

    use oauth1_signer::request::{Form, PairsRef};

    let pairs = [("name", "tea & cake"), ("n%", "a+b")];
    let owned: Vec<(String, String)> = pairs.map(|(name, value)| (name.into(), value.into())).into();
    let mixed = pairs.map(|(name, value)| (name, Cow::Borrowed(value)));
    let (hashed, sorted) = (HashMap::from(pairs), owned.iter().cloned().collect::<BTreeMap<_, _>>());
    let form: Form = pairs.into_iter().collect();
    let request = RequestRef::new("POST", "https://h/").unwrap();
    let base_string = |request: RequestRef<'_>| oauth1_signer::signature_base_string(&request).unwrap();
    let expected = "POST&https%3A%2F%2Fh%2F&n%2525%3Da%252Bb%26name%3Dtea%2520%2526%2520cake";
    let ways: [(&str, PairsRef<'_>); 7] = [
        ("an array", (&pairs).into()),
        ("a slice", pairs.as_slice().into()),
        ("a vector of strings", (&owned).into()),
        ("cows", (&mixed).into()),
        ("a hash map", (&hashed).into()),
        ("a sorted map", (&sorted).into()),
        ("a form", (&form).into()),
    ];
    for (what, pairs) in ways {
        assert_eq!(base_string(request.form(pairs)), expected, "form: {what}");
        assert_eq!(base_string(request.query(pairs)), expected, "query: {what}");
    }
    let sent = request.content_type("application/x-www-form-urlencoded").body(form.as_str().as_bytes());
    assert_eq!(base_string(sent), expected);
}

#[cfg(feature = "serde")]
#[test]
fn a_form_is_serialised() {
    use oauth1_signer::request::{Form, RequestError};

    let value = serde_json::json!({ "a": [1, 2], "b": "x y+z" });
    let form = Form::from_serialize(&value).unwrap();
    assert_eq!(form.as_str(), "a=1&a=2&b=x+y%2Bz");
    let request = RequestRef::new("POST", "https://h/").unwrap().form(&form);
    let base_string = oauth1_signer::signature_base_string(&request).unwrap();
    assert_eq!(base_string, "POST&https%3A%2F%2Fh%2F&a%3D1%26a%3D2%26b%3Dx%2520y%252Bz");
    let nested = Form::from_serialize(&serde_json::json!({ "a": { "b": 1 } }));
    assert_eq!(nested.unwrap_err(), RequestError::UnserializableForm);
}
