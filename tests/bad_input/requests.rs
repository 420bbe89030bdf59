//! Requests: URLs, methods, queries, bodies.

use super::*;

pub(crate) fn rows() -> Vec<Row> {
    use UrlError as U;
    let url = |error| Refused(RejectionReason::Url(error));
    let request = |error| Refused(RejectionReason::Request(error));
    let reserved = |name, source| Refused(RejectionReason::Reserved(name, source));
    Vec::from([
        // URL
        Row("no URL at all", Url(""), url(U::Empty)),
        Row("a path", Url("/p"), url(U::MissingScheme)),
        Row("relative to the scheme", Url("//h/"), url(U::MissingScheme)),
        Row("another scheme", Url("ftp://h/"), url(U::UnsupportedScheme("ftp".into()))),
        Row("a file", Url("file:///x"), url(U::UnsupportedScheme("file".into()))),
        Row("no // behind the scheme", Url("http:x"), url(U::MissingAuthority)),
        #[cfg(feature = "url")]
        Row("… which the url crate makes a host", Input::Adapter("http:x"), Uri("http://x/")),
        Row("an empty host", Url("http:///x"), url(U::EmptyHost)),
        Row(
            "RFC 5849 §3.4.1.2, first example",
            Url("http://EXAMPLE.COM:80/r%20v/X?id=123"),
            Both("http://example.com/r%20v/X", "id=123"),
        ),
        Row(
            "RFC 5849 §3.4.1.2, second example",
            Url("https://www.example.net:8080/?q=1"),
            Both("https://www.example.net:8080/", "q=1"),
        ),
        Row("the default port", Url("https://h:443/"), Uri("https://h/")),
        Row("the other scheme's default port", Url("http://h:443/"), Uri("http://h:443/")),
        Row("an empty path", Url("http://h"), Both("http://h/", "")),
        Row("an empty path and a query", Url("http://h?x=1"), Both("http://h/", "x=1")),
        Row("a query in the fragment is none", Url("http://h/#f?x=1"), Both("http://h/", "")),
        Row("a colon without a port", Url("http://h:/"), Uri("http://h/")),
        // The disputed vector p-port-zeros keeps `:0080`, as its reference compares text. RFC 3986
        // §6.2.3 compares ports as numbers, and every client connects to 80 and sends no port in Host.
        Row("the default port with zeros", Url("http://h:0080/"), Uri("http://h/")),
        Row("a port beyond 65535", Url("http://h:99999/"), url(U::InvalidPort)),
        Row("a negative port", Url("http://h:-1/"), url(U::InvalidPort)),
        Row("a port with a letter", Url("http://h:8a/"), url(U::InvalidPort)),
        Row("IPv6", Url("http://[::1]:80/"), Uri("http://[::1]/")),
        Row("IPv6 without its bracket", Url("http://[::1"), url(U::InvalidHost)),
        Row("an IPv6 zone identifier", Url("http://[fe80::1%25eth0]/"), url(U::InvalidHost)),
        // Whether a client makes a second Authorization header of it, only an adapter can know.
        Row("userinfo is left out", Url("http://u:hunter2@h/"), Uri("http://h/")),
        Row(
            "a backslash, behind which parsers see different hosts",
            Url("http://h\\@evil/"),
            url(U::InvalidChar { character: '\\', offset: 8 }),
        ),
        Row("a tab", Url("http://h/a\tb"), url(U::ControlChar { offset: 10 })),
        Row("a line feed", Url("http://h\n/"), url(U::ControlChar { offset: 8 })),
        Row("a carriage return", Url("http://h/?a\r"), url(U::ControlChar { offset: 11 })),
        Row("NUL", Url("http://h/\0"), url(U::ControlChar { offset: 9 })),
        Row("a space in the path", Url("http://h/a b"), url(U::UnencodedSpace { offset: 10 })),
        #[cfg(feature = "url")]
        Row("… as a url::Url", Input::Adapter("http://h/a b"), Uri("http://h/a%20b")),
        Row("a letter beyond ASCII in the path", Url("http://h/é"), url(U::NonAscii { offset: 9 })),
        #[cfg(feature = "url")]
        Row("… as a url::Url", Input::Adapter("http://h/é"), Uri("http://h/%C3%A9")),
        Row("a letter beyond ASCII in the host", Url("http://é.com/"), url(U::NonAsciiHost)),
        #[cfg(feature = "url")]
        Row("… as a url::Url", Input::Adapter("http://é.com/"), Uri("http://xn--9ca.com/")),
        // The disputed vector p-host-escape has an answer of its own from each library.
        Row("an escape in the host", Url("http://ex%61mple.com/"), url(U::PercentInHost)),
        Row("dot segments are kept", Url("http://h/a/../b"), Uri("http://h/a/../b")),
        #[cfg(feature = "url")]
        Row("… but a url::Url sends none", Input::Adapter("http://h/a/../b"), Uri("http://h/b")),
        Row("an escape in lower case", Url("http://h/%7e"), Uri("http://h/%7e")),
        Row("an escape in upper case", Url("http://h/%7E"), Uri("http://h/%7E")),
        Row("no escape where none is needed", Url("http://h/~"), Uri("http://h/~")),
        Row("no escape behind %", Url("http://h/%zz"), Uri("http://h/%zz")),
        Row("path parameters", Url("http://h/a;b=c"), Both("http://h/a;b=c", "")),
        Row("a host with its root dot", Url("http://h./"), Uri("http://h./")),
        Row(
            "a URL over the limit",
            Run(|| told(RequestRef::new("GET", &format!("http://h/{}", "a".repeat(MAX_URL_LEN - 8)))?)),
            url(U::TooLong { len: MAX_URL_LEN + 1 }),
        ),
        Row(
            "a URL at the limit",
            Run(|| {
                let url = format!("http://h/{}", "a".repeat(MAX_URL_LEN - 9));
                let base_string = signature_base_string(&RequestRef::new("GET", &url)?)?;
                Ok(Told::Text(base_string.matches('a').count().to_string()))
            }),
            Text("65525"),
        ),
        Row("scheme and host in upper case", Url("HTTP://H/"), Uri("http://h/")),
        // Method
        Row("lower case", Method("get"), Answer::Method("GET")),
        Row("no method", Method(""), request(RequestError::EmptyMethod)),
        Row("a space", Method("GE T"), request(RequestError::InvalidMethod { offset: 2 })),
        Row("a line break", Method("GET\r\n"), request(RequestError::InvalidMethod { offset: 3 })),
        Row("marks that a token may have", Method("x~y!"), Answer::Method("X~Y%21")),
        // Query
        Row("an empty query", Query(""), Parameters("")),
        Row("a name alone", Query("a"), Parameters("a=")),
        Row("an empty value", Query("a="), Parameters("a=")),
        Row("an empty name", Query("=1"), Parameters("=1")),
        Row("a second =", Query("a=b=c"), Parameters("a=b%3Dc")),
        Row("an empty pair", Query("a=1&&b"), Parameters("a=1&b=")),
        Row("a plus is a space", Query("a=+"), Parameters("a=%20")),
        Row("an escaped plus is one", Query("a=%2B"), Parameters("a=%2B")),
        Row("a semicolon separates nothing", Query("a=1;b=2"), Parameters("a=1%3Bb%3D2")),
        Row("a stray % stands for itself", Query("a=%zz"), Parameters("a=%25zz")),
        Row("a stray % at the end", Query("a=%"), Parameters("a=%25")),
        Row("no UTF-8", Query("a=%E9"), Parameters("a=%E9")),
        Row("… which differs from other bytes that are none", Query("a=%E8"), Parameters("a=%E8")),
        Row("NUL, escaped", Query("a=%00"), Parameters("a=%00")),
        Row("a name three times", Query("a=2&a=10&a=1"), Parameters("a=1&a=10&a=2")),
        Row("sorted as encoded", Query("c2=&c%40="), Parameters("c%40=&c2=")),
        Row("sorted by name first", Query("a1=x&a=y"), Parameters("a=y&a1=x")),
        Row("a name that goes on with an escape", Query("a!=1&a=1"), Parameters("a=1&a%21=1")),
        Row("UTF-8, escaped", Query("%E5%90%8D=%C3%A9"), Parameters("%E5%90%8D=%C3%A9")),
        Row("marks that forms leave", Query("*=!*'()"), Parameters("%2A=%21%2A%27%28%29")),
        Row(
            "a parameter that the signer sends",
            Query("oauth_token=x"),
            reserved("oauth_token", ParameterSource::Query),
        ),
        Row(
            "names are compared decoded",
            Query("%6Fauth_token=x"),
            reserved("oauth_token", ParameterSource::Query),
        ),
        Row("names have a case", Query("OAUTH_TOKEN=x"), Parameters("OAUTH_TOKEN=x")),
        Row("only the header's realm is left out", Query("realm=x"), Parameters("realm=x")),
        Row("… are signed", Run(thousand_and_one_pairs), Text("1001 pairs")),
        Row("RFC 5849 §3.4.1.3.1", Query("b5=%3D%253D"), Parameters("b5=%3D%253D")),
        // Body
        Row("a form", Body(Some(FORM), "a=1"), Parameters("a=1")),
        // The disputed vectors p-form-charset and p-form-type-case read "set to" as "equal to"; servers
        // parse the media type, so that form would go unsigned.
        Row(
            "a form in another case, with a charset",
            Body(Some("Application/X-WWW-Form-URLEncoded; charset=UTF-8"), "a=1"),
            Parameters("a=1"),
        ),
        Row(
            "another type that mentions forms",
            Body(Some("text/plain; x=application/x-www-form-urlencoded"), "a=1"),
            Parameters(""),
        ),
        Row("no Content-Type", Body(None, "a=1"), Parameters("")),
        Row(
            "two Content-Types",
            Run(|| {
                let request = http::Request::post("http://h/").header(CONTENT_TYPE, FORM);
                told(&request.header(CONTENT_TYPE, "text/plain").body("a=1")?)
            }),
            request(RequestError::AmbiguousContentType),
        ),
        Row("RFC 5849 §3.4.1.3.1, the form", Body(Some(FORM), "c2&a3=2+q"), Parameters("a3=2%20q&c2=")),
        Row("a stray % stands for itself", Body(Some(FORM), "a=%zz"), Parameters("a=%25zz")),
        Row("no UTF-8", Body(Some(FORM), "a=%E9"), Parameters("a=%E9")),
        Row(
            "a form that cannot be seen",
            Run(|| {
                struct Stream;
                told(&http::Request::post("http://h/").header(CONTENT_TYPE, FORM).body(Stream)?)
            }),
            request(RequestError::UnbufferedFormBody),
        ),
        Row(
            "… and the text of the error has the remedy",
            Run(|| {
                Ok(Told::Text(RequestError::UnbufferedFormBody.to_string().split(": ").skip(1).collect()))
            }),
            Text(
                "sign a request whose body is in memory (String, Vec<u8>, Bytes, …), or hand the bytes over \
                 with RequestRef::body",
            ),
        ),
        Row("multipart", Body(Some("multipart/form-data; boundary=b"), "--b--"), Parameters("")),
        Row(
            "a form with GET",
            Run(|| told(&http::Request::get("http://h/").header(CONTENT_TYPE, FORM).body("a=1")?)),
            Parameters("a=1"),
        ),
        Row(
            "a compressed form",
            Run(|| {
                let request = http::Request::post("http://h/").header(CONTENT_TYPE, FORM);
                told(&request.header(CONTENT_ENCODING, "gzip").body("a=1")?)
            }),
            request(RequestError::EncodedFormBody),
        ),
        Row(
            "a form with a parameter that the signer sends",
            Body(Some(FORM), "oauth_nonce=x"),
            reserved("oauth_nonce", ParameterSource::Form),
        ),
        Row(
            "the body hash of an empty JSON body",
            Run(|| {
                let signer = builder().body_hash(BodyHashPolicy::NotForms).build()?;
                let request =
                    http::Request::post("http://h/").header(CONTENT_TYPE, "application/json").body("")?;
                Ok(Told::Text(value_of(&signer, &request, "oauth_body_hash")?))
            }),
            Text("2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
        ),
        Row(
            "… of a body that is not shown",
            Run(|| {
                let signer = builder().body_hash(BodyHashPolicy::NotForms).build()?;
                let (head, ()) = http::Request::post("http://h/").body(())?.into_parts();
                Ok(Told::Text(signer.sign(&head)?.signature()))
            }),
            Refused(RejectionReason::Request(RequestError::UnseenBody)),
        ),
    ])
}
