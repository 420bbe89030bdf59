//! Redirects: a client that follows by itself is found out, and one that is to follow on the same origin
//! signs each hop anew, as the oracle has it, and goes nowhere else.

use std::collections::HashSet;

use http::{Method, Request};
use oauth1_signer::reqwest::{Client, Error, RedirectError, blocking};
use oauth1_signer::{BodyHashPolicy, SignError, Signer};

use crate::site::{CLIENT_SECRET, TOKEN_SECRET, get, hidden, issued, post_form, temporary_leg, user};
use crate::support::clients::{
    Failure, RUNTIME, Shape, blocking_builder, check_signature, leaked, reqwest_builder,
};
use crate::support::server::{IncomingRequest, Reply, Server};

/// Both clients of reqwest, of which the rest of this file is about.
enum Following {
    Async(Client),
    Blocking(blocking::Client),
}

impl Following {
    fn both() -> [Self; 2] {
        let asynchronous = Client::new(user(), reqwest_builder()).unwrap().follow_same_origin(true);
        let blocking = blocking::Client::new(user(), blocking_builder()).unwrap().follow_same_origin(true);
        [Self::Async(asynchronous), Self::Blocking(blocking)]
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Async(_) => "async",
            Self::Blocking(_) => "blocking",
        }
    }

    /// The status and the body.
    fn call(&self, signer: &Signer, request: Request<Vec<u8>>) -> Result<(u16, String), Error> {
        match self {
            Self::Async(client) => RUNTIME.block_on(async {
                let request = reqwest::Request::try_from(request).unwrap();
                let response = client.with_signer(signer.clone()).execute(request).await?;
                Ok((response.status().as_u16(), response.text().await.unwrap()))
            }),
            Self::Blocking(client) => {
                let request = reqwest::blocking::Request::try_from(request).unwrap();
                let response = client.with_signer(signer.clone()).execute(request)?;
                Ok((response.status().as_u16(), response.text().unwrap()))
            }
        }
    }

    /// With a body that cannot be sent twice.
    fn call_streaming(&self, signer: &Signer, url: &str) -> Result<u16, Error> {
        match self {
            Self::Async(client) => RUNTIME.block_on(async {
                let body = http_body_util::BodyDataStream::new(http_body_util::Full::new(
                    bytes::Bytes::from("bytes"),
                ));
                let client = client.with_signer(signer.clone());
                let request = client.post(url).body(reqwest::Body::wrap_stream(body));
                Ok(request.send().await?.status().as_u16())
            }),
            Self::Blocking(client) => {
                let body = reqwest::blocking::Body::new(std::io::Cursor::new("bytes"));
                Ok(client.with_signer(signer.clone()).post(url).body(body).send()?.status().as_u16())
            }
        }
    }
}

fn secrets() -> (&'static str, &'static str) {
    (CLIENT_SECRET, TOKEN_SECRET)
}

/// Redirects `/items` to this place, and answers all else.
fn server_to(status: u16, location: impl Fn(&str) -> String + Send + 'static) -> Server {
    Server::with(move |received| {
        if received.target().starts_with("/items") {
            let origin = format!("http://{}", received.header("Host").unwrap());
            Reply::redirect(status, location(&origin))
        } else {
            Reply::status(200, "text/plain", "there")
        }
    })
}

/// Each request is signed for its own URL, with a nonce of its own.
fn check_hops(received: &[IncomingRequest]) {
    for hop in received {
        check_signature(hop, "http", secrets()).unwrap();
    }
    let nonces: HashSet<_> = received.iter().map(|hop| hop.oauth()["oauth_nonce"].clone()).collect();
    assert_eq!(nonces.len(), received.len(), "a nonce twice: {received:?}");
}

fn refusal(error: Error, received: &[IncomingRequest]) -> Shape {
    let failure = Failure::from(error);
    assert_eq!(leaked(&failure.shown(), &hidden(received)), None);
    failure.shape
}

#[test]
fn each_hop_on_the_same_origin_is_signed_for_its_own_url() {
    let places: [fn(&str) -> String; 8] = [
        |_| "/next?b=x%20y&a=1+2&b=%7e".to_owned(),
        |origin| format!("{origin}/next?b=x%20y&a=1+2&b=%7e"),
        |origin| format!("{}/next?b=x%20y&a=1+2&b=%7e", origin.replace("http:", "")),
        |_| "next?b=x%20y&a=1+2&b=%7e".to_owned(),
        |_| "./a/../next?b=x%20y&a=1+2&b=%7e".to_owned(),
        |_| "/next?b=x%20y&a=1+2&b=%7e#fragment".to_owned(),
        |origin| format!("{}/next?b=x%20y&a=1+2&b=%7e", origin.replace("http:", "HTTP:")),
        |_| "/next?b=x y&a=1+2&b=%7e".to_owned(),
    ];
    for client in Following::both() {
        for place in places {
            for status in [301, 302, 303, 307, 308] {
                let server = server_to(status, place);
                let answer = client.call(&user(), get(&server)).unwrap();
                assert_eq!(answer, (200, "there".to_owned()));
                let received = server.received();
                assert_eq!(received.len(), 2);
                assert_eq!(received[1].target(), "/next?b=x%20y&a=1+2&b=%7e");
                check_hops(&received);
            }
        }
    }
}

/// RFC 9110 §15.4, and what browsers do.
#[test]
fn the_body_goes_along_or_is_forgotten_with_all_that_speaks_of_it() {
    let get_of = |status: u16, method: &Method| match status {
        303 => method != Method::HEAD,
        301 | 302 => method == Method::POST,
        _ => false,
    };
    for client in Following::both() {
        for status in [301, 302, 303, 307, 308] {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::GET] {
                let server = server_to(status, |_| "/next?a=1".to_owned());
                let mut request = post_form(&server);
                request.headers_mut().insert("content-language", "en".parse().unwrap());
                request.headers_mut().insert("x-kept", "yes".parse().unwrap());
                *request.method_mut() = method.clone();
                let form = request.body().clone();
                client.call(&user(), request).unwrap();

                let received = server.received();
                check_hops(&received);
                let (first, last) = (&received[0], &received[1]);
                assert_eq!(first.body, form);
                let cell = format!("{} {status} {method}: {last:?}", client.name());
                assert_eq!(last.header("X-Kept").as_deref(), Some("yes"), "{cell}");
                if get_of(status, &method) {
                    assert_eq!((last.method().as_str(), &last.raw_body[..]), ("GET", &b""[..]), "{cell}");
                    for name in ["Content-Type", "Content-Language", "Transfer-Encoding", "Content-Length"] {
                        assert_eq!(last.header(name), None, "{cell}");
                    }
                } else {
                    assert_eq!((last.method().as_str(), &last.body), (method.as_str(), &form), "{cell}");
                    assert_eq!(last.header("Content-Type"), first.header("Content-Type"), "{cell}");
                    assert_eq!(last.header("Content-Language").as_deref(), Some("en"), "{cell}");
                }
            }
        }
    }
}

#[test]
fn a_body_hash_follows_the_body() {
    let signer = user().to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap();
    for client in Following::both() {
        for (status, hashed) in [(307, true), (302, false)] {
            let server = server_to(status, |_| "/next".to_owned());
            let request = Request::post(server.url("/items")).header("content-type", "application/json");
            client.call(&signer, request.body(b"{}".to_vec()).unwrap()).unwrap();
            let received = server.received();
            check_hops(&received);
            let hashes: Vec<_> = received.iter().map(|hop| hop.oauth().remove("oauth_body_hash")).collect();
            // The base64 of the SHA-1 of `{}`.
            let hash = Some("vyGp6PvFo4RvsFtPoIWeCReyIC8=".to_owned());
            assert_eq!(hashes, [hash.clone(), hash.filter(|_| hashed)]);
        }
    }
}

#[test]
fn five_hops_and_no_more() {
    let hop = |received: &IncomingRequest| received.target().trim_start_matches("/items?hop=").parse::<u32>();
    for client in Following::both() {
        for (hops, expected) in [(5, Ok(200)), (6, Err(Shape::Redirect(302, RedirectError::TooMany)))] {
            let server = Server::with(move |received| match hop(received) {
                Ok(hop) if hop < hops => Reply::redirect(302, format!("/items?hop={}", hop + 1)),
                _ => Reply::status(200, "", ""),
            });
            let request = Request::get(server.url("/items?hop=0")).body(Vec::new()).unwrap();
            let result = client.call(&user(), request);
            let received = server.received();
            check_hops(&received);
            let result = result.map(|(status, _)| status).map_err(|error| refusal(error, &received));
            assert_eq!((result, received.len()), (expected, 6));
        }
        // To itself.
        let server = Server::with(|received| Reply::redirect(307, received.target()));
        let error = client.call(&user(), post_form(&server)).unwrap_err();
        let received = server.received();
        check_hops(&received);
        assert_eq!(refusal(error, &received), Shape::Redirect(307, RedirectError::TooMany));
        assert_eq!(received.len(), 6);
    }
}

#[test]
fn no_hop_leads_to_another_origin() {
    type Place = fn(&str, &str) -> String;
    // Given this origin and that of another server.
    let places: [(&str, Place); 17] = [
        ("another port", |_, other| format!("{other}/next")),
        ("//host", |_, other| format!("{}/next", other.replace("http:", ""))),
        ("\\\\host", |_, other| other.replace("http://", "\\\\")),
        ("/\\host", |_, other| other.replace("http://", "/\\")),
        ("http:\\\\host", |_, other| other.replace('/', "\\")),
        ("a tab", |_, other| other.replace("http://", "/\t/")),
        ("another address", |origin, _| origin.replace("127.0.0.1", "127.0.0.2")),
        ("another address, //host", |origin, _| origin.replace("http://127.0.0.1", "//127.0.0.2")),
        ("a name for it", |origin, _| origin.replace("127.0.0.1", "localhost")),
        ("another scheme", |origin, _| origin.replace("http:", "https:")),
        ("no port", |_, _| "http://127.0.0.1/next".to_owned()),
        ("this origin as user information", |origin, other| {
            format!("{origin}@{}/next", other.replace("http://", ""))
        }),
        ("user information, //host", |_, other| other.replace("http://", "//user:pass@")),
        ("a script", |_, _| "javascript:alert(1)".to_owned()),
        ("data", |_, _| "data:text/plain,there".to_owned()),
        ("a file", |_, _| "file:///etc/passwd".to_owned()),
        ("ftp", |origin, _| origin.replace("http:", "ftp:")),
    ];
    for client in Following::both() {
        for (name, place) in places {
            for (status, has_form) in [(302, false), (307, true), (308, true)] {
                let other = Server::with(|_| Reply::status(200, "", ""));
                let elsewhere = other.origin();
                let server = server_to(status, move |origin| place(origin, &elsewhere));
                let request = if has_form { post_form(&server) } else { get(&server) };
                let error = client.call(&user(), request).unwrap_err();
                let received = server.received();
                let expected = Shape::Redirect(status, RedirectError::OtherOrigin);
                assert_eq!(refusal(error, &received), expected, "{name}, {}", client.name());
                assert_eq!((received.len(), other.connections()), (1, 0), "{name}, {}", client.name());
            }
        }
    }
}

#[test]
fn user_information_in_a_location_is_refused() {
    for client in Following::both() {
        let server = server_to(302, |origin| origin.replace("http://", "http://user:PASSWORD@") + "/next");
        let error = client.call(&user(), get(&server)).unwrap_err();
        let received = server.received();
        assert_eq!(received.len(), 1);
        // What the error is matters less than that nothing goes out.
        assert!(matches!(error, Error::Redirect { .. } | Error::Sign(SignError::Request(_))), "{error:?}");
        let _ = refusal(error, &received);
    }
}

#[test]
fn a_location_that_is_no_url_is_refused() {
    for client in Following::both() {
        for location in [None, Some("http://["), Some("http://"), Some("//"), Some("http://127.0.0.1:99999/")]
        {
            let server = Server::with(move |_| match location {
                Some(location) => Reply::redirect(302, location),
                None => Reply::status(302, "text/html", "<a href=/next>"),
            });
            let error = client.call(&user(), get(&server)).unwrap_err();
            let received = server.received();
            let expected = Shape::Redirect(302, RedirectError::InvalidLocation);
            assert_eq!(refusal(error, &received), expected, "{location:?}, {}", client.name());
            assert_eq!(received.len(), 1);
        }
        let latin_1 = b"HTTP/1.1 302 Found\r\nLocation: /caf\xE9\r\nContent-Length: 0\r\n\r\n";
        let server = Server::start([Reply::raw(latin_1)]);
        let error = client.call(&user(), get(&server)).unwrap_err();
        assert_eq!(refusal(error, &server.received()), Shape::Redirect(302, RedirectError::InvalidLocation));
    }
}

#[test]
fn a_stream_is_not_sent_again() {
    for client in Following::both() {
        for status in [307, 308] {
            let server = server_to(status, |_| "/next".to_owned());
            let error = client.call_streaming(&user(), &server.url("/items")).unwrap_err();
            let received = server.received();
            assert_eq!(refusal(error, &received), Shape::Redirect(status, RedirectError::StreamedBody));
            assert_eq!(received.len(), 1);
            assert_eq!(received[0].body, b"bytes");
            check_hops(&received);
        }
        // Without a redirect it is sent as any other.
        let server = Server::start([Reply::status(200, "", "")]);
        assert_eq!(client.call_streaming(&user(), &server.url("/next")).unwrap(), 200);
        check_hops(&server.received());
    }
}

#[test]
fn legs_follow_nothing_even_where_calls_do() {
    for client in Following::both() {
        let server = Server::start([Reply::redirect(307, "/next"), Reply::ok_form(issued())]);
        let leg = temporary_leg(&server);
        let error = match &client {
            Following::Async(client) => RUNTIME.block_on(client.request_credentials(&leg)).unwrap_err(),
            Following::Blocking(client) => client.request_credentials(&leg).unwrap_err(),
        };
        assert!(error.to_string().contains("redirects (307"), "{error}");
        assert_eq!(server.received().len(), 1);
    }
}

/// The signature is out by then, so all that is left is to say so.
#[test]
fn a_client_that_follows_by_itself_is_found_out() {
    let asynchronous = || Client::from_unsigned(user(), reqwest_builder().build().unwrap());
    let blocking = || blocking::Client::from_unsigned(user(), blocking_builder().build().unwrap());
    let both = [
        Following::Async(asynchronous()),
        Following::Blocking(blocking()),
        Following::Async(asynchronous().follow_same_origin(true)),
        Following::Blocking(blocking().follow_same_origin(true)),
    ];
    for client in both {
        for status in [301, 302, 303, 307, 308] {
            for to_other in [false, true] {
                let other = Server::with(|_| Reply::ok_form(issued()));
                let elsewhere = other.origin();
                let place = move |_: &str| if to_other { elsewhere.clone() } else { "/next".to_owned() };
                let server = server_to(status, place);
                let error = client.call(&user(), get(&server)).unwrap_err();
                let expected = Shape::Redirect(200, RedirectError::FollowedUnsigned);
                assert_eq!(refusal(error, &server.received()), expected, "{status}");
            }
        }
        let server = Server::with(|received| {
            if received.target() == "/next" {
                Reply::ok_form(issued())
            } else {
                Reply::redirect(307, "/next")
            }
        });
        let leg = temporary_leg(&server);
        let error = match &client {
            Following::Async(client) => RUNTIME.block_on(client.request_credentials(&leg)).unwrap_err(),
            Following::Blocking(client) => client.request_credentials(&leg).unwrap_err(),
        };
        assert_eq!(refusal(error, &server.received()), Shape::Redirect(200, RedirectError::FollowedUnsigned));
    }
}
