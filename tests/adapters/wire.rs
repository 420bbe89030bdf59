//! Requests of every kind through every client.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::thread;

use bytes::Bytes;
use http::uri::Scheme;
use http::{Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioIo};
use oauth1_signer::tower::SigningLayer;
use oauth1_signer::{Origin, Signer};
use tower::ServiceExt;
use tower_layer::Layer;

use super::{SECRETS, check_signature, content, only, signer};
use crate::support::clients::{RUNTIME, blocking_builder, hyper_client, reqwest_builder};
use crate::support::server::Server;

/// How a request is signed and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// `Client::execute` of the adapter.
    Reqwest,
    /// `Signer::authorize` and reqwest's own client.
    ReqwestAlone,
    Blocking,
    BlockingAlone,
    /// `hyper::authorize`, an absolute URL, hyper-util's client.
    Hyper,
    /// `Signer::authorize` of a body that hyper takes as it is.
    HyperString,
    /// `hyper::authorize` of an absolute URL, then `to_origin_form`, on a connection of hyper's.
    Connection,
    /// `to_origin_form` first.
    OriginForm,
    Tower,
    /// The layer over a connection, which gets origin-form.
    TowerOriginForm,
}

impl Way {
    const ALL: [Self; 10] = [
        Self::Reqwest,
        Self::ReqwestAlone,
        Self::Blocking,
        Self::BlockingAlone,
        Self::Hyper,
        Self::HyperString,
        Self::Connection,
        Self::OriginForm,
        Self::Tower,
        Self::TowerOriginForm,
    ];

    /// Whether the URL is a `url::Url`, which has rules of its own.
    fn rewrites(self) -> bool {
        matches!(self, Self::Reqwest | Self::ReqwestAlone | Self::Blocking | Self::BlockingAlone)
    }
}

/// A request before any client had it.
#[derive(Clone, Debug)]
struct Asked {
    method: &'static str,
    url: String,
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

impl Asked {
    /// None where the crate `http` does not take the URL.
    fn request(&self) -> Option<Request<Vec<u8>>> {
        let uri: Uri = self.url.parse().ok()?;
        let mut request = Request::builder().method(self.method).uri(uri);
        if let Some(content_type) = self.content_type {
            request = request.header("content-type", content_type);
        }
        request.body(self.body.clone()).ok()
    }

    fn full(&self) -> Option<Request<Full<Bytes>>> {
        Some(self.request()?.map(|body| Full::new(Bytes::from(body))))
    }

    fn reqwest(&self) -> Option<reqwest::Request> {
        let method = self.method.parse().ok()?;
        let mut request = reqwest::Request::new(method, reqwest::Url::parse(&self.url).ok()?);
        *request.headers_mut() = self.headers();
        if !self.body.is_empty() || self.content_type.is_some() {
            *request.body_mut() = Some(self.body.clone().into());
        }
        Some(request)
    }

    fn blocking(&self) -> Option<reqwest::blocking::Request> {
        let method = self.method.parse().ok()?;
        let mut request = reqwest::blocking::Request::new(method, reqwest::Url::parse(&self.url).ok()?);
        *request.headers_mut() = self.headers();
        if !self.body.is_empty() || self.content_type.is_some() {
            *request.body_mut() = Some(self.body.clone().into());
        }
        Some(request)
    }

    fn headers(&self) -> http::HeaderMap {
        let content_type =
            self.content_type.map(|value| (http::header::CONTENT_TYPE, value.parse().unwrap()));
        content_type.into_iter().collect()
    }
}

/// Every client there is, each with one connection to one server, whatever host a URL names.
struct Clients {
    address: SocketAddr,
    reqwest: oauth1_signer::reqwest::Client,
    blocking: oauth1_signer::reqwest::blocking::Client,
    full: legacy::Client<Fixed, Full<Bytes>>,
    string: legacy::Client<Fixed, String>,
}

/// Connects to one address.
#[derive(Clone, Copy, Debug)]
struct Fixed(SocketAddr);

impl tower::Service<Uri> for Fixed {
    type Response = TokioIo<tokio::net::TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let address = self.0;
        Box::pin(async move { tokio::net::TcpStream::connect(address).await.map(TokioIo::new) })
    }
}

/// Names that are no names anywhere else. The server's address stands for them.
const NAMES: [&str; 2] = ["api.example.test", "xn--bcher-kva.test"];

impl Clients {
    fn new(server: &Server) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
        let (mut reqwest, mut blocking) = (reqwest_builder(), blocking_builder());
        for name in NAMES {
            (reqwest, blocking) = (reqwest.resolve(name, address), blocking.resolve(name, address));
        }
        Self {
            address,
            reqwest: oauth1_signer::reqwest::Client::new(signer(), reqwest).unwrap(),
            blocking: oauth1_signer::reqwest::blocking::Client::new(signer(), blocking).unwrap(),
            full: legacy::Client::builder(TokioExecutor::new()).build(Fixed(address)),
            string: legacy::Client::builder(TokioExecutor::new()).build(Fixed(address)),
        }
    }

    /// False where the client's types do not take the request.
    fn send(&self, way: Way, signer: &Signer, asked: &Asked) -> bool {
        RUNTIME.block_on(self.send_on(way, signer, asked)).is_some() || {
            matches!(way, Way::Blocking | Way::BlockingAlone)
                && self.send_blocking(way, signer, asked).is_some()
        }
    }

    fn send_blocking(&self, way: Way, signer: &Signer, asked: &Asked) -> Option<()> {
        let request = asked.blocking()?;
        let response = match way {
            Way::Blocking => self.blocking.with_signer(signer.clone()).execute(request).unwrap(),
            _ => self.blocking.unsigned().execute(signer.authorize(request).unwrap()).unwrap(),
        };
        assert_eq!(response.status(), 200);
        response.bytes().unwrap();
        Some(())
    }

    async fn send_on(&self, way: Way, signer: &Signer, asked: &Asked) -> Option<()> {
        let scheme = if asked.url.starts_with("https:") { Scheme::HTTPS } else { Scheme::HTTP };
        match way {
            Way::Blocking | Way::BlockingAlone => return None,
            Way::Reqwest => {
                let response =
                    self.reqwest.with_signer(signer.clone()).execute(asked.reqwest()?).await.unwrap();
                response.bytes().await.unwrap();
            }
            Way::ReqwestAlone => {
                let request = signer.authorize(asked.reqwest()?).unwrap();
                self.reqwest.unsigned().execute(request).await.unwrap().bytes().await.unwrap();
            }
            Way::Hyper => {
                let request = oauth1_signer::hyper::authorize(signer, &scheme, asked.full()?).unwrap();
                self.full.request(request).await.unwrap();
            }
            Way::HyperString => {
                let body = String::from_utf8(asked.body.clone()).ok()?;
                let request = signer.authorize(asked.request()?.map(|_| body)).unwrap();
                self.string.request(request).await.unwrap();
            }
            Way::Connection => {
                let request = oauth1_signer::hyper::authorize(signer, &scheme, asked.full()?).unwrap();
                connection(self.address, oauth1_signer::hyper::to_origin_form(request)).await;
            }
            Way::OriginForm => {
                let request = oauth1_signer::hyper::to_origin_form(asked.full()?);
                assert!(request.uri().scheme().is_none());
                let request = oauth1_signer::hyper::authorize(signer, &scheme, request).unwrap();
                connection(self.address, request).await;
            }
            Way::Tower => {
                let request = asked.full()?;
                let layer = SigningLayer::new(signer.clone(), origin_of(request.uri()));
                layer.layer(self.full.clone()).oneshot(request).await.unwrap();
            }
            Way::TowerOriginForm => {
                let request = asked.full()?;
                let layer = SigningLayer::new(signer.clone(), origin_of(request.uri()));
                let address = self.address;
                let service = layer.layer(tower::service_fn(move |request| async move {
                    connection(address, request).await;
                    Ok::<_, io::Error>(())
                }));
                service.oneshot(oauth1_signer::hyper::to_origin_form(request)).await.unwrap();
            }
        }
        Some(())
    }
}

fn origin_of(uri: &Uri) -> Origin {
    Origin::new(&format!("{}://{}", uri.scheme().unwrap(), uri.authority().unwrap())).unwrap()
}

/// A connection of hyper's, for one request.
pub(crate) async fn connection(address: SocketAddr, request: Request<Full<Bytes>>) {
    let stream = TokioIo::new(tokio::net::TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
    connection.abort();
}

/// Each request by each way, one after the other, and the target that each is to arrive at.
fn run(cases: &[(Asked, String, String)], scheme: &str) {
    let server = content();
    let (clients, signer) = (Clients::new(&server), signer());
    let (mut failed, mut refused, mut before) = (Vec::new(), Vec::new(), 0);
    for (asked, target, rewritten) in cases {
        let asked = Asked { url: asked.url.replace("PORT", &server.port().to_string()), ..asked.clone() };
        for way in Way::ALL {
            if scheme == "https" && way.rewrites() {
                continue;
            }
            let cell = format!("{way:?} / {asked:?}");
            let sent = catch_unwind(AssertUnwindSafe(|| clients.send(way, &signer, &asked)));
            match sent {
                Ok(true) => {}
                Ok(false) => {
                    refused.push(cell);
                    continue;
                }
                Err(_) => {
                    failed.push(format!("{cell}: a panic, above"));
                    before = server.received().len();
                    continue;
                }
            }
            let received = server.received();
            if received.len() != before + 1 {
                failed.push(format!("{cell}: {} requests", received.len() - before));
                before = received.len();
                continue;
            }
            before += 1;
            let received = &received[before - 1];
            let expected = if way.rewrites() { rewritten } else { target };
            if received.target() != *expected {
                failed.push(format!("{cell}: {} instead of {expected}", received.target()));
            }
            if received.method() != asked.method || received.body != asked.body {
                failed.push(format!("{cell}: {received:?}"));
            }
            if received.header("Content-Type").as_deref() != asked.content_type {
                failed.push(format!("{cell}: {received:?}"));
            }
            if let Err(reason) = check_signature(received, scheme, SECRETS) {
                failed.push(format!("{cell}: {reason}"));
            }
        }
    }
    println!("{} requests, {before} received; not taken:\n{}", cases.len(), refused.join("\n"));
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
    assert!(refused.len() < before / 5, "hardly anything was sent");
}

fn get(url: impl Into<String>) -> Asked {
    Asked { method: "GET", url: url.into(), content_type: None, body: Vec::new() }
}

#[test]
fn any_target() {
    // What is asked for, how it is to arrive, and how by a `url::Url` where that differs.
    let targets: &[(&str, &str, Option<&str>)] = &[
        ("", "/", None),
        ("/", "/", None),
        ("?a=1", "/?a=1", None),
        ("/?", "/?", None),
        ("/items?", "/items?", None),
        ("/items", "/items", None),
        ("/items/", "/items/", None),
        ("/items?b=2&a=1&a=0&c", "/items?b=2&a=1&a=0&c", None),
        ("/items?a=1&a=1", "/items?a=1&a=1", None),
        ("/%7euser/%7E/~?x=%7e~%7E", "/%7euser/%7E/~?x=%7e~%7E", None),
        ("/a%2fb/%2F?c=%2f%2F/", "/a%2fb/%2F?c=%2f%2F/", None),
        ("/?a&b=&=c&&d=&=&", "/?a&b=&=c&&d=&=&", None),
        ("/?a=1+2&b=%2B&c=%20", "/?a=1+2&b=%2B&c=%20", None),
        ("/?q=a|b&r=[1]&s[]=2", "/?q=a|b&r=[1]&s[]=2", None),
        ("/a|b/[c]", "/a|b/[c]", None),
        ("/?q='*!()$,;:@", "/?q='*!()$,;:@", Some("/?q=%27*!()$,;:@")),
        ("/'*!()$,;:@&=+", "/'*!()$,;:@&=+", None),
        ("/a/./b/../c//d/", "/a/./b/../c//d/", Some("/a/c//d/")),
        ("/%2e%2e/a/%2E/b", "/%2e%2e/a/%2E/b", Some("/a/b")),
        ("/../..", "/../..", Some("/")),
        ("//a//b", "//a//b", None),
        ("/?x=%&y=%z&z=%2", "/?x=%&y=%z&z=%2", None),
        ("/%25%2525?x=%25%2525", "/%25%2525?x=%25%2525", None),
        ("/caf%C3%A9?x=%E9&%C3%A9=1", "/caf%C3%A9?x=%E9&%C3%A9=1", None),
        ("/;p=1;q?a;b=2", "/;p=1;q?a;b=2", None),
        ("/?next=http://other/?x=1&y=/", "/?next=http://other/?x=1&y=/", None),
        ("/a?b?c=d?", "/a?b?c=d?", None),
        ("/#fragment", "/", None),
        ("/x?a=b#c?d=e", "/x?a=b", None),
        ("?#", "/?", None),
        ("/:80//a@b", "/:80//a@b", None),
        ("/?%61=1&a=0&%61=0", "/?%61=1&a=0&%61=0", None),
        ("/?oauth_extra=1&oauth_signature_x=2", "/?oauth_extra=1&oauth_signature_x=2", None),
        ("/?a=b=c==", "/?a=b=c==", None),
        ("/?q={1}", "/?q={1}", None),
        ("/a{b}", "/a{b}", Some("/a%7Bb%7D")),
        ("/?q=^`\\", "/?q=^`\\", None),
        ("/?q=\u{e9}\u{1f600}", "/?q=\u{e9}\u{1f600}", Some("/?q=%C3%A9%F0%9F%98%80")),
        ("/\u{e9}", "/\u{e9}", Some("/%C3%A9")),
        ("/?q=a b", "/?q=a b", Some("/?q=a%20b")),
        ("/?q=%00&r=%0A%0D", "/?q=%00&r=%0A%0D", None),
    ];
    let case = |&(asked, target, rewritten): &(&str, &str, Option<&str>)| {
        let asked = get(format!("http://127.0.0.1:PORT{asked}"));
        (asked, target.to_owned(), rewritten.unwrap_or(target).to_owned())
    };
    run(&targets.iter().map(case).collect::<Vec<_>>(), "http");
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

#[test]
fn any_method_and_body() {
    let bodies: &[(&str, Option<&'static str>, &[u8])] = &[
        ("POST", None, b""),
        ("POST", FORM, b""),
        ("POST", FORM, b"b=2&a=1&a=0&c"),
        ("POST", FORM, b"b=%7e&a=~&a=+&=x&&c&d=%2B"),
        ("POST", FORM, b"name=tea+%26+cake&x=%"),
        ("POST", FORM, b"q=1&z=0"),
        ("POST", FORM, b"\xFF=\xE9&a=\xC3\xA9"),
        ("POST", FORM, b"a=1;b=2\n&c=[|]"),
        ("POST", Some("Application/X-WWW-Form-URLencoded; charset=UTF-8"), b"a=1&b=%20"),
        ("POST", Some("application/x-www-form"), b"a=1"),
        ("POST", Some("text/plain"), b"a=1&b=2"),
        ("POST", Some("application/json"), b"{\"a\":1}"),
        ("POST", None, b"a=1&b=2"),
        ("PUT", FORM, b"a=1"),
        ("PATCH", Some("application/json"), b"{}"),
        ("DELETE", None, b""),
        ("DELETE", FORM, b"a=1"),
        ("GET", FORM, b"a=1"),
        ("OPTIONS", None, b""),
        ("HEAD", None, b""),
        ("PURGE", None, b""),
        ("get", None, b""),
        ("A!#$%&'*+-.^_`|~1", None, b""),
    ];
    let case = |&(method, content_type, body): &(&'static str, Option<&'static str>, &[u8])| {
        let url = "http://127.0.0.1:PORT/items?q=1&b=%7E".to_owned();
        let target = "/items?q=1&b=%7E".to_owned();
        (Asked { method, url, content_type, body: body.to_vec() }, target.clone(), target)
    };
    run(&bodies.iter().map(case).collect::<Vec<_>>(), "http");
}

fn hosts(scheme: &str, hosts: &[&str]) {
    let case = |host: &&str| {
        (get(format!("{scheme}://{host}/items?a=1")), "/items?a=1".to_owned(), "/items?a=1".to_owned())
    };
    run(&hosts.iter().map(case).collect::<Vec<_>>(), scheme);
}

#[test]
fn any_host() {
    hosts(
        "http",
        &[
            "api.example.test",
            "API.Example.TEST",
            "api.example.test:PORT",
            "API.EXAMPLE.test:PORT",
            "127.0.0.1:PORT",
            "xn--bcher-kva.test",
            "api.example.test:",
        ],
    );
    // The scheme of the text is not case-sensitive either.
    let loud = (get("HTTP://127.0.0.1:PORT/a"), "/a".to_owned(), "/a".to_owned());
    run(&[loud], "http");
}

/// No server listens there, but the connections of hyper go where they are told to.
#[test]
fn any_host_that_a_connection_is_for() {
    for scheme in ["http", "https"] {
        let server = content();
        let clients = Clients::new(&server);
        let hosts = [
            "api.example.test:80",
            "api.example.test:443",
            "api.example.test:8080",
            "API.example.test:0443",
            "[::1]",
            "[::1]:80",
            "[2001:DB8::1]:443",
            "[2001:db8::1]:8443",
            "192.0.2.1:65535",
            "under_score.test",
            "api.example.test.",
        ];
        for (at, host) in hosts.iter().enumerate() {
            let asked = get(format!("{scheme}://{host}/items?a=1"));
            for (before, way) in Way::ALL.into_iter().filter(|way| !way.rewrites()).enumerate() {
                assert!(clients.send(way, &signer(), &asked), "{way:?} {asked:?}");
                let received = server.received();
                let received = &received[6 * at + before];
                check_signature(received, scheme, SECRETS)
                    .unwrap_or_else(|reason| panic!("{way:?}: {reason}"));
            }
        }
    }
}

/// What a URL's parser makes of a host is what is signed.
#[test]
fn hosts_that_reqwest_rewrites() {
    for host in
        ["127.1:PORT", "0x7f.0.0.1:PORT", "2130706433:PORT", "b\u{fc}cher.test:PORT", "%31%32%37.0.0.1:PORT"]
    {
        let server = content();
        let clients = Clients::new(&server);
        let asked = get(format!("http://{}/", host.replace("PORT", &server.port().to_string())));
        let ways = Way::ALL.into_iter().filter(|way| way.rewrites());
        for (at, way) in ways.enumerate() {
            assert!(clients.send(way, &signer(), &asked));
            check_signature(&server.received()[at], "http", SECRETS).unwrap();
        }
    }
}

/// A door at `[::1]` to a server at 127.0.0.1. None where the machine has no IPv6.
fn door(to: SocketAddr) -> Option<u16> {
    let listener = TcpListener::bind("[::1]:0").ok()?;
    let port = listener.local_addr().ok()?.port();
    thread::spawn(move || {
        for inside in listener.incoming().flatten() {
            let Ok(outside) = TcpStream::connect(to) else { return };
            let (mut a, mut b) = (inside.try_clone().unwrap(), outside.try_clone().unwrap());
            let (mut c, mut d) = (inside, outside);
            thread::spawn(move || io::copy(&mut a, &mut b));
            thread::spawn(move || io::copy(&mut d, &mut c));
        }
    });
    Some(port)
}

#[test]
fn ipv6_loopback() {
    let server = content();
    let clients = Clients::new(&server);
    let Some(port) = door(clients.address) else { return };
    for (before, way) in Way::ALL.into_iter().enumerate() {
        let asked = get(format!("http://[::1]:{port}/items?a=1"));
        assert!(clients.send(way, &signer(), &asked), "{way:?}");
        let received = &server.received()[before];
        assert_eq!(received.header("Host"), Some(format!("[::1]:{port}")));
        check_signature(received, "http", SECRETS).unwrap_or_else(|reason| panic!("{way:?}: {reason}"));
    }
}

/// §3.4.1.2: "The host and port values MUST match the content of the HTTP request "Host" header field."
/// Clients send a Host header that the request has already, so one of another host would not match.
#[test]
fn a_host_header_is_that_of_the_url() {
    for way in Way::ALL {
        let server = content();
        let clients = Clients::new(&server);
        let url = server.url("/items?a=1");
        let own = server.origin().replace("http://", "");
        for (host, is_sent) in [("virtual.example", false), ("127.0.0.1:1", false), (&*own, true)] {
            let full = || Request::get(&url).header("host", host).body(Full::<Bytes>::default()).unwrap();
            let outcome = match way {
                Way::Reqwest => {
                    let request = clients.reqwest.get(&url).header("host", host);
                    RUNTIME.block_on(request.send()).map(drop).map_err(|e| e.to_string())
                }
                Way::Blocking => {
                    let request = clients.blocking.get(&url).header("host", host);
                    request.send().map(drop).map_err(|error| error.to_string())
                }
                Way::Hyper => oauth1_signer::hyper::authorize(&signer(), &Scheme::HTTP, full())
                    .map(|request| drop(RUNTIME.block_on(clients.full.request(request)).unwrap()))
                    .map_err(|error| error.to_string()),
                Way::Tower => {
                    let layer = SigningLayer::new(signer(), Origin::new(&server.origin()).unwrap());
                    let answer = RUNTIME.block_on(layer.layer(clients.full.clone()).oneshot(full()));
                    answer.map(drop).map_err(|error| error.to_string())
                }
                _ => continue,
            };
            let received = server.received();
            if is_sent {
                outcome.unwrap();
                check_signature(&received[0], "http", SECRETS)
                    .unwrap_or_else(|reason| panic!("{way:?}: {reason}"));
            } else {
                assert!(outcome.unwrap_err().contains("the Host header is not that of the URL"), "{way:?}");
                assert!(received.is_empty(), "{way:?}");
            }
        }
    }
}

/// A request with everything at once, read by the eye.
#[test]
fn a_request_as_it_is_received() {
    let server = content();
    let request = Request::post(server.url("/items?b=%7e"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from("a=1")))
        .unwrap();
    let request = oauth1_signer::hyper::authorize(&signer(), &Scheme::HTTP, request).unwrap();
    RUNTIME.block_on(hyper_client().request(request)).unwrap();
    let received = only(&server);
    let header = received.header("Authorization").unwrap();
    assert!(
        header
            .starts_with("OAuth realm=\"Photos \\\"and\\\" more\", oauth_consumer_key=\"consumer%20key\", ")
    );
    assert_eq!(
        received.oauth().keys().collect::<Vec<_>>(),
        [
            "oauth_consumer_key",
            "oauth_nonce",
            "oauth_signature",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_token",
            "oauth_version",
        ]
    );
}
