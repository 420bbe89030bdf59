//! Credentials in a store, by serde: what goes in comes out, and a secret is written only where
//! somebody says so, and repeated by no error.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use oauth1_signer::{ClientCredentials, TemporaryCredentials, TokenCredentials, WithSecret};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Identifier and secret, of any kind of credentials.
trait Credentials: DeserializeOwned + Sized {
    /// What the identifier is stored as.
    const IDENTIFIER: &'static str;
    fn of(identifier: &str, secret: &str) -> Self;
    fn parts(&self) -> (&str, &str);
    fn stored(&self) -> String;
    fn stored_whole(self) -> String;
}

macro_rules! credentials {
    ($($kind:ident: $identifier:ident),*) => {$(
        impl Credentials for $kind {
            const IDENTIFIER: &'static str = stringify!($identifier);

            fn of(identifier: &str, secret: &str) -> Self {
                Self::new(identifier, secret)
            }

            fn parts(&self) -> (&str, &str) {
                (self.$identifier(), self.expose_secret())
            }

            fn stored(&self) -> String {
                serde_json::to_string(&WithSecret(self)).unwrap()
            }

            fn stored_whole(self) -> String {
                serde_json::to_string(&WithSecret(self)).unwrap()
            }
        }
    )*};
}

credentials!(ClientCredentials: key, TokenCredentials: token, TemporaryCredentials: token);

fn load<C: Credentials>(text: &str) -> Result<C, serde_json::Error> {
    serde_json::from_str(text)
}

/// Calls a function for each kind.
macro_rules! for_each_kind {
    ($test:ident($($argument:expr),*)) => {{
        $test::<ClientCredentials>($($argument),*);
        $test::<TokenCredentials>($($argument),*);
        $test::<TemporaryCredentials>($($argument),*);
    }};
}

fn round_trip<C: Credentials>(identifier: &str, secret: &str)
where
    WithSecret<C>: DeserializeOwned,
{
    let stored = C::of(identifier, secret).stored();
    // What stands there, by another reader.
    let value: serde_json::Value = serde_json::from_str(&stored).unwrap();
    assert_eq!(value, serde_json::json!({ C::IDENTIFIER: identifier, "secret": secret }));
    assert_eq!(C::of(identifier, secret).stored_whole(), stored);
    for loaded in [load::<C>(&stored).unwrap(), serde_json::from_str::<WithSecret<C>>(&stored).unwrap().0] {
        assert_eq!(loaded.parts(), (identifier, secret));
        assert_eq!(loaded.stored(), stored);
    }
}

#[test]
fn what_goes_in_comes_out() {
    for (identifier, secret) in
        [("hh5s93j4hdidpola", "hdhd0244k9j7ao03"), ("", ""), ("\"\\\n\0", "\u{e9}\u{1F600}&%\r\n")]
    {
        for_each_kind!(round_trip(identifier, secret));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_in_comes_out(identifier in any::<String>(), secret in any::<String>()) {
        for_each_kind!(round_trip(&identifier, &secret));
    }
}

fn order_and_further_fields<C: Credentials>() {
    let text = format!(
        r#"{{"user":7,"secret":"s","more":{{"secret":"x"}},"{}":"i","secrets":["y"]}}"#,
        C::IDENTIFIER
    );
    assert_eq!(load::<C>(&text).unwrap().parts(), ("i", "s"));
}

/// What an application stores beside them is its own.
#[test]
fn further_fields_are_ignored() {
    for_each_kind!(order_and_further_fields());
}

fn missing<C: Credentials>() {
    for (text, name) in [
        (r#"{"secret":"hunter2-hunter2"}"#.to_owned(), C::IDENTIFIER),
        (format!(r#"{{"{}":"i"}}"#, C::IDENTIFIER), "secret"),
        ("{}".to_owned(), C::IDENTIFIER),
    ] {
        let error = load::<C>(&text).map(drop).unwrap_err().to_string();
        assert!(error.starts_with(&format!("missing field `{name}`")), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let twice = format!(r#"{{"{}":"i","secret":"hunter2","secret":"hunter2"}}"#, C::IDENTIFIER);
    let error = load::<C>(&twice).map(drop).unwrap_err().to_string();
    assert!(error.starts_with("duplicate field `secret`"), "{error}");
}

#[test]
fn a_field_that_is_not_there_is_named() {
    for_each_kind!(missing());
}

/// Tokens in one place, keys in the other: neither is taken for the other.
#[test]
fn client_and_token_are_told_apart() {
    let client = ClientCredentials::new("k", "s").stored();
    assert!(load::<TokenCredentials>(&client).is_err());
    let token = TokenCredentials::new("t", "s").stored();
    assert!(load::<ClientCredentials>(&token).is_err());
}

fn wrong_type_of_secret<C: Credentials>() {
    for secret in
        ["271828182845", "-271828182845", "2.71828182845", "true", "null", "[\"hunter2\"]", "{\"hunter2\":1}"]
    {
        let object = format!(r#"{{"{}":"i","secret":{secret}}}"#, C::IDENTIFIER);
        for text in [object, format!(r#"["i",{secret}]"#)] {
            let error = load::<C>(&text).map(drop).unwrap_err();
            assert!(error.to_string().starts_with("the secret is not a text"), "{error}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2") && !shown.contains("718"), "{shown}");
        }
    }
}

/// A number in the secret's place is a secret all the same.
#[test]
fn a_secret_of_another_type_is_not_repeated() {
    for_each_kind!(wrong_type_of_secret());
}

fn secret_alone<C: Credentials>() {
    for text in ["\"hunter2-hunter2\"", "271828182845"] {
        let error = load::<C>(text).map(drop).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("718"), "{shown}");
    }
}

/// Where the secret alone was stored, it stands in the place of the credentials.
#[test]
fn a_secret_in_the_place_of_the_credentials_is_not_repeated() {
    for_each_kind!(secret_alone());
}

fn damaged<C: Credentials>() {
    let stored = C::of("i", "hunter2-hunter2").stored();
    for end in 0..stored.len() {
        let error = load::<C>(&stored[..end]).map(drop).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_text_that_is_cut_off_is_not_repeated() {
    for_each_kind!(damaged());
}

/// In a structure of the application's own, as it is meant to be used.
#[test]
fn a_structure_says_what_it_exposes() {
    #[derive(Serialize, serde::Deserialize, Debug)]
    struct Session {
        user: u32,
        pending: WithSecret<TemporaryCredentials>,
    }
    let session = Session { user: 7, pending: WithSecret(TemporaryCredentials::new("t", "hunter2")) };
    assert!(!format!("{session:?}").contains("hunter2"));
    let stored = serde_json::to_string(&session).unwrap();
    assert_eq!(stored, r#"{"user":7,"pending":{"token":"t","secret":"hunter2"}}"#);
    let loaded: Session = serde_json::from_str(&stored).unwrap();
    assert_eq!(loaded.pending.0.parts(), ("t", "hunter2"));
}

/// The bare credentials are not `Serialize`: if they were, `probe` could be either of two, and none of
/// these lines would compile.
#[test]
fn bare_credentials_cannot_be_written() {
    trait NotSerialize<A> {
        fn probe() {}
    }
    struct IfSerialize;
    impl<T: ?Sized> NotSerialize<()> for T {}
    impl<T: ?Sized + Serialize> NotSerialize<IfSerialize> for T {}

    <ClientCredentials as NotSerialize<_>>::probe();
    <TokenCredentials as NotSerialize<_>>::probe();
    <TemporaryCredentials as NotSerialize<_>>::probe();
    <&TokenCredentials as NotSerialize<_>>::probe();
    <Option<TokenCredentials> as NotSerialize<_>>::probe();
}
