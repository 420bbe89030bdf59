//! Timestamps, nonces and their log (RFC 5849 §3.3).

use super::*;

pub(crate) fn of_time_and_nonce() -> Vec<Row> {
    let at = |timestamp: u64| said_to(header_with(&signer(), timestamp, "n1"));
    let text = |timestamp: &str| said_to(with("oauth_timestamp", timestamp));
    let nonce = |nonce: &str| said_to(with("oauth_nonce", nonce));
    let invalid = || rejected(RejectionReason::Invalid("oauth_timestamp"));
    let stale = || rejected(RejectionReason::Stale);
    vec![
        Row("timestamp", "an empty timestamp", text(""), invalid()),
        Row("timestamp", "letters", text("abc"), invalid()),
        Row("timestamp", "an exponent", text("1e9"), invalid()),
        Row("timestamp", "a +", text("%2B1700000000"), invalid()),
        Row("timestamp", "a blank", text("%201700000000"), invalid()),
        Row("timestamp", "a -", text("-1"), invalid()),
        Row("timestamp", "zero", text("0"), invalid()),
        Row("timestamp", "a fraction", text("1700000000.0"), invalid()),
        Row("timestamp", "an underscore", text("1_700000000"), invalid()),
        Row("timestamp", "full-width digits", text(&percent_encode("１７００００００００")), invalid()),
        Row("timestamp", "2^64", text("18446744073709551616"), invalid()),
        Row("window", "as old as may be", at(NOW - WINDOW), Admitted),
        Row("window", "as early as may be", at(NOW + WINDOW), Admitted),
        Row("window", "a second older", at(NOW - WINDOW - 1), stale()),
        Row("window", "a second earlier", at(NOW + WINDOW + 1), stale()),
        Row("window", "from 1970", at(1), stale()),
        Row("window", "a year ahead", at(NOW + 31_536_000), stale()),
        Row("window", "2^64 - 1", at(u64::MAX), stale()),
        Row("nonce", "an empty nonce", nonce(""), invalid_nonce()),
        Row("nonce", "255 bytes", said_to(header_with(&signer(), NOW, &"n".repeat(255))), Admitted),
        Row("nonce", "256 bytes", nonce(&"n".repeat(256)), invalid_nonce()),
        Row("nonce", "a zero byte", nonce("a%00"), invalid_nonce()),
        Row("nonce", "a line break", nonce("a%0Ab"), invalid_nonce()),
        Row("nonce", "DEL", nonce("%7F"), invalid_nonce()),
        Row("nonce", "not UTF-8", nonce("%FF"), invalid_nonce()),
    ]
}

pub(crate) fn of_the_log() -> Vec<Row> {
    let shared = log();
    let seen = |timestamp, nonce: &str| {
        verify(&request(header_with(&signer(), timestamp, nonce).as_bytes()), &shared)
    };
    let replayed = || rejected(RejectionReason::Replayed);
    let forged = header_with(&signer(), NOW, "n3").replace("oauth_signature=\"", "oauth_signature=\"A");
    let two_legged = Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1)).build().unwrap();
    let mut rows = vec![
        Row("replay", "the first time", seen(NOW, "n1"), Admitted),
        Row("replay", "exactly the same", seen(NOW, "n1"), replayed()),
        Row("replay", "with another timestamp", seen(NOW + 1, "n1"), Admitted),
        Row(
            "replay",
            "without a token",
            verify(&request(header_with(&two_legged, NOW, "n1").as_bytes()), &shared),
            Admitted,
        ),
        Row("replay", "another nonce", seen(NOW, "n2"), Admitted),
        Row(
            "forger first",
            "a forger first",
            verify(&request(forged.as_bytes()), &shared),
            rejected(RejectionReason::WrongSignature),
        ),
        Row("forger first", "then whose nonce it is", seen(NOW, "n3"), Admitted),
    ];
    rows.extend(simultaneous());
    rows.extend(clock_steps_back());
    let once = |log| {
        let (policy, request) = (policy(), request(header().as_bytes()));
        now_with(&policy, &request, log)
    };
    rows.extend([
        Row(
            "nonce log",
            "a full log",
            once(&MemoryNonceLog::builder().max_entries(0).build().unwrap()),
            rejected(RejectionReason::Unavailable),
        ),
        Row(
            "nonce log",
            "a client at its share",
            once(&MemoryNonceLog::builder().max_entries_per_client(0).build().unwrap()),
            rejected(RejectionReason::Unavailable),
        ),
    ]);
    let (policy, request) = (policy(), request(header().as_bytes()));
    rows.push(Row(
        "nonce log",
        "a log that fails",
        now_with(&policy, &request, &Broken),
        rejected(RejectionReason::Unavailable),
    ));
    rows
}

/// Of two at the same time, one is admitted.
fn simultaneous() -> [Row; 2] {
    let (shared, barrier) = (log(), Barrier::new(2));
    let run = || {
        let request = request(header().as_bytes());
        barrier.wait();
        verify(&request, &shared)
    };
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(run), scope.spawn(run));
        (one.join().unwrap(), other.join().unwrap())
    });
    let (admitted, replayed) = if one.is_ok() { (one, other) } else { (other, one) };
    [
        Row("two at once", "the one", admitted, Admitted),
        Row("two at once", "the other", replayed, rejected(RejectionReason::Replayed)),
    ]
}

/// What was forgotten is not fresh again when the clock goes back.
fn clock_steps_back() -> [Row; 3] {
    const WIDE: u64 = 4_000;
    let clock = Arc::new(AtomicU64::new(NOW));
    let policy = {
        let clock = Arc::clone(&clock);
        Policy::new(Origin::new("https://h").unwrap())
            .window(std::time::Duration::from_secs(WIDE))
            .clock(move || Ok(clock.load(Ordering::Relaxed)))
    };
    let shared = log();
    let said = |timestamp, nonce| {
        now_with(&policy, &request(header_with(&signer(), timestamp, nonce).as_bytes()), &shared)
    };
    let first = said(NOW, "n1");
    let later = NOW + WIDE + 100;
    clock.store(later, Ordering::Relaxed);
    let second = said(later, "n2");
    assert_eq!(shared.len(), 1, "the first is forgotten");
    clock.store(later - 3_600, Ordering::Relaxed);
    [
        Row("clock steps back", "in time", first, Admitted),
        Row("clock steps back", "later, another", second, Admitted),
        Row(
            "clock steps back",
            "an hour back, the first again",
            said(NOW, "n1"),
            rejected(RejectionReason::Replayed),
        ),
    ]
}

struct Broken;

impl NonceLog for Broken {
    fn check_and_insert<'a>(
        &'a self,
        _: Nonce<'a>,
        _: u64,
        _: u64,
    ) -> oauth1_signer::BoxFuture<'a, Result<NonceStatus, oauth1_signer::BoxError>> {
        Box::pin(std::future::ready(Err("it is down".into())))
    }
}
