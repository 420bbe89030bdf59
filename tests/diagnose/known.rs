//! Responses that known servers send, each with the cause that it names.

use oauth1_signer::TokenCredentials;
use oauth1_signer::diagnose::{Certainty, FindingKind as Kind};

use super::{examine, first, get, signed_by, signer};

const API: &str = "https://api.example.com/items?page=2";
const X: &str = "https://api.twitter.com/1.1/statuses/home_timeline.json";
const NETSUITE: &str = "https://1234567-sb1.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=1";
const MASTERCARD: &str = "https://sandbox.api.mastercard.com/service";
const WORDPRESS: &str = "https://blog.example/wp-json/wp/v2/posts";
const MEDIAWIKI: &str = "https://en.wikipedia.org/w/api.php?action=query&meta=userinfo";
const FLICKR: &str = "https://www.flickr.com/services/rest?method=flickr.test.login&format=json";
const DISCOGS: &str = "https://api.discogs.com/oauth/identity";
const FATSECRET: &str = "https://platform.fatsecret.com/rest/server.api?method=foods.search";

/// URL, response, and the kind of the first finding.
const KNOWN: &[(&str, &str, Kind)] = &[
    // The Problem Reporting extension.
    (
        API,
        "HTTP/1.1 401 Unauthorized\nContent-Type: application/x-www-form-urlencoded\n\noauth_problem=consumer_key_unknown",
        Kind::ConsumerKey,
    ),
    (
        API,
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: OAuth realm=\"https%3A%2F%2Facct.example\", oauth_problem=\"token_expired\"",
        Kind::TokenExpired,
    ),
    (
        API,
        "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"oauth_problem\":\"nonce_used\"}",
        Kind::Nonce,
    ),
    (
        API,
        "HTTP/1.1 400 Bad Request\n\noauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce",
        Kind::ParameterMissing,
    ),
    (
        API,
        "HTTP/1.1 400 Bad Request\n\noauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback%3Dx",
        Kind::ParameterRejected,
    ),
    (
        API,
        "HTTP/1.1 400 Bad Request\n\noauth_problem=timestamp_refused&oauth_acceptable_timestamps=1600000000-1600000600",
        Kind::Clock,
    ),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_method_rejected", Kind::SignatureMethod),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=token_revoked", Kind::Token),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=token_not_authorized", Kind::NotAuthorized),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=verifier_invalid", Kind::Verifier),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=user_refused", Kind::UserDenied),
    (API, "HTTP/1.1 403 Forbidden\n\noauth_problem=additional_authorization_required", Kind::Permission),
    (API, "HTTP/1.1 400 Bad Request\n\noauth_problem=version_rejected", Kind::Version),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=quota_exceeded", Kind::UnknownProblem),
    // Some servers say no with 200.
    (API, "HTTP/1.1 200 OK\n\noauth_problem=token_rejected", Kind::Token),
    (API, "HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid", Kind::Secret),
    // Magento.
    (
        "https://shop.example/rest/V1/orders",
        "HTTP/1.1 401 Unauthorized\nContent-Type: text/html\n\noauth_problem=consumer_key_rejected",
        Kind::ConsumerKey,
    ),
    (
        "https://shop.example/rest/V1/orders",
        "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"message\":\"The consumer isn't authorized to access %resources.\"}",
        Kind::Secret,
    ),
    // X.
    (
        X,
        "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"errors\":[{\"message\":\"Could not authenticate you\",\"code\":32}]}",
        Kind::Secret,
    ),
    (
        X,
        "HTTP/1.1 401 Unauthorized\n\n{\"errors\":[{\"code\":89,\"message\":\"Invalid or expired token.\"}]}",
        Kind::Token,
    ),
    (
        X,
        "HTTP/1.1 401 Unauthorized\n\n{\"errors\":[{\"code\":135,\"message\":\"Timestamp out of bounds.\"}]}",
        Kind::Clock,
    ),
    (
        X,
        "HTTP/1.1 400 Bad Request\n\n{\"errors\":[{\"code\":215,\"message\":\"Bad Authentication data.\"}]}",
        Kind::Unsigned,
    ),
    (
        X,
        "HTTP/1.1 403 Forbidden\n\n{\"errors\":[{\"code\":220,\"message\":\"Your credentials do not allow access to this resource.\"}]}",
        Kind::Permission,
    ),
    (
        X,
        "HTTP/1.1 403 Forbidden\n\n{\"errors\":[{\"code\":226,\"message\":\"This request looks like it might be automated.\"}]}",
        Kind::NotAboutOAuth,
    ),
    (
        X,
        "HTTP/1.1 401 Unauthorized\n\n{\"errors\":[{\"code\":261,\"message\":\"Application cannot perform write actions.\"}]}",
        Kind::Permission,
    ),
    (
        X,
        "HTTP/1.1 403 Forbidden\n\n{\"errors\":[{\"code\":326,\"message\":\"To protect our users from spam…\"}]}",
        Kind::AccountRestricted,
    ),
    (
        X,
        "HTTP/1.1 401 Unauthorized\n\n{\"errors\":[{\"code\":416,\"message\":\"Invalid / suspended application\"}]}",
        Kind::AccountRestricted,
    ),
    (
        "https://api.x.com/oauth/request_token",
        "HTTP/1.1 401 Unauthorized\n\n{\"errors\":[{\"code\":417,\"message\":\"Desktop applications only support the oauth_callback value 'oob'\"}]}",
        Kind::Callback,
    ),
    (
        X,
        "HTTP/1.1 403 Forbidden\n\n{\"errors\":[{\"code\":64,\"message\":\"Your account is suspended and is not permitted to access this feature\"}]}",
        Kind::AccountRestricted,
    ),
    (
        X,
        "HTTP/1.1 429 Too Many Requests\n\n{\"errors\":[{\"message\":\"Rate limit exceeded\",\"code\":88}]}",
        Kind::RateLimited,
    ),
    (
        X,
        "HTTP/1.1 404 Not Found\n\n{\"errors\":[{\"code\":34,\"message\":\"Sorry, that page does not exist.\"}]}",
        Kind::NotFound,
    ),
    // Mastercard.
    (
        MASTERCARD,
        "HTTP/1.1 400 Bad Request\n\n{\"Errors\":{\"Error\":[{\"Source\":\"Gateway\",\"ReasonCode\":\"INVALID_BODY_HASH\",\"Description\":\"Bad Request - The provided oauth_body_hash does not match the RSA-SHA256 hash of the request payload.\",\"Recoverable\":false,\"Details\":null}]}}",
        Kind::BodyHash,
    ),
    (
        MASTERCARD,
        "HTTP/1.1 400 Bad Request\n\n{\"Errors\": {\"Error\": [{\"Source\": \"Gateway\",\"ReasonCode\": \"INVALID_OAUTH_SBS\",\"Description\": \"Problem with signature base string. Missing oauth_consumer_key\"}]}}",
        Kind::ParameterMissing,
    ),
    (
        MASTERCARD,
        "HTTP/1.1 401 Unauthorized\n\n{\"Errors\":{\"Error\":[{\"Source\":\"Gateway\",\"ReasonCode\":\"AUTHENTICATION_FAILED\",\"Description\":\"OAuth signatures did not match.\"}]}}",
        Kind::SignatureMethod,
    ),
    // oauthlib and Authlib.
    (
        API,
        "HTTP/1.1 401 Unauthorized\n\nerror=invalid_signature_method&error_description=Invalid+signature",
        Kind::SignatureMethod,
    ),
    (API, "HTTP/1.1 401 Unauthorized\n\nerror=invalid_nonce&error_description=Invalid+nonce", Kind::Nonce),
    (API, "HTTP/1.1 401 Unauthorized\n\nerror=invalid_signature", Kind::Secret),
    (
        API,
        "HTTP/1.1 400 Bad Request\n\nerror=missing_required_parameter&error_description=missing+%22oauth_nonce%22+in+parameters",
        Kind::ParameterMissing,
    ),
    (
        API,
        "HTTP/1.1 400 Bad Request\n\nerror=invalid_request&error_description=Timestamp+given+is+invalid",
        Kind::Secret,
    ),
    // WordPress and WooCommerce.
    (
        WORDPRESS,
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"json_oauth1_signature_mismatch\",\"message\":\"OAuth signature does not match\",\"data\":{\"status\":401}}",
        Kind::Secret,
    ),
    (
        WORDPRESS,
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"json_oauth1_consumer_mismatch\",\"message\":\"Token is not registered for the given consumer\",\"data\":{\"status\":401}}",
        Kind::Token,
    ),
    (
        WORDPRESS,
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"json_oauth1_nonce_already_used\",\"message\":\"Invalid nonce - nonce has already been used\",\"data\":{\"status\":401}}",
        Kind::Nonce,
    ),
    (
        WORDPRESS,
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"rest_not_logged_in\",\"message\":\"You are not currently logged in.\",\"data\":{\"status\":401}}",
        Kind::Unsigned,
    ),
    (
        "http://shop.example/wp-json/wc/v3/orders",
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"woocommerce_rest_authentication_error\",\"message\":\"Consumer key is invalid.\",\"data\":{\"status\":401}}",
        Kind::ConsumerKey,
    ),
    (
        "http://shop.example/wp-json/wc/v3/orders",
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"woocommerce_rest_authentication_error\",\"message\":\"Invalid signature - provided signature does not match.\",\"data\":{\"status\":401}}",
        Kind::Secret,
    ),
    (
        "https://shop.example/wp-json/wc/v3/orders",
        "HTTP/1.1 401 Unauthorized\n\n{\"code\":\"woocommerce_rest_cannot_view\",\"message\":\"Sorry, you cannot list resources.\",\"data\":{\"status\":401}}",
        Kind::Unsigned,
    ),
    // MediaWiki.
    (
        MEDIAWIKI,
        "HTTP/1.1 200 OK\n\n{\"error\":{\"code\":\"mwoauth-invalid-authorization-not-approved\",\"info\":\"The authorization headers in your request are for an OAuth consumer that is not currently approved\"}}",
        Kind::ConsumerKey,
    ),
    (
        MEDIAWIKI,
        "HTTP/1.1 200 OK\n\n{\"error\":{\"code\":\"mwoauth-invalid-authorization\",\"info\":\"The authorization headers in your request are not valid: Invalid signature\"}}",
        Kind::Secret,
    ),
    (
        "https://meta.wikimedia.org/w/index.php?title=Special:OAuth/token",
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><p>OAuth token not found, <a href=\"https://www.mediawiki.org/wiki/Help:OAuth/Errors#E004\">E004</a></p></html>",
        Kind::Token,
    ),
    // NetSuite.
    (
        NETSUITE,
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: OAuth realm=\"1234567_SB1\", error=\"token_rejected\", error_description=\"Invalid login attempt.\"\n\n{\"error\" : {\"code\" : \"INVALID_LOGIN_ATTEMPT\", \"message\" : \"Invalid login attempt.\"}}",
        Kind::Token,
    ),
    (
        NETSUITE,
        "HTTP/1.1 403 Forbidden\nWWW-Authenticate: OAuth realm=\"1234567_SB1\", error=\"permission_denied\"",
        Kind::Permission,
    ),
    (
        NETSUITE,
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: OAuth realm=\"1234567_SB1\", error=\"nonce_used\"",
        Kind::Nonce,
    ),
    (
        NETSUITE,
        "HTTP/1.1 403 Forbidden\n\n{\"error\" : {\"code\" : \"INVALID_LOGIN_ATTEMPT\", \"message\" : \"Invalid login attempt.\"}}",
        Kind::SignatureMethod,
    ),
    // Flickr.
    (
        FLICKR,
        "HTTP/1.1 200 OK\n\n{\"stat\":\"fail\",\"code\":98,\"message\":\"Invalid auth token\"}",
        Kind::Token,
    ),
    (
        FLICKR,
        "HTTP/1.1 200 OK\n\n{\"stat\":\"fail\",\"code\":100,\"message\":\"Invalid API Key (Key has invalid format)\"}",
        Kind::ConsumerKey,
    ),
    (
        FLICKR,
        "HTTP/1.1 200 OK\n\n{\"stat\":\"fail\",\"code\":96,\"message\":\"Invalid signature\"}",
        Kind::Secret,
    ),
    // Discogs, fatsecret, Trello.
    (
        DISCOGS,
        "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"message\": \"Invalid consumer.\"}",
        Kind::ConsumerKey,
    ),
    (DISCOGS, "HTTP/1.1 401 Unauthorized\n\nInvalid consumer.", Kind::ConsumerKey),
    (
        FATSECRET,
        "HTTP/1.1 200 OK\n\n{ \"error\": {\"code\": 6, \"message\": \"Invalid/expired timestamp\" }}",
        Kind::Clock,
    ),
    (
        FATSECRET,
        "HTTP/1.1 200 OK\n\n{ \"error\": {\"code\": 8, \"message\": \"Invalid signature: oauth_signature\" }}",
        Kind::Secret,
    ),
    (
        "https://trello.com/1/OAuthGetAccessToken",
        "HTTP/1.1 401 Unauthorized\nContent-Type: text/plain\n\ninvalid key",
        Kind::ConsumerKey,
    ),
    (
        "https://api.trello.com/1/members/me",
        "HTTP/1.1 401 Unauthorized\nContent-Type: text/plain\n\ninvalid token",
        Kind::Token,
    ),
    // Only words, or not even these.
    (API, "HTTP/1.1 401 Unauthorized\nContent-Type: text/plain\n\nThe timestamp is too old.", Kind::Clock),
    (API, "HTTP/1.1 401 Unauthorized\n\n{\"message\":\"access token expired\"}", Kind::TokenExpired),
    (API, "HTTP/1.1 401 Unauthorized", Kind::Secret),
    (API, "HTTP/1.1 403 Forbidden\nContent-Type: text/html\n\n<html>Forbidden</html>", Kind::Permission),
    // Not about OAuth.
    (API, "HTTP/1.1 404 Not Found\n\nNo such page", Kind::NotFound),
    (API, "HTTP/1.1 429 Too Many Requests\nRetry-After: 60", Kind::RateLimited),
    (API, "HTTP/1.1 500 Internal Server Error\n\n<html>oops</html>", Kind::ServerError),
    (API, "HTTP/1.1 502 Bad Gateway", Kind::ServerError),
    (API, "HTTP/1.1 405 Method Not Allowed\nAllow: POST", Kind::HttpMethod),
    (API, "HTTP/1.1 413 Content Too Large", Kind::NotAboutOAuth),
    // Redirects.
    (
        "http://api.example.com/items",
        "HTTP/1.1 301 Moved Permanently\nLocation: https://api.example.com/items",
        Kind::Redirected,
    ),
    (
        API,
        "HTTP/1.1 307 Temporary Redirect\nLocation: https://www.example.com/items/?page=2",
        Kind::Redirected,
    ),
    // The clock, where the server says nothing of it.
    (API, "HTTP/1.1 401 Unauthorized\nDate: Tue, 14 Nov 2023 23:13:20 GMT", Kind::Clock),
];

#[test]
fn names_the_cause_that_a_known_response_reports() {
    // In the form of X's tokens, which is one that every server may have.
    let token = TokenCredentials::new("370773112-nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let signer = signer().to_builder().token(token).build().unwrap();
    for (url, text, kind) in KNOWN {
        let findings = examine(&signed_by(&signer, get(url)), text);
        assert_eq!(first(&findings), Some(*kind), "{text}\n\n{findings}");
    }
}

#[test]
fn a_code_proves_its_cause() {
    let request = signed_by(&signer(), get(API));
    let findings = examine(&request, "HTTP/1.1 401 Unauthorized\n\noauth_problem=consumer_key_unknown");
    let found: Vec<_> = findings.iter().map(|finding| (finding.kind(), finding.certainty())).collect();
    assert_eq!(found, [(Kind::ConsumerKey, Certainty::Proven)], "{findings}");
}

#[test]
fn a_clock_that_is_off_is_told_with_its_offset() {
    let request = signed_by(&signer(), get(API));
    for (text, offset) in [
        (
            "HTTP/1.1 401 Unauthorized\nDate: Tue, 14 Nov 2023 23:13:20 GMT\n\noauth_problem=timestamp_refused",
            "clock_offset(3600)",
        ),
        (
            "HTTP/1.1 401 Unauthorized\nDate: Tue, 14 Nov 2023 21:13:20 GMT\n\noauth_problem=timestamp_refused",
            "clock_offset(-3600)",
        ),
        (
            "HTTP/1.1 401 Unauthorized\n\noauth_problem=timestamp_refused&oauth_acceptable_timestamps=1600000000-1600000600",
            "clock_offset(-99999700)",
        ),
    ] {
        let findings = examine(&request, text);
        assert_eq!(first(&findings), Some(Kind::Clock), "{findings}");
        let remedy = findings.first().unwrap().remedy();
        assert!(remedy.contains(offset), "{remedy}");
    }
}

#[test]
fn names_the_parameters_that_a_server_misses() {
    let request = signed_by(&signer(), get(API));
    let text = "HTTP/1.1 400 Bad Request\n\noauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce%26oauth_version";
    let findings = examine(&request, text);
    let evidence = findings.first().unwrap().evidence();
    assert!(evidence.contains("oauth_nonce, oauth_version"), "{evidence}");
}
