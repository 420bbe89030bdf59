//! What the handler reads: the signed parameters, by name.

use oauth1_signer::request::ParameterSource;
use oauth1_signer::verify::{ParameterError, VerifiedRequest};

use crate::site::{FORM, policy, request, sign, signer, verify};

fn verified(query: &str, form: &str) -> VerifiedRequest {
    verify(&policy(), &sign(&signer(), request("POST", &format!("/p?{query}"), FORM, form))).unwrap()
}

/// RFC 5849 §3.4.1.3.1's request: its query and form, decoded, in the order of §3.4.1.3.2.
#[test]
fn those_of_the_rfc_are_decoded_once_and_sorted() {
    let verified = verified("b5=%3D%253D&a3=a&c%40=&a2=r%20b", "c2&a3=2+q");
    let all: Vec<_> = verified
        .parameters()
        .iter()
        .map(|found| (found.name().unwrap(), found.value().unwrap(), found.source()))
        .collect();
    let (query, form) = (ParameterSource::Query, ParameterSource::Form);
    let expected = [
        ("a2", "r b", query),
        ("a3", "2 q", form),
        ("a3", "a", query),
        ("b5", "=%3D", query),
        ("c@", "", query),
        ("c2", "", form),
    ];
    assert_eq!(all, expected);
    assert_eq!(verified.parameters().len(), 6);
    assert_eq!(verified.parameters().into_iter().count(), 6);
}

#[test]
fn the_protocols_own_are_left_out_and_all_others_are_there() {
    let verified = verified("realm=eu&oauth_foo=1&OAUTH_TOKEN=2", "x_auth_mode=client_auth");
    let names: Vec<_> = verified.parameters().iter().map(|found| found.name().unwrap()).collect();
    assert_eq!(names, ["OAUTH_TOKEN", "oauth_foo", "realm", "x_auth_mode"]);
    assert_eq!(verified.parameters().get("oauth_token"), None);
    assert!(self::verified("", "").parameters().is_empty());
}

#[test]
fn one_value_is_read_by_name_and_none_is_picked_of_several() {
    let verified = verified("a=1&a=2&b=x&c=%FF&%FE=1", "");
    let parameters = verified.parameters();
    assert_eq!(parameters.get("b"), Some("x"));
    assert_eq!([parameters.get("a"), parameters.get("c"), parameters.get("d")], [None; 3]);
    assert_eq!(parameters.require("b"), Ok("x"));
    assert_eq!(parameters.require("a"), Err(ParameterError::Duplicate("a".into())));
    assert_eq!(parameters.require("c"), Err(ParameterError::NotUtf8("c".into())));
    assert_eq!(parameters.require("d\n"), Err(ParameterError::Missing("d\\n".into())));
    let bytes = parameters.get_all("c").next().unwrap();
    assert_eq!((bytes.name_bytes(), bytes.value_bytes(), bytes.value()), (&b"c"[..], &b"\xFF"[..], None));
    assert_eq!(parameters.iter().filter(|found| found.name().is_none()).count(), 1);
}

#[test]
fn no_value_is_shown() {
    let verified = verified("x_auth_password=hunter2", "");
    for shown in [format!("{verified:?}"), format!("{:#?}", verified.parameters()), {
        format!("{:?}", verified.parameters().iter())
    }] {
        assert!(shown.contains("x_auth_password") && !shown.contains("hunter2"), "{shown}");
    }
}

#[cfg(feature = "serde")]
mod parsed {
    use serde::Deserialize;

    use super::{ParameterError, verified};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Payment {
        to: String,
        amount: u64,
        note: Option<String>,
        #[serde(default)]
        tag: Vec<String>,
    }

    fn payment(query: &str, form: &str) -> Result<Payment, ParameterError> {
        verified(query, form).parameters().parse()
    }

    #[test]
    fn into_a_struct_from_query_and_form() {
        let expected =
            Payment { to: "Bob & Söhne +".into(), amount: 5, note: None, tag: vec!["a".into(), "b".into()] };
        assert_eq!(payment("to=Bob+%26+S%C3%B6hne+%2B&tag=b", "amount=5&tag=a"), Ok(expected));
        assert_eq!(payment("to=b&note=n", "amount=5").unwrap().note.as_deref(), Some("n"));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for (query, part) in [
            ("to=bob&to=eve&amount=5", "valid"),
            ("to=bob&amount=5&amount=6", "valid"),
            ("to=bob", "amount"),
            ("to=bob&amount=many", "digit"),
            ("to=bob&amount=-5", "digit"),
        ] {
            let error = payment(query, "").unwrap_err();
            assert!(matches!(error, ParameterError::Invalid(_)), "{query}: {error:?}");
            assert!(error.to_string().contains(part), "{query}: {error}");
        }
        assert_eq!(payment("to=%FF&amount=5", ""), Err(ParameterError::NotUtf8("to".into())));
        assert_eq!(payment("to=b&amount=5&%FF=1", ""), Err(ParameterError::NotUtf8("\\xff".into())));
    }

    #[test]
    fn an_error_repeats_no_value_at_length() {
        #[derive(Debug, Deserialize)]
        enum Kind {
            One,
        }
        #[derive(Debug, Deserialize)]
        struct Kinds {
            kind: Kind,
        }
        let form = format!("kind=%1B%0D{}", "a".repeat(60_000));
        let error = verified("", &form).parameters().parse::<Kinds>().unwrap_err();
        let text = error.to_string();
        assert!(text.len() < 600 && !text.contains(['\u{1b}', '\r']), "{text:?}");
        assert!(matches!(verified("kind=One", "").parameters().parse(), Ok(Kinds { kind: Kind::One })));
    }
}
