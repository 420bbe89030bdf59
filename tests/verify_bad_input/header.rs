//! The Authorization header (RFC 5849 §3.5.1).

use super::*;

pub(crate) fn of_the_header() -> Vec<Row> {
    let good = header();
    let parameters = good.strip_prefix("OAuth ").unwrap();
    let unquoted = good.replace("oauth_nonce=\"n1\"", "oauth_nonce=n1");
    let open = good.trim_end_matches('"');
    let joint = good.find(", oauth_token").unwrap();
    let twice = |second: &str| said_to(format!("{good}, {second}"));
    let duplicate = || rejected(RejectionReason::Duplicate("oauth_nonce".into()));
    let realm = |realm: &str| said_to(format!("OAuth realm=\"{realm}\", {parameters}"));
    let raw = good.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut two = request(good.as_bytes());
    two.headers_mut().append("authorization", HeaderValue::from_static("Basic x"));
    let version = |version| said_to(signed_with("oauth_version", version));
    let invalid = || rejected(RejectionReason::Invalid("oauth_version"));
    let nobody = || rejected(RejectionReason::NotOAuth);
    vec![
        Row("scheme", "the scheme in mixed case", said_to(format!("oAuTh {parameters}")), Admitted),
        Row("other scheme", "another scheme", said_to("Bearer x"), nobody()),
        Row("other scheme", "an empty header", said_to(""), nobody()),
        Row(
            "no parameters",
            "the scheme alone",
            said_to("OAuth"),
            rejected(RejectionReason::Missing("oauth_consumer_key")),
        ),
        Row(
            "no parameters",
            "and a space",
            said_to("OAuth "),
            rejected(RejectionReason::Missing("oauth_consumer_key")),
        ),
        Row(
            "no parameters",
            "and a comma",
            said_to("OAuth ,"),
            rejected(RejectionReason::Missing("oauth_consumer_key")),
        ),
        Row("scheme", "no space behind the scheme", said_to("OAutha=\"1\""), nobody()),
        Row(
            "unquoted value",
            "a value without quotes",
            said_to(unquoted),
            rejected(RejectionReason::Unquoted("oauth_nonce".into())),
        ),
        Row(
            "unterminated value",
            "no closing quote",
            said_to(open),
            rejected(RejectionReason::UnterminatedString("oauth_signature".into())),
        ),
        Row(
            "missing comma",
            "no comma",
            said_to(good.replacen(", oauth_token", "oauth_token", 1)),
            rejected(RejectionReason::ExpectedComma(joint)),
        ),
        Row("empty element", "a comma at the end", said_to(format!("{good},")), Admitted),
        Row("empty element", "empty elements at the end", said_to(format!("{good},,")), Admitted),
        Row("empty element", "empty elements in between", said_to(good.replace(", ", ",,")), Admitted),
        Row("duplicate", "a parameter twice, with the same value", twice("oauth_nonce=\"n1\""), duplicate()),
        Row("duplicate", "the second with an escaped name", twice("oauth%5Fnonce=\"n1\""), duplicate()),
        Row("duplicate", "and another value", twice("%6fauth_nonce=\"other\""), duplicate()),
        Row(
            "duplicate",
            "one that is nobody's",
            twice("oauth_a=\"1\", oauth_%61=\"2\""),
            rejected(RejectionReason::Duplicate("oauth_a".into())),
        ),
        Row(
            "percent sign",
            "a % without digits",
            said_to(with("oauth_nonce", "a%zz")),
            rejected(RejectionReason::InvalidPercent("oauth_nonce".into())),
        ),
        Row(
            "plus sign",
            "a + is a +",
            said_to(signed_with("oauth_x", "a+b").replace("_x=\"a%2Bb\"", "_x=\"a+b\"")),
            Admitted,
        ),
        Row("raw base64", "base64 as it is", said_to(raw), Admitted),
        Row("realm", "escapes and a comma in the realm", realm("a\\\"b, c"), Admitted),
        Row("realm", "an empty realm", realm(""), Admitted),
        Row(
            "realm",
            "a realm twice",
            said_to(format!("OAuth realm=\"a\", {parameters}, REALM=\"b\"")),
            rejected(RejectionReason::Duplicate("realm".into())),
        ),
        Row("realm", "a % in the realm", realm("%41 %zz"), Admitted),
        Row(
            "unknown oauth_ parameter",
            "an unknown oauth_ parameter, signed",
            said_to(signed_with("oauth_foo", "1")),
            Admitted,
        ),
        Row(
            "unknown oauth_ parameter",
            "the same, not signed",
            twice("oauth_foo=\"1\""),
            rejected(RejectionReason::WrongSignature),
        ),
        Row(
            "parameter not of the protocol",
            "any other parameter, signed",
            said_to(signed_with("foo", "1")),
            rejected(RejectionReason::HeaderParameter("foo".into())),
        ),
        Row(
            "parameter not of the protocol",
            "the same, not signed",
            twice("foo=\"1\""),
            rejected(RejectionReason::HeaderParameter("foo".into())),
        ),
        Row(
            "byte beyond ASCII",
            "a byte beyond ASCII",
            said_to([good.as_bytes(), b", a=\"\xE9\""].concat()),
            rejected(RejectionReason::NonAscii(good.len() + 5)),
        ),
        Row(
            "two headers",
            "two headers",
            verify(&two, &log()),
            rejected(RejectionReason::MultipleAuthorization),
        ),
        Row(
            "limit",
            "64 KiB",
            twice(&format!("a=\"{}\"", "b".repeat(64 * 1024))),
            rejected(RejectionReason::HeaderTooLong),
        ),
        // `http` lets no CR, LF or other control character into a value, tabs excepted.
        Row(
            "control character",
            "a line break, escaped",
            said_to(with("oauth_nonce", "a%0D%0Ab")),
            invalid_nonce(),
        ),
        Row("blanks", "tabs around commas", said_to(good.replace(", ", "\t,\t")), Admitted),
        Row("blanks", "a tab behind the scheme", said_to(good.replacen(' ', "\t", 1)), Admitted),
        Row("blanks", "blanks around =", said_to(good.replace("=\"", " =\t\"")), Admitted),
        Row("empty name", "no name", twice("=\"1\""), rejected(RejectionReason::EmptyName(good.len() + 2))),
        Row("version", "version 2.0", version("2.0"), invalid()),
        Row("version", "version 1.0a", version("1.0a"), invalid()),
        Row("version", "an empty version", version(""), invalid()),
        Row("version", "version 1.0", version("1.0"), Admitted),
        Row("two schemes", "two schemes in one", said_to(format!("Basic x, {good}")), nobody()),
    ]
}
