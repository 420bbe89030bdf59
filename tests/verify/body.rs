//! Whether the body is signed, and a policy that requires it.

use oauth1_signer::verify::{Policy, RejectionReason};
use oauth1_signer::{BodyHashPolicy, SignatureMethod, Signer};

use crate::site::{FORM, JSON, policy, request, sign, signer, verify};

fn hashing() -> Signer {
    signer().to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap()
}

fn plaintext() -> Signer {
    signer().to_builder().method(SignatureMethod::plaintext()).build().unwrap()
}

fn strict() -> Policy {
    policy().require_signed_body(true).allow_plaintext(true)
}

#[test]
fn a_verified_request_says_whether_its_body_is_signed() {
    let is_signed = |signer: &Signer, content_type: &str, body: &str| {
        let signed = sign(signer, request("POST", "/p", content_type, body));
        verify(&policy().allow_plaintext(true), &signed).unwrap().body_is_signed()
    };
    assert!(is_signed(&signer(), FORM, "a=1"));
    assert!(is_signed(&hashing(), JSON, "{}"));
    assert!(!is_signed(&signer(), JSON, "{}"));
    // PLAINTEXT signs nothing at all.
    assert!(!is_signed(&plaintext(), FORM, "a=1"));
    assert!(is_signed(&plaintext(), FORM, ""));
}

#[test]
fn a_policy_can_require_it() {
    let said = |signer: &Signer, content_type: &str, body: &str| {
        let verified = verify(&strict(), &sign(signer, request("POST", "/p", content_type, body)))?;
        assert!(verified.body_is_signed(), "the policy requires it");
        Ok::<_, oauth1_signer::verify::Rejection>(())
    };
    said(&signer(), FORM, "a=1").unwrap();
    said(&hashing(), JSON, "{}").unwrap();
    said(&signer(), JSON, "").unwrap();
    said(&plaintext(), JSON, "").unwrap();
    let reason = |said: Result<(), oauth1_signer::verify::Rejection>| said.unwrap_err().reason().clone();
    assert_eq!(reason(said(&signer(), JSON, "{}")), RejectionReason::Missing("oauth_body_hash"));
    assert_eq!(reason(said(&plaintext(), JSON, "{}")), RejectionReason::Missing("oauth_body_hash"));
    assert_eq!(reason(said(&plaintext(), FORM, "a=1")), RejectionReason::UnsignedBody);
    // And can be told not to again.
    let signed = sign(&signer(), request("POST", "/p", JSON, "{}"));
    verify(&strict().require_signed_body(false), &signed).unwrap();
}
