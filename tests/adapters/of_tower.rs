//! What is particular to the layer: origins, origin-form, and bodies.

use std::convert::Infallible;
use std::error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::{Bytes, BytesMut};
use http::uri::Scheme;
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::tower::{ServiceError, Signing, SigningFuture, SigningLayer, request_credentials};
use oauth1_signer::{BodyHashPolicy, Origin, SignError, request::RequestError};
use tower::{Service, ServiceExt};
use tower_layer::Layer;

use super::wire::connection;
use super::{SECRETS, check_signature, check_untouched, content, only, signer};
use crate::support::clients::{HyperClient, RUNTIME, hyper_client};

const FORM: &str = "application/x-www-form-urlencoded";

fn layer(origin: &str) -> SigningLayer {
    SigningLayer::new(signer(), Origin::new(origin).unwrap())
}

fn get(url: &str) -> Request<Full<Bytes>> {
    Request::get(url).body(Full::default()).unwrap()
}

#[test]
fn a_request_for_another_origin_is_not_sent() {
    let (server, other) = (content(), content());
    let service = layer(&server.origin()).layer(hyper_client());
    let own = server.origin();
    for url in [
        other.url("/items"),
        own.replace("http:", "https:") + "/",
        own.replace("127.0.0.1", "127.0.0.2") + "/",
        own.replace("127.0.0.1", "localhost") + "/",
        "http://127.0.0.1/".to_owned(),
        "https://127.0.0.1/".to_owned(),
    ] {
        let error = RUNTIME.block_on(service.clone().oneshot(get(&url))).unwrap_err();
        assert!(matches!(error, ServiceError::OtherOrigin), "{url}: {error:?}");
        assert!(error.to_string().contains("SigningLayer::also_for"));
    }
    check_untouched(&server);
    check_untouched(&other);

    // By the Host header, too.
    let sent: Arc<Mutex<usize>> = Arc::default();
    let counted = Arc::clone(&sent);
    let service = layer(&own).layer(tower::service_fn(move |_: Request<Full<Bytes>>| {
        *counted.lock().unwrap() += 1;
        async { Ok::<_, Infallible>(()) }
    }));
    for host in ["127.0.0.1", "127.0.0.2:1", "example.test", &other.origin()["http://".len()..]] {
        let request = Request::get("/items").header("host", host).body(Full::default()).unwrap();
        let error = RUNTIME.block_on(service.clone().oneshot(request)).unwrap_err();
        assert!(matches!(error, ServiceError::OtherOrigin), "{host}: {error:?}");
    }
    for hosts in [&[][..], &["a", "b"], &["a/b"], &["user@a"], &["a b"]] {
        let mut request = Request::get("/items").body(Full::default()).unwrap();
        for host in hosts {
            request.headers_mut().append("host", host.parse().unwrap());
        }
        let error = RUNTIME.block_on(service.clone().oneshot(request)).unwrap_err();
        assert!(
            matches!(error, ServiceError::Sign(SignError::Request(RequestError::NoHost))),
            "{hosts:?}: {error:?}"
        );
    }
    assert_eq!(*sent.lock().unwrap(), 0);
}

#[test]
fn several_origins_each_have_their_requests() {
    let (one, two, three) = (content(), content(), content());
    let layer = layer(&one.origin()).also_for(Origin::new(&two.origin()).unwrap());
    let service = layer.layer(hyper_client());
    for server in [&one, &two] {
        RUNTIME.block_on(service.clone().oneshot(get(&server.url("/items?a=1")))).unwrap();
        only(server);
    }
    let error = RUNTIME.block_on(service.clone().oneshot(get(&three.url("/")))).unwrap_err();
    assert!(matches!(error, ServiceError::OtherOrigin));
    check_untouched(&three);
    let third = layer.also_for(Origin::new(&three.origin()).unwrap()).layer(hyper_client());
    RUNTIME.block_on(third.oneshot(get(&three.url("/")))).unwrap();
    only(&three);
}

/// The scheme of a request in origin-form is that of the layer's origin.
#[test]
fn origin_form_is_signed_with_the_scheme_of_the_layer() {
    let server = content();
    let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
    let to_server = || {
        tower::service_fn(move |request| async move {
            connection(address, request).await;
            Ok::<_, Infallible>(())
        })
    };
    let cases = [
        ("https://api.example.test", "api.example.test"),
        ("http://api.example.test", "api.example.test"),
        ("https://api.example.test", "API.example.test:443"),
        ("http://api.example.test", "api.example.test:80"),
        ("https://api.example.test:8443", "api.example.test:8443"),
        ("https://[::1]:8443", "[::1]:8443"),
    ];
    for (at, (origin, host)) in cases.into_iter().enumerate() {
        let layers = [layer(origin), layer("http://elsewhere.test").also_for(Origin::new(origin).unwrap())];
        for (nth, layer) in layers.into_iter().enumerate() {
            let request = Request::post("/items?b=%7e&a=1")
                .header("host", host)
                .header("content-type", FORM)
                .body(Full::new(Bytes::from("c=1")))
                .unwrap();
            RUNTIME.block_on(layer.layer(to_server()).oneshot(request)).unwrap();
            let received = &server.received()[2 * at + nth];
            assert_eq!(received.header("Host").as_deref(), Some(host));
            check_signature(received, &origin[..origin.find(':').unwrap()], SECRETS).unwrap();
        }
    }
}

/// What a service within the layer is given of a form in some type, or why it is given nothing.
fn form_in<B: Send + 'static>(body: B) -> Result<String, ServiceError> {
    let request = Request::post("http://127.0.0.1/items").header("content-type", FORM).body(body).unwrap();
    signed(&layer("http://127.0.0.1"), request)
}

fn signed<B: Send + 'static>(layer: &SigningLayer, request: Request<B>) -> Result<String, ServiceError> {
    let service = layer.layer(tower::service_fn(|request: Request<B>| async move {
        let header = request.headers()["authorization"].to_str().unwrap().to_owned();
        Ok::<_, Infallible>(header)
    }));
    RUNTIME.block_on(service.oneshot(request))
}

/// Sends a form in a type that hyper takes.
fn send_form<B>(body: B)
where
    B: http_body::Body<Data: Send, Error: Into<Box<dyn error::Error + Send + Sync>>> + Unpin + Send + 'static,
{
    let server = content();
    let client = legacy::Client::builder(TokioExecutor::new()).build_http();
    let request = Request::post(server.url("/items")).header("content-type", FORM).body(body).unwrap();
    RUNTIME.block_on(layer(&server.origin()).layer(client).oneshot(request)).unwrap();
    assert_eq!(only(&server).body, b"b=%7e&a=1+2");
}

#[test]
fn forms_are_seen_in_the_types_that_hold_them() {
    let form = "b=%7e&a=1+2";
    send_form(form.to_owned());
    send_form(Full::new(Bytes::from(form)));
    form_in(form.as_bytes().to_vec()).unwrap();
    form_in(BytesMut::from(form)).unwrap();
    form_in(Full::<Bytes>::default()).unwrap();

    // All of them have the same signature.
    let fixed = signer().to_builder().clock(|| Ok(1)).random(|| Ok([7; 16])).build().unwrap();
    let layer = SigningLayer::new(fixed, Origin::new("http://127.0.0.1").unwrap());
    let request = || Request::post("http://127.0.0.1/items").header("content-type", FORM);
    let expected = signed(&layer, request().body(form.to_owned()).unwrap()).unwrap();
    for header in [
        signed(&layer, request().body(form).unwrap()),
        signed(&layer, request().body(form.as_bytes().to_vec()).unwrap()),
        signed(&layer, request().body(Bytes::from(form)).unwrap()),
        signed(&layer, request().body(Full::new(Bytes::from(form))).unwrap()),
    ] {
        assert_eq!(header.unwrap(), expected);
    }
    let empty = signed(&layer, request().body(String::new()).unwrap()).unwrap();
    assert_ne!(empty, expected);
    assert_eq!(signed(&layer, request().body(Empty::<Bytes>::new()).unwrap()).unwrap(), empty);
}

#[test]
fn a_form_in_another_type_is_an_error_that_names_the_remedy() {
    let boxed: BoxBody<Bytes, Infallible> = Full::new(Bytes::from("a=1")).boxed();
    for error in [
        form_in(boxed).unwrap_err(),
        form_in(Full::new(&b"a=1"[..])).unwrap_err(),
        form_in(Full::new(Bytes::from("a=1")).boxed_unsync()).unwrap_err(),
        form_in(Some("a=1".to_owned())).unwrap_err(),
        // A form that is to come from elsewhere.
        form_in(()).unwrap_err(),
    ] {
        let ServiceError::Sign(SignError::Request(RequestError::UnbufferedFormBody)) = &error else {
            panic!("{error:?}");
        };
        let text = error.to_string();
        assert!(text.contains("in memory") && text.contains("RequestRef::body"), "{text}");
    }
    // Anything else may be in it.
    let boxed: BoxBody<Bytes, Infallible> = Full::new(Bytes::from("{}")).boxed();
    let request = Request::post("http://127.0.0.1/").header("content-type", "application/json");
    signed(&layer("http://127.0.0.1"), request.body(boxed).unwrap()).unwrap();
}

#[test]
fn a_body_hash_is_of_what_is_seen() {
    let hashing = signer().to_builder().body_hash(BodyHashPolicy::Always).build().unwrap();
    let layer = SigningLayer::new(hashing, Origin::new("http://127.0.0.1").unwrap());
    let request = || Request::post("http://127.0.0.1/").header("content-type", "application/json");
    // The base64 of the SHA-1 of `{}`, and of nothing.
    let of_object = "oauth_body_hash=\"vyGp6PvFo4RvsFtPoIWeCReyIC8%3D\"";
    let of_nothing = "oauth_body_hash=\"2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D\"";
    let full = signed(&layer, request().body(Full::new(Bytes::from("{}"))).unwrap()).unwrap();
    assert!(full.contains(of_object), "{full}");
    let empty = Request::get("http://127.0.0.1/").body(Empty::<Bytes>::new()).unwrap();
    let empty = signed(&layer, empty).unwrap();
    assert!(empty.contains(of_nothing), "{empty}");

    let boxed: BoxBody<Bytes, Infallible> = Full::new(Bytes::from("{}")).boxed();
    let error = signed(&layer, request().body(boxed).unwrap()).unwrap_err();
    let ServiceError::Sign(SignError::Request(RequestError::UnseenBody)) = &error else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains("body_digest"));
}

#[test]
fn a_second_authorization_is_refused() {
    let second = |error: ServiceError| {
        let ServiceError::Sign(SignError::Request(RequestError::SecondAuthorization)) = error else {
            panic!("{error:?}");
        };
    };
    let layer = layer("http://127.0.0.1");
    let request = || Request::get("http://127.0.0.1/");
    second(signed(&layer, request().header("authorization", "Bearer t").body(()).unwrap()).unwrap_err());
    second(signed(&layer, Request::get("http://u:p@127.0.0.1/").body(()).unwrap()).unwrap_err());
    // Whoever the origin is.
    second(signed(&layer, Request::get("http://127.0.0.1@evil.test/").body(()).unwrap()).unwrap_err());
    let twice = signer().authorize(request().body(()).unwrap()).unwrap();
    signed(&layer, twice).unwrap();
}

/// The service within is asked whether it is ready, and its own error comes back.
#[test]
fn the_service_within_speaks_for_itself() {
    #[derive(Clone)]
    struct Never;
    impl Service<Request<()>> for Never {
        type Response = Response<()>;
        type Error = std::io::Error;
        type Future = std::future::Ready<Result<Response<()>, std::io::Error>>;

        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), std::io::Error>> {
            std::task::Poll::Ready(Err(std::io::ErrorKind::NotConnected.into()))
        }

        fn call(&mut self, _: Request<()>) -> Self::Future {
            panic!("it is not ready")
        }
    }
    let request = Request::get("http://127.0.0.1/").body(()).unwrap();
    let error = RUNTIME.block_on(layer("http://127.0.0.1").layer(Never).oneshot(request)).unwrap_err();
    let ServiceError::Service(source) = error else { panic!("{error:?}") };
    assert_eq!(source.downcast_ref::<std::io::Error>().unwrap().kind(), std::io::ErrorKind::NotConnected);
}

#[test]
fn futures_are_send_and_services_are_shared() {
    fn send<T: Send>(future: T) {
        drop(future);
    }
    fn is_send<T: Send>() {}
    fn shared<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    fn error<T: error::Error + Send + Sync + 'static>() {}
    shared::<SigningLayer>();
    shared::<Signing<HyperClient>>();
    shared::<Origin>();
    is_send::<SigningFuture<legacy::ResponseFuture>>();
    error::<ServiceError>();

    let url = "http://127.0.0.1/";
    let flow = Flow::new(Endpoints::new(url, url, url), &signer()).unwrap();
    let leg = flow.temporary_credentials("oob").unwrap();
    send(request_credentials(hyper_client(), &leg));
    send(oauth1_signer::hyper::request_credentials(&hyper_client(), &leg));
    send(layer(url).layer(hyper_client()).oneshot(get(url)));
    // The scheme is a plain value: nothing of it is borrowed by what was signed.
    let request = oauth1_signer::hyper::authorize(&signer(), &Scheme::HTTP, get(url)).unwrap();
    send(hyper_client().request(request));
}

/// A leg over a boxed service, as applications hold them.
#[test]
fn a_leg_goes_over_any_service() {
    let server = crate::support::server::Server::start([crate::support::server::Reply::ok_form(
        "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true",
    )]);
    let flow =
        Flow::new(Endpoints::new(server.url("/i"), server.url("/a"), server.url("/t")), &signer()).unwrap();
    let service = hyper_client().map_response(|response: Response<hyper::body::Incoming>| {
        response.map(|body| BodyExt::boxed(body.map_err(std::io::Error::other)))
    });
    let service = tower::util::BoxCloneService::new(service);
    let issued =
        RUNTIME.block_on(request_credentials(service, &flow.temporary_credentials("oob").unwrap())).unwrap();
    assert_eq!(issued.credentials.token(), "t");
}
