//! Clocks, offsets and random sources.

use super::*;

// RSA

// Clocks and random sources

#[test]
fn clock_and_random_source_are_what_is_sent() {
    let signer = builder().clock(|| Ok(1_234_567_890)).random(|| Ok([7; 16])).build().unwrap();
    let (one, other) = (signer.sign(get("http://h/")).unwrap(), signer.sign(get("http://h/")).unwrap());
    assert_eq!(value_of(&one, "oauth_timestamp").as_deref(), Some("1234567890"));
    assert_eq!(one.to_header(), other.to_header());
    let elsewhere = builder().clock(|| Ok(1_234_567_890)).random(|| Ok([8; 16])).build().unwrap();
    assert_ne!(
        value_of(&elsewhere.sign(get("http://h/")).unwrap(), "oauth_nonce"),
        value_of(&one, "oauth_nonce")
    );
    // Every way to sign asks them.
    let prepared = signer.prepare(get("http://h/")).unwrap().sign().unwrap();
    assert_eq!(prepared.to_header(), one.to_header());
    assert_eq!(signer.explain(get("http://h/")).unwrap().0.to_header(), one.to_header());
}

#[test]
fn a_clock_that_fails_and_a_source_that_fails() {
    let clock = builder().clock(|| Err("stopped".into())).build().unwrap();
    let random = builder().random(|| Err("empty".into())).build().unwrap();
    for (signer, is_clock, source) in [(clock, true, "stopped"), (random, false, "empty")] {
        for error in [
            signer.sign(get("http://h/")).unwrap_err(),
            signer.prepare(get("http://h/")).unwrap_err(),
            signer.explain(get("http://h/")).unwrap_err(),
        ] {
            match &error {
                SignError::Stamp(StampError::Clock(_)) => assert!(is_clock),
                SignError::Stamp(StampError::Rng(_)) => assert!(!is_clock),
                _ => panic!("{error:?}"),
            }
            assert_eq!(error.source().unwrap().to_string(), source);
        }
        // A stamp that is given needs neither.
        assert!(signer.sign_with(get("http://h/"), stamp()).is_ok());
    }
}

#[test]
fn the_offset_is_added_to_the_clock() {
    let timestamp = |clock: u64, offset: i64| {
        let signer = builder().clock(move || Ok(clock)).clock_offset(offset).build().unwrap();
        match signer.sign(get("http://h/")) {
            Ok(signed) => value_of(&signed, "oauth_timestamp"),
            Err(SignError::Stamp(StampError::ClockBeforeEpoch)) if offset <= 0 => None,
            // Beyond what a timestamp can be.
            Err(SignError::Stamp(StampError::InvalidTimestamp)) if offset > 0 => None,
            Err(error) => panic!("{error:?}"),
        }
    };
    for (clock, offset, expected) in [
        (1_000, 0, Some("1000")),
        (1_000, 300, Some("1300")),
        (1_000, -300, Some("700")),
        (1_000, -999, Some("1")),
        (1_000, -1_000, None),
        (1_000, -1_001, None),
        (0, 0, None),
        (0, 1, Some("1")),
        (1_000, i64::MIN, None),
        (1_000, i64::MAX, Some("9223372036854776807")),
        (u64::MAX, 0, Some("18446744073709551615")),
        (u64::MAX, -1, Some("18446744073709551614")),
        (u64::MAX, i64::MIN, Some("9223372036854775807")),
        // Beyond what there is, there is no time: an error, no wrapping around.
        (u64::MAX, 1, None),
        (u64::MAX, i64::MAX, None),
    ] {
        assert_eq!(timestamp(clock, offset).as_deref(), expected, "{clock} {offset}");
    }
}

#[test]
fn plaintext_without_stamp_asks_nobody_for_one() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (clock, random) = (Arc::clone(&asked), Arc::clone(&asked));
    let builder = builder()
        .clock(move || {
            clock.fetch_add(1, Ordering::Relaxed);
            Err("stopped".into())
        })
        .random(move || {
            random.fetch_add(1, Ordering::Relaxed);
            Err("empty".into())
        });
    let signer = builder.clone().method(SignatureMethod::plaintext_without_stamp()).build().unwrap();
    let expected = "OAuth oauth_consumer_key=\"ck\", oauth_token=\"tk\", oauth_signature_method=\"PLAINTEXT\", \
        oauth_version=\"1.0\", oauth_signature=\"cs%26ts\"";
    assert_eq!(signer.sign(get("https://h/")).unwrap().to_header(), expected);
    assert_eq!(signer.prepare(get("https://h/")).unwrap().sign().unwrap().to_header(), expected);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    // With a stamp it does ask.
    let stamped = builder.method(SignatureMethod::plaintext()).build().unwrap();
    assert!(matches!(stamped.sign(get("https://h/")), Err(SignError::Stamp(StampError::Clock(_)))));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

/// A stamp that is given to a method without one is not sent: neither in the base string nor elsewhere.
#[test]
fn plaintext_without_stamp_sends_none_that_is_given() {
    let signer = builder().method(SignatureMethod::plaintext_without_stamp()).build().unwrap();
    let expected = signer.sign(get("https://h/")).unwrap().parameters();
    assert_eq!(signer.sign_with(get("https://h/"), stamp()).unwrap().parameters(), expected);
    let prepared = signer.prepare_with(get("https://h/"), stamp()).unwrap();
    assert!(!prepared.base_string().contains("oauth_nonce"));
    assert_eq!(prepared.sign().unwrap().parameters(), expected);
}
