//! Unmodified clients of X and Flickr log in through all three legs, and call the API, at a server of ours.
//!
//! `.ci/run logins` installs what they need, and runs this in a network and a mount namespace of its own,
//! where the names of X and Flickr lead to 127.0.0.1. So the clients keep their real addresses, port 443
//! included, and nothing of this can leave the machine. The certificate is of an authority that the test
//! makes for itself.
//!
//! Each signed request of a client is first sent in changed copies, which must all be rejected. Then it is
//! sent as it is, and once more, which must be rejected as a replay.
//!
//! | client | sends | strict server |
//! |---|---|---|
//! | tweepy, callback and PIN | all in the header | serves it |
//! | python-twitter-v2 | an exchange signed without the temporary secret | wrong signature |
//! | twython | callback and verifier in the query, by GET | several places |
//! | flickrapi | callback in the form | several places |
//! | twitter-api-v2 | callback in the form; token in header and form, verifier in the form | several places |
#![cfg(all(feature = "axum", feature = "hyper"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod changed;
mod client;
mod provider;
mod tls;

use std::time::Duration;

use client::Client;
use oauth1_signer::verify::RejectionReason;
use provider::{Mode, Providers};

/// The hosts that the clients call. `.ci/run` maps them to 127.0.0.1.
const HOSTS: [&str; 5] =
    ["api.twitter.com", "api.x.com", "www.flickr.com", "api.flickr.com", "up.flickr.com"];

const CALLBACK: &str = "https://printer.example.com/ready?for=jane";

#[test]
#[ignore = "needs the clients and a network of its own: .ci/run logins"]
fn unmodified_clients_log_in_and_call_the_api() {
    assert!(
        std::env::var_os("LOGINS_NAMESPACE").is_some(),
        "run this by .ci/run logins: it binds port 443, and the names of X and Flickr must lead to 127.0.0.1"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let certificates = tls::Certificates::new(&HOSTS);
    let providers = Providers::new(&HOSTS);
    runtime.spawn(tls::serve(certificates.acceptor(), providers.clone()));
    let run = |client: Client, callback: &str, mode: Mode| {
        providers.set_mode(mode);
        let finished = client.run(callback, &certificates, Duration::from_secs(60));
        (finished, providers.take_report())
    };

    for (client, callback, calls) in [
        (Client::Tweepy, CALLBACK, 5),
        (Client::Tweepy, "oob", 5),
        (Client::PythonTwitterV2, CALLBACK, 2),
        (Client::Twython, CALLBACK, 3),
        (Client::Flickrapi, CALLBACK, 3),
        (Client::Flickrapi, "oob", 3),
        (Client::TwitterApiV2, CALLBACK, 4),
        (Client::TwitterApiV2, "oob", 4),
    ] {
        let (finished, report) = run(client, callback, Mode::Lenient);
        let context = format!("{client:?}, {callback}: {finished:#?} {report:#?}");
        assert!(finished.is_success, "{context}");
        assert_eq!(finished.calls.len(), calls, "{context}");
        assert!(report.failures.is_empty(), "{context}");
        // Each leg and each call counted once, and was changed in many ways.
        assert!(report.admitted >= 2 + calls - 1, "{context}");
        assert!(report.changed >= 5 * report.admitted, "{context}");
        assert_eq!(report.replayed, report.admitted, "{context}");
        println!(
            "{client:?}, {callback}: {} admitted, {} changed copies rejected, {} replays rejected",
            report.admitted, report.changed, report.replayed
        );
    }

    // The switches are needed: without them, each of these is rejected for the reason that names the switch.
    for (client, reason) in [
        (Client::Tweepy, None),
        (Client::PythonTwitterV2, Some(RejectionReason::WrongSignature)),
        (Client::Twython, Some(RejectionReason::SeveralPlaces)),
        (Client::Flickrapi, Some(RejectionReason::SeveralPlaces)),
        (Client::TwitterApiV2, Some(RejectionReason::SeveralPlaces)),
    ] {
        let (finished, report) = run(client, CALLBACK, Mode::Strict);
        let context = format!("{client:?}: {finished:#?} {report:#?}");
        assert_eq!(finished.is_success, reason.is_none(), "{context}");
        assert_eq!(report.reasons.first(), reason.as_ref(), "{context}");
    }
}
