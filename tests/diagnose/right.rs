//! A right request that was accepted, or rejected for a reason that cannot be seen, is not accused.

use oauth1_signer::diagnose::{Certainty, Diagnosis, Finding, FindingKind as Kind};

use super::{base_string_of, examine, first, form, get, response, signed_by, signer};

#[test]
fn an_accepted_request_has_no_findings() {
    let request = signed_by(&signer(), get("http://api.discogs.com/x?a=b+c&a[]=%zz"));
    for text in [
        "HTTP/1.1 200 OK\n\n{\"id\":1,\"message\":\"a signature is invalid\"}",
        "HTTP/1.1 204 No Content",
        "HTTP/1.1 201 Created\nContent-Type: text/html\n\n<html>nonce</html>",
        "HTTP/1.1 200 OK\n\noauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=true",
    ] {
        let findings = examine(&request, text);
        assert!(findings.is_empty(), "{findings}");
        assert!(findings.to_string().ends_with("Nothing to report."), "{findings}");
    }
}

#[test]
fn a_right_request_leaves_the_secret_as_the_only_finding() {
    let signer = signer();
    for request in [
        get("https://api.example.com/items?page=2&q=a%20b"),
        get("https://api.twitter.com/oauth/request_token"),
        form("https://api.example.com/items", "status=tea+%26+cake&b5=%3D%253D"),
        get("https://platform.fatsecret.com/rest/server.api?method=foods.search"),
    ] {
        let request = signed_by(&signer, request);
        for text in [
            "HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid",
            "HTTP/1.1 401 Unauthorized",
            "HTTP/1.1 401 Unauthorized\nContent-Type: text/plain\n\nInvalid signature",
        ] {
            let findings = Diagnosis::of(&request).signer(&signer).examine(&response(text));
            let kinds: Vec<Kind> = findings.iter().map(Finding::kind).collect();
            assert_eq!(kinds, [Kind::Secret], "{findings}");
            let checked = findings.checked().join("\n");
            assert!(checked.contains("the signature is the one that these credentials give"), "{checked}");
            assert!(checked.contains("the clock"), "{checked}");
        }
    }
}

#[test]
fn the_same_base_string_proves_that_it_is_the_key() {
    let signer = signer();
    let request = signed_by(&signer, get("https://www.flickr.com/services/rest?method=flickr.test.login"));
    let base_string = base_string_of(&request, &signer);
    let text =
        format!("HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid&debug_sbs={base_string}");
    let findings = examine(&request, &text);
    assert_eq!(first(&findings), Some(Kind::Secret), "{findings}");
    assert_eq!(findings.first().unwrap().certainty(), Certainty::Proven);
    assert!(findings.checked().iter().any(|line| line.contains("base string")), "{findings}");
}

#[test]
fn parameters_in_query_or_form_are_read_back_as_those_of_a_header() {
    let signer = signer();
    let stamp = || oauth1_signer::Stamp::new(super::NOW, "n").unwrap();
    let url = "https://api.example.com/items?page=2";
    let in_query = get(&signer.sign_with(&get(url), stamp()).unwrap().append_to_url(url));
    let plain = form(url, "a=b+c");
    let body = signer.sign_with(&plain, stamp()).unwrap().append_to_form(b"a=b+c");
    let in_form = form(url, &String::from_utf8(body).unwrap());
    for request in [in_query, in_form] {
        let findings =
            Diagnosis::of(&request).signer(&signer).examine(&response("HTTP/1.1 401 Unauthorized"));
        let kinds: Vec<Kind> = findings.iter().map(Finding::kind).collect();
        assert_eq!(kinds, [Kind::Secret], "{findings}");
        assert!(findings.checked().iter().any(|line| line.contains("the signature is")), "{findings}");
    }
}
