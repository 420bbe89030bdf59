//! Every way in, and what is refused there.

use super::*;

/// What is refused stays refused, for the same reason, with a password in front and behind, and the
/// password is not repeated.
#[test]
fn a_refused_url_is_not_repeated() {
    let mut count = 0;
    for Row(what, input, answer) in requests::rows() {
        let (Url(url), Refused(RejectionReason::Url(expected))) = (input, answer) else { continue };
        let Some(rest) = url.strip_prefix("http://") else { continue };
        let inserted = "hunter2:hunter2@";
        let error = match RequestRef::new("GET", &format!("http://{inserted}{rest}?hunter2#hunter2")) {
            Err(RequestError::Url(error)) => error,
            other => panic!("{what}: {other:?}"),
        };
        let expected = match expected {
            UrlError::InvalidChar { character, offset } => {
                UrlError::InvalidChar { character, offset: offset + inserted.len() }
            }
            UrlError::ControlChar { offset } => UrlError::ControlChar { offset: offset + inserted.len() },
            UrlError::UnencodedSpace { offset } => {
                UrlError::UnencodedSpace { offset: offset + inserted.len() }
            }
            UrlError::NonAscii { offset } => UrlError::NonAscii { offset: offset + inserted.len() },
            other => other,
        };
        assert_eq!(error, expected, "{what}");
        check_text(what, &error);
        count += 1;
    }
    assert!(count >= 14, "{count} URLs were tried");
}

/// The URL of an `http::Request` gives the base string that its text gives.
#[test]
fn an_http_uri_signs_as_its_text_does() {
    let mut count = 0;
    for Row(what, input, _) in requests::rows() {
        let url = match input {
            Url(url) => url.to_owned(),
            Query(query) => format!("http://h/?{query}"),
            _ => continue,
        };
        let (Ok(text), Ok(uri)) = (RequestRef::new("GET", &url), url.parse::<http::Uri>()) else { continue };
        let uri = RequestRef::new("GET", &uri).unwrap();
        let base_string = |request| signature_base_string(request).unwrap();
        assert_eq!(base_string(&uri), base_string(&text), "{what}");
        count += 1;
    }
    assert!(count >= 40, "{count} URLs were compared");
}

#[test]
fn authorize_gives_back_what_it_signed() {
    let request =
        http::Request::post("https://h/?q=1").header(CONTENT_TYPE, FORM).body(String::from("a=1")).unwrap();
    let signer = builder().clock(|| Ok(1)).random(|| Ok([0; 16])).build().unwrap();
    let expected = signer.sign(&request).unwrap().to_header();
    let sent = signer.authorize(request).unwrap();
    assert_eq!(sent.body(), "a=1");
    assert_eq!(sent.uri(), "https://h/?q=1");
    assert_eq!(sent.headers()[http::header::AUTHORIZATION], expected);
    assert!(sent.headers()[http::header::AUTHORIZATION].is_sensitive());
}

/// A second `authorize`, as for a retry, replaces the header of the first. An Authorization of another
/// scheme somebody wanted to be there: it is neither replaced nor joined.
#[test]
fn authorize_leaves_one_authorization_header() {
    let request = http::Request::get("https://h/").body(()).unwrap();
    let sent = signer().authorize(signer().authorize(request).unwrap()).unwrap();
    let values: Vec<_> = sent.headers().get_all("authorization").iter().collect();
    assert_eq!(values.len(), 1);
    assert!(values[0].as_bytes().starts_with(b"OAuth "));

    for other in ["Basic aHVudGVyMg==", "Bearer hunter2", "OAuth2 hunter2", "OAuth", ""] {
        let request = http::Request::get("https://h/").header("authorization", other).body(()).unwrap();
        let error = signer().authorize(request).unwrap_err();
        assert!(matches!(error, SignError::Request(RequestError::SecondAuthorization)), "{other}: {error:?}");
    }
}
