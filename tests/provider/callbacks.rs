//! §2.1: which callbacks a provider accepts.

use http::Request;
use oauth1_signer::provider::{Issuer, MAX_CALLBACK_LEN, MemoryStore};
use oauth1_signer::verify::{ClientRecord, RejectionReason};
use oauth1_signer::{Callback, Signer};

use super::site::{CALLBACK, NOW, Site, code, credentials, now, redirect};

/// A first leg whose callback our own client would not send.
fn asking_for(callback: Option<&str>) -> Request<()> {
    let signer = Signer::builder(credentials("printer")).clock(|| Ok(NOW));
    let signer = match callback {
        Some(callback) => signer.parameter("oauth_x", "y").callback(Callback::Uri(callback.to_owned())),
        None => signer,
    };
    let request = Request::post("https://photos.example.net/initiate").body(()).unwrap();
    signer.build().unwrap().authorize(request).unwrap()
}

/// One who has registered nothing is sent nowhere: whoever knows its secret chose where else.
#[test]
fn without_registered_ones_a_client_is_out_of_band() {
    let site = Site::new();
    let Site { issuer, clients, clock, .. } = &site;
    let clock = clock.clone();
    let careful = Issuer::new(MemoryStore::new()).clock(move || Ok(clock.now()));
    for (callback, is_accepted) in [
        ("oob", true),
        (CALLBACK, false),
        ("https://169.254.169.254/latest/meta-data", false),
        ("http://localhost:8080/ready", false),
        ("http://127.0.0.1/ready", false),
    ] {
        let verified = site.verify_initiate(&asking_for(Some(callback))).unwrap();
        let issued = now(careful.issue_temporary(&verified, &clients[0]));
        assert_eq!(issued.is_ok(), is_accepted, "{callback}");
        if let Err(rejection) = issued {
            assert_eq!(rejection.to_response().status(), 400);
        }
        // The switch that opens it, as this site has it.
        assert!(now(issuer.issue_temporary(&verified, &clients[0])).is_ok(), "{callback}");
        // With it, and without, a registered one serves.
        let registered = printer(&[callback]);
        assert!(now(careful.issue_temporary(&verified, &registered)).is_ok(), "{callback}");
    }
}

fn printer(registered: &[&str]) -> ClientRecord {
    let record = ClientRecord::new(credentials("printer")).unwrap();
    registered.iter().fold(record, |record, callback| record.register_callback(*callback))
}

/// Whether it is accepted; if not, it is for the one reason there is.
#[track_caller]
fn is_accepted(registered: &[&str], callback: &str) -> bool {
    let site = Site::new().with_printer(printer(registered));
    match site.initiate(&asking_for(Some(callback))) {
        Ok(_) => true,
        Err(rejection) if *rejection.reason() == RejectionReason::Invalid("oauth_callback") => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(registered: &[&str], accepted: &[&str], refused: &[&str]) {
    for callback in accepted {
        assert!(is_accepted(registered, callback), "{callback:?}");
    }
    for callback in refused {
        assert!(!is_accepted(registered, callback), "{callback:?}");
    }
}

#[test]
fn a_callback_is_required() {
    let site = Site::new();
    let rejection = site.initiate(&asking_for(None)).unwrap_err();
    assert!(*rejection.reason() == RejectionReason::Missing("oauth_callback"), "{rejection:?}");
    assert_eq!(rejection.to_response().status(), 400);
}

/// Case 211 of the list of bad input: a callback with user information, or `javascript:`.
#[test]
fn case_211_no_user_information_and_no_script() {
    const CALLBACKS: [&str; 20] = [
        "https://user:password@printer.example.com/ready",
        "https://user@printer.example.com/ready",
        "https://@printer.example.com/ready",
        "https://printer.example.com@evil.example/",
        "http://localhost@evil.example/",
        "app://user@host/ready",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://printer.example.com/%0Aalert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "filesystem:https://printer.example.com/x",
        "blob:https://printer.example.com/x",
        "about:blank",
        "view-source:https://printer.example.com/",
        "\u{1}javascript:alert(1)",
    ];
    check(&[], &[], &CALLBACKS);
    // Registering them does not help.
    check(&CALLBACKS, &[], &CALLBACKS);
}

#[test]
fn without_registered_ones_https_and_this_machine_serve() {
    check(
        &[],
        &[
            "oob",
            CALLBACK,
            "https://printer.example.com",
            "HTTPS://PRINTER.example.com:8443/ready?",
            "https://[2001:db8::1]/ready",
            "https://xn--bcher-kva.example/?a=1&a=1&b=%20",
            "http://localhost:8080/ready",
            "http://127.0.0.1/ready",
            "http://[::1]:1/ready",
        ],
        &[
            "",
            "OOB",
            "oob ",
            "ready",
            "/ready",
            "//printer.example.com/ready",
            "printer.example.com/ready",
            "https:",
            "https://",
            "https:///ready",
            "https:/printer.example.com",
            "https://?x",
            "https://printer.example.com:port/",
            "https://printer.example.com:99999/",
            "http://printer.example.com/ready",
            "http://localhost.evil.example/ready",
            "ftp://printer.example.com/ready",
            "app://ready",
            "com.example.printer:/ready",
            "urn:ietf:wg:oauth:2.0:oob",
        ],
    );
}

#[test]
fn what_would_be_read_differently_elsewhere_is_refused() {
    let odd = [
        "https://printer.example.com/ready#fragment",
        "https://printer.example.com/ready#",
        "https://printer.example.com\\@evil.example/",
        "https://printer.example.com/\\evil.example",
        "https://printer.example.com/a b",
        "https://printer.example.com/?a b",
        "https://printer.example.com/\r\nSet-Cookie: x",
        "https://printer.example.com/?\r\nSet-Cookie: x",
        "https://printer.example.com/?\0",
        "https://printer.example.com/?\u{7f}",
        "https://printer.example.com/?\u{a0}",
        "https://printer.example.com/\u{e9}",
        "https://b\u{fc}cher.example/",
        "https://printer.example.com/?\"onload=x",
        "https://printer.example.com/?<script>",
        // Whose would the second one be?
        "https://printer.example.com/?oauth_token=x",
        "https://printer.example.com/?a=1&oauth_verifier=x",
        "https://printer.example.com/?oauth%5Fverifier",
        "https://printer.example.com/?oauth_problem=user_refused",
        "app:?oauth_token=x",
    ];
    check(&[], &[], &odd);
    check(&odd, &[], &odd);
    check(&[], &["https://printer.example.com/?oauth_tokens=x&my_oauth_token=y"], &[]);
}

#[test]
fn a_callback_has_a_greatest_length() {
    let of_length = |length: usize| format!("https://h/{}", "a".repeat(length - "https://h/".len()));
    check(&[], &[&of_length(MAX_CALLBACK_LEN)], &[&of_length(MAX_CALLBACK_LEN + 1)]);
}

#[test]
fn where_some_are_registered_no_other_is_accepted() {
    let registered =
        [CALLBACK, "http://printer.example.com/ready", "com.example.printer:/ready", "app://ready"];
    check(
        &registered,
        &registered,
        &[
            "oob",
            "https://printer.example.com/ready",
            "https://printer.example.com/ready?for=jane&",
            "https://PRINTER.example.com/ready?for=jane",
            "https://printer.example.com:443/ready?for=jane",
            "https://printer.example.com/ready?for=joe",
            "https://printer.example.com/ready/../ready?for=jane",
            "http://localhost/ready",
            "com.example.printer:/ready2",
            "app://Ready",
        ],
    );
    check(&["oob"], &["oob"], &[CALLBACK]);
}

/// An app's own scheme, and a query that is kept as it is.
#[test]
fn the_answer_is_appended() {
    for (callback, separator) in [
        ("com.example.printer:/ready", "?"),
        ("http://printer.example.com/ready", "?"),
        ("https://printer.example.com", "?"),
        ("https://printer.example.com/?", ""),
        ("https://printer.example.com/?a=%7E+b&a", "&"),
        ("https://printer.example.com/?a&", ""),
    ] {
        let site = Site::new().with_printer(printer(&[callback]));
        let flow = site.flow();
        let temporary = site.initiated(&flow, callback);
        let url = redirect(site.approve(temporary.token()));
        let start = format!("{callback}{separator}oauth_token={}&oauth_verifier=", temporary.token());
        assert!(url.starts_with(&start), "{url}");
        assert!(flow.callback(temporary, &url).is_ok());
    }
    let site = Site::new().with_printer(printer(&["oob"]));
    code(site.approve(site.initiated(&site.flow(), "oob").token()));
}
