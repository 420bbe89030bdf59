//! What a provider responds. Credentials are taken only if RFC 5849 §2 leaves no doubt.

use http::StatusCode;
use oauth1_signer::flow::{MAX_RESPONSE_LEN, ResponseError as R};

use crate::Input::{Temporary, Token};
use crate::Outcome::Rejected;
use crate::support::photos::answer;
use crate::{CONFIRMED, GOOD, Outcome, Reason, Row, SECRET, TOKEN};

pub(crate) fn rows() -> Vec<Row> {
    let temporary = |body: &str| Temporary(answer(200, &[], body));
    let token = |body: &str| Token(answer(200, &[], body));
    let typed = |content_type: &str, body: &[u8]| Token(answer(200, &[("content-type", content_type)], body));
    let issued = || Outcome::Issued(TOKEN, SECRET, &[]);
    let rejected = |error, text| Rejected(Reason::Response(error), text);
    let problem = |timestamps| {
        let text = "the provider reports timestamp_refused: set the clock, or use Signer::clock_offset_to";
        Rejected(Reason::Problem("timestamp_refused", timestamps), text)
    };
    let wrong_url = "check the endpoint's URL";
    let page = "<html><a href=\"/?oauth_token=t0ken-1dentifier&amp;oauth_token_secret=s3cret-0f-the-token\">";
    vec![
        Row("a good response, temporary credentials", temporary(CONFIRMED), issued()),
        Row("a good response, token credentials", token(GOOD), issued()),
        Row(
            "no token",
            token("oauth_token_secret=s3cret-0f-the-token"),
            rejected(R::Missing("oauth_token"), "has no oauth_token"),
        ),
        Row(
            "no secret",
            token("oauth_token=t0ken-1dentifier"),
            rejected(R::Missing("oauth_token_secret"), "has no oauth_token_secret"),
        ),
        Row(
            "an empty token",
            token("oauth_token=&oauth_token_secret=s3cret-0f-the-token"),
            rejected(R::EmptyField("oauth_token"), "oauth_token is empty"),
        ),
        Row(
            "a token without its =",
            token("oauth_token&oauth_token_secret=s3cret-0f-the-token"),
            rejected(R::EmptyField("oauth_token"), "oauth_token is empty"),
        ),
        // RSA methods have no use for one.
        Row(
            "a token without its =, but an empty secret is one",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret="),
            Outcome::Issued(TOKEN, "", &[]),
        ),
        Row(
            "no oauth_callback_confirmed",
            temporary(GOOD),
            rejected(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row("no oauth_callback_confirmed, but temporary credentials only", token(GOOD), issued()),
        Row(
            "confirmed with false",
            temporary(&CONFIRMED.replace("=true", "=false")),
            rejected(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row("confirmed in upper case", temporary(&CONFIRMED.replace("=true", "=TRUE")), issued()),
        Row(
            "confirmed with 1",
            temporary(&CONFIRMED.replace("=true", "=1")),
            rejected(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row(
            "a second token",
            token(&format!("{GOOD}&oauth_token=an0ther-token")),
            rejected(R::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            "the same token again, its name encoded",
            token(&format!("{GOOD}&%6Fauth_token=t0ken-1dentifier")),
            rejected(R::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            "a second secret",
            token(&format!("{GOOD}&oauth_token_secret=an0ther-secret")),
            rejected(R::Duplicate("oauth_token_secret"), "more than one oauth_token_secret"),
        ),
        Row(
            "confirmed twice",
            temporary(&format!("{CONFIRMED}&oauth_callback_confirmed=true")),
            rejected(R::Duplicate("oauth_callback_confirmed"), "more than one oauth_callback_confirmed"),
        ),
        Row(
            "a page that has oauth_token= in it",
            typed("text/html", page.as_bytes()),
            rejected(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            "a page that has oauth_token= in it, and no Content-Type",
            token(page),
            rejected(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            "JSON",
            typed("application/json", br#"{"oauth_token":"t0ken-1dentifier","oauth_token_secret":"s3cret"}"#),
            rejected(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            "a JSON text that could be a form",
            typed("application/json", b"1234567890123"),
            rejected(R::UnexpectedContentType, wrong_url),
        ),
        Row("a form as text/plain", typed("text/plain; charset=utf-8", GOOD.as_bytes()), issued()),
        Row("a form as text/html, which servers do", typed("text/html", GOOD.as_bytes()), issued()),
        Row(
            "401 with a problem in the body",
            Token(answer(
                401,
                &[],
                "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-2&oauth_token=t0ken-1dentifier",
            )),
            problem(Some((1, 2))),
        ),
        Row(
            "401 with a problem in WWW-Authenticate only",
            Token(answer(
                401,
                &[(
                    "www-authenticate",
                    "OAuth realm=\"t0ken-1dentifier\", oauth_problem=\"timestamp_refused\", \
                     oauth_acceptable_timestamps=\"1-2\"",
                )],
                "<html>s3cret-0f-the-token",
            )),
            problem(Some((1, 2))),
        ),
        Row("200 with a problem", token(&format!("{GOOD}&oauth_problem=timestamp_refused")), problem(None)),
        Row("a line break at the end", token(&format!("{GOOD}\r\n")), issued()),
        Row("a byte order mark", token(&format!("\u{feff}{GOOD}")), issued()),
        Row(
            "cut off in a name",
            token("oauth_token=t0ken-1dentifier&oauth_token_sec"),
            rejected(R::Missing("oauth_token_secret"), "has no oauth_token_secret"),
        ),
        // Clients of HTTP see to it as well; here it is what the Content-Length says.
        Row(
            "shorter than its Content-Length",
            Token(answer(200, &[("content-length", "500")], GOOD)),
            rejected(R::Truncated, "send the request again"),
        ),
        Row(
            "just as long",
            Token(answer(200, &[("content-length", &GOOD.len().to_string())], GOOD)),
            issued(),
        ),
        // To read no further is for whoever reads it from the wire: the constant is there for that.
        Row(
            "over the limit",
            token(&format!("{GOOD}&{}", "a".repeat(MAX_RESPONSE_LEN - GOOD.len()))),
            rejected(R::TooLarge, "check its URL"),
        ),
        Row(
            "over the limit, which counts for errors too",
            Token(answer(500, &[], "s3cret-0f-the-token".repeat(MAX_RESPONSE_LEN / 19 + 1))),
            rejected(R::TooLarge, "check its URL"),
        ),
        Row("at the limit", token(&format!("{GOOD}{}", "&".repeat(MAX_RESPONSE_LEN - GOOD.len()))), issued()),
        Row(
            "a token that is no text",
            token("oauth_token=t0ken-1dentifier%FF&oauth_token_secret=s3cret-0f-the-token"),
            rejected(R::NonUtf8("oauth_token"), "oauth_token is not UTF-8"),
        ),
        Row(
            "a secret that is no text",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token%C3%28"),
            rejected(R::NonUtf8("oauth_token_secret"), "oauth_token_secret is not UTF-8"),
        ),
        Row(
            "a further field that is no text",
            token(&format!("{GOOD}&screen_name=caf%E9")),
            Outcome::Issued(TOKEN, SECRET, &[("screen_name", "caf\u{fffd}")]),
        ),
        Row(
            "an escaped plus is one",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=a%2Bb"),
            Outcome::Issued(TOKEN, "a+b", &[]),
        ),
        Row(
            "a plus is a space",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=a+b"),
            Outcome::Issued(TOKEN, "a b", &[]),
        ),
        Row(
            "further fields are kept, in their order",
            token(&format!("user_id=7&{GOOD}&screen_name=J%20D&user_id=8")),
            Outcome::Issued(TOKEN, SECRET, &[("user_id", "7"), ("screen_name", "J D"), ("user_id", "8")]),
        ),
        Row(
            "a name that ends in oauth_token",
            token("xoauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token"),
            rejected(R::Missing("oauth_token"), "has no oauth_token"),
        ),
        Row(
            "a redirect",
            Token(answer(302, &[("location", "https://s3cret-0f-the-token.example/")], GOOD)),
            rejected(
                R::UnexpectedRedirect { status: StatusCode::FOUND },
                "redirects (302 Found): use the URL that it redirects to, if you trust it",
            ),
        ),
        Row(
            "a redirect that keeps the method",
            Token(answer(307, &[], GOOD)),
            rejected(R::UnexpectedRedirect { status: StatusCode::TEMPORARY_REDIRECT }, "use the URL"),
        ),
        Row(
            "any other 3xx",
            Temporary(answer(399, &[], CONFIRMED)),
            rejected(R::UnexpectedRedirect { status: StatusCode::from_u16(399).unwrap() }, "use the URL"),
        ),
        Row(
            "compressed, and it says so",
            Token(answer(200, &[("content-encoding", "br")], GOOD)),
            rejected(R::UnexpectedEncoding, "let the client decode it, or send no Accept-Encoding"),
        ),
        Row(
            "compressed, and it does not say so",
            Token(answer(200, &[], b"\x1f\x8b\x08\x00s3cret-0f-the-token".to_vec())),
            rejected(R::UnexpectedEncoding, "let the client decode it"),
        ),
        Row(
            "not compressed, and it says that",
            Token(answer(200, &[("content-encoding", "identity")], GOOD)),
            issued(),
        ),
        Row("nothing at all", token(""), rejected(R::Empty, wrong_url)),
        Row("nothing but a line break", token("\r\n"), rejected(R::Empty, wrong_url)),
        Row("204", Token(answer(204, &[], "")), rejected(R::Empty, wrong_url)),
        Row(
            "UTF-16, and it says so",
            typed("text/plain; charset=UTF-16LE", &utf16(GOOD)),
            rejected(R::UnsupportedCharset, "it must be UTF-8"),
        ),
        Row(
            "UTF-16 by its byte order mark",
            Token(answer(200, &[], [b"\xFF\xFE".to_vec(), utf16(GOOD)].concat())),
            rejected(R::UnsupportedCharset, "it must be UTF-8"),
        ),
        // Latin-1 has ASCII in it, and a form is ASCII.
        Row("another charset", typed("text/plain; charset=ISO-8859-1", GOOD.as_bytes()), issued()),
        Row(
            "500 with a page",
            Token(answer(500, &[("content-type", "text/html")], page)),
            rejected(
                R::Status { status: StatusCode::INTERNAL_SERVER_ERROR, date: None },
                "responded 500 Internal Server Error: this is a failure of the provider",
            ),
        ),
        Row(
            "401 with credentials",
            Token(answer(401, &[("date", "Thu, 01 Jan 1970 00:01:40 GMT")], GOOD)),
            rejected(
                R::Status { status: StatusCode::UNAUTHORIZED, date: Some(100) },
                "check the credentials, the clock and the endpoint's URL",
            ),
        ),
        Row(
            "404, which is not about OAuth",
            Token(answer(404, &[], page)),
            rejected(
                R::Status { status: StatusCode::NOT_FOUND, date: None },
                "responded 404 Not Found: check the endpoint's URL",
            ),
        ),
        Row(
            "429, which is not about OAuth",
            Token(answer(429, &[], page)),
            rejected(
                R::Status { status: StatusCode::TOO_MANY_REQUESTS, date: None },
                "too many requests: wait",
            ),
        ),
        Row(
            "405",
            Token(answer(405, &[], page)),
            rejected(R::Status { status: StatusCode::METHOD_NOT_ALLOWED, date: None }, "Endpoints::method"),
        ),
        Row(
            "a status of a proxy",
            Token(answer(407, &[], page)),
            rejected(
                R::Status { status: StatusCode::PROXY_AUTHENTICATION_REQUIRED, date: None },
                "not from the provider",
            ),
        ),
    ]
}

/// In the order of bytes that a byte order mark of FF FE tells.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
