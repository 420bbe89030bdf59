//! HTTP/1.1 as it is on the wire: `Expect: 100-continue`, trailers, and bodies of unknown length.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use oauth1_signer::tower::RequestBody;
use tower::ServiceExt;
use tower_layer::Layer;

use crate::served::{header, routes, serve};
use crate::site::{FORM, NOW, Site, in_origin_form, request, run, signed_by, signer};
use crate::stream::{End, Stream};

/// Sends the head, and the body only if the server asks for it. Returns all that the server sends.
async fn expecting(address: SocketAddr, head: String, body: &'static [u8]) -> String {
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = vec![0; 1024];
        let len = stream.read(&mut response).unwrap();
        response.truncate(len);
        if response.starts_with(b"HTTP/1.1 100 ") {
            stream.write_all(body).unwrap();
        }
        stream.read_to_end(&mut response).unwrap();
        String::from_utf8(response).unwrap()
    })
    .await
    .unwrap()
}

#[test]
fn a_client_that_waits_for_100_continue_sends_no_body_in_vain() {
    run(async {
        let address = serve(|layer| routes().layer(layer)).await;
        let head = |host: &str, authorization: &str| {
            format!(
                "POST /form HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\nContent-Length: 3\r\n\
                 Expect: 100-continue\r\nConnection: close\r\nAuthorization: {authorization}\r\n\r\n"
            )
        };
        let own = address.to_string();
        let signed = header(address, "n1", "POST", "a=1");
        let served = expecting(address, head(&own, &signed), b"a=1").await;
        assert!(served.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), "{served}");
        let other = expecting(address, head("evil.example", &signed), b"a=1").await;
        assert!(other.starts_with("HTTP/1.1 400 "), "{other}");
        let stale = signed.replace(&NOW.to_string(), &(NOW - 301).to_string());
        let stale = expecting(address, head(&own, &stale), b"a=1").await;
        assert!(stale.starts_with("HTTP/1.1 401 "), "{stale}");
    });
}

#[test]
fn trailers_arrive_whether_the_layer_reads_the_body_or_not() {
    for content_type in [FORM, "text/plain"] {
        let site = Site::new();
        let (stream, _) = Stream::new(b"a=1", 1);
        let body = request("POST", "/items", Some((content_type, "a=1")));
        let request =
            in_origin_form(signed_by(&signer(), NOW, "n1", body)).map(|_| stream.with(End::Trailers));
        let trailers = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&trailers);
        let service = tower::service_fn(move |request: Request<RequestBody<Stream>>| {
            let seen = Arc::clone(&seen);
            async move {
                let collected = request.into_body().collect().await.unwrap();
                *seen.lock().unwrap() = collected.trailers().cloned();
                assert_eq!(collected.to_bytes(), "a=1");
                Ok::<_, Infallible>(Response::new(String::new()))
            }
        });
        let response = run(site.layer().layer(service).oneshot(request));
        assert_eq!(response.unwrap().status(), StatusCode::OK, "{content_type}");
        let trailers = trailers.lock().unwrap().take().unwrap();
        assert_eq!(trailers["checked"], HeaderValue::from_static("yes"), "{content_type}");
    }
}
