//! Attacks by somebody who relays a request: it was signed, and is changed so that the signature still
//! matches. Each is shown to work where its switch is thrown, and to be rejected by default.

use oauth1_signer::verify::RejectionReason;

use crate::site::{FORM, add_to_header, policy, request, sign, signer, two_legged, verify, with_method};

/// `DELETE /items?id=5` without its query: a handler that reads the query sees no id, and deletes all.
#[test]
fn rejects_a_parameter_moved_from_the_query_to_the_header() {
    let mut moved = sign(&signer(), request("DELETE", "/items?id=5", "", ""));
    *moved.uri_mut() = "/items".parse().unwrap();
    add_to_header(&mut moved, "id=\"5\"");
    let rejection = verify(&policy(), &moved).unwrap_err();
    assert_eq!(rejection.reason(), &RejectionReason::HeaderParameter("id".into()));
    assert_eq!(rejection.status(), 400);

    // Whoever allows it still gets the id from the verified parameters.
    let verified = verify(&policy().allow_header_parameters(true), &moved).unwrap();
    assert_eq!(verified.parameters().get("id"), Some("5"));
}

#[test]
fn rejects_an_escaped_name_in_the_header_and_admits_names_of_extensions() {
    let mut moved = sign(&signer(), request("GET", "/items?id=5", "", ""));
    *moved.uri_mut() = "/items".parse().unwrap();
    add_to_header(&mut moved, "%69d=\"5\"");
    let rejection = verify(&policy(), &moved).unwrap_err();
    assert_eq!(rejection.reason(), &RejectionReason::HeaderParameter("id".into()));

    let extension = signer().to_builder().parameter("oauth_session_handle", "h").build().unwrap();
    let verified = verify(&policy(), &sign(&extension, request("GET", "/items", "", ""))).unwrap();
    assert_eq!(verified.parameters().get("oauth_session_handle"), Some("h"));
    let own = signer().to_builder().parameter("mode", "fast").build().unwrap();
    let signed = sign(&own, request("GET", "/items", "", ""));
    let rejection = verify(&policy(), &signed).unwrap_err();
    assert_eq!(rejection.reason(), &RejectionReason::HeaderParameter("mode".into()));
    let verified = verify(&policy().allow_header_parameters(true), &signed).unwrap();
    assert_eq!(verified.parameters().get("mode"), Some("fast"));
}

/// The signature is right, so the request is admitted; what it says is what was signed.
#[test]
fn a_parameter_moved_between_query_and_form_keeps_its_name_and_value() {
    let signed = sign(&signer(), request("POST", "/pay?to=bob", FORM, "amount=1"));
    let mut moved = signed.clone();
    *moved.uri_mut() = "/pay?amount=1".parse().unwrap();
    *moved.body_mut() = "to=bob".into();
    // Or into a body where a handler looks for none.
    let mut all_in_query = signed.clone();
    *all_in_query.uri_mut() = "/pay?amount=1&to=bob".parse().unwrap();
    all_in_query.headers_mut().insert("content-type", http::HeaderValue::from_static("text/plain"));
    *all_in_query.body_mut() = "to=eve&amount=9".into();
    for (request, is_signed) in [(signed, true), (moved, true), (all_in_query, false)] {
        let verified = verify(&policy(), &request).unwrap();
        let parameters = verified.parameters();
        assert_eq!((parameters.get("to"), parameters.get("amount")), (Some("bob"), Some("1")));
        assert_eq!(parameters.len(), 2);
        assert_eq!(verified.body_is_signed(), is_signed);
    }
}

/// `amount=9&amount=1` in another order: a map that keeps the last would read another amount.
#[test]
fn the_order_of_duplicates_changes_nothing() {
    let signed = sign(&signer(), request("POST", "/pay?amount=9&amount=1", "", ""));
    let mut reordered = signed.clone();
    *reordered.uri_mut() = "/pay?amount=1&amount=9".parse().unwrap();
    for request in [signed, reordered] {
        let verified = verify(&policy(), &request).unwrap();
        assert_eq!(verified.parameters().get("amount"), None);
        let values: Vec<_> = verified.parameters().get_all("amount").map(|found| found.value()).collect();
        assert_eq!(values, [Some("1"), Some("9")]);
    }
}

/// The base string has the method in upper case (§3.4.1.1), so `get` has the signature of `GET`.
#[test]
fn rejects_a_method_in_lower_case() {
    let signed = sign(&signer(), request("GET", "/items", "", ""));
    for method in ["get", "Get", "geT"] {
        let changed = with_method(signed.clone(), method);
        let rejection = verify(&policy(), &changed).unwrap_err();
        assert_eq!(rejection.reason(), &RejectionReason::LowercaseMethod, "{method}");
        assert_eq!(rejection.status(), 400);
        verify(&policy().allow_lowercase_methods(true), &changed).unwrap();
    }
    verify(&policy(), &signed).unwrap();
}

/// The secrets of apps are public: a request that is signed with one of them only may be from anybody.
#[test]
fn rejects_a_request_without_a_token_unless_the_policy_admits_it() {
    let signed = sign(&two_legged(), request("GET", "/photos", "", ""));
    let mut empty = two_legged();
    empty = empty.to_builder().send_empty_token(true).build().unwrap();
    for signed in [signed, sign(&empty, request("GET", "/photos", "", ""))] {
        let rejection = verify(&policy(), &signed).unwrap_err();
        assert_eq!(rejection.reason(), &RejectionReason::Missing("oauth_token"));
        assert_eq!(rejection.status(), 400);
        let rejection = verify(&policy().require_token(false).require_token(true), &signed).unwrap_err();
        assert_eq!(rejection.reason(), &RejectionReason::Missing("oauth_token"));
        let verified = verify(&policy().require_token(false), &signed).unwrap();
        assert_eq!((verified.token(), verified.user()), (None, None));
    }
}
