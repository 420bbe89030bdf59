//! What is signed in these tests, and how.

use oauth1_signer::Signer;
#[cfg(feature = "rsa")]
use oauth1_signer::verify::ClientRecord;
use oauth1_signer::verify::SignatureMethodName;
#[cfg(feature = "rsa")]
use oauth1_signer::{
    SignatureMethod,
    signature::{RsaPrivateKey, RsaPublicKey},
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::support::oracle::{BodyHashPolicy, Method, Request, Settings};
use crate::support::parties::{Server, WINDOW, Way, fit, send, sign};
use crate::support::reader::Arrived;
use crate::support::{random, signers};

/// Fails at the first counterexample, made as small as it gets. In debug, where each case takes its
/// time, there are half as many.
pub(crate) fn for_all<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = if cfg!(debug_assertions) { cases / 2 } else { cases };
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(5849);
    }
    let result = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// A method that the slow signer of the tests does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rsa {
    Sha1,
    Sha256,
    Sha512,
}

/// What is signed, and how.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) settings: Settings,
    pub(crate) request: Request,
    pub(crate) way: Way,
    pub(crate) rsa: Option<Rsa>,
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let way = select(&[Way::Header, Way::Header, Way::Form, Way::Query][..]);
    let window = i64::try_from(WINDOW).unwrap();
    let late = prop_oneof![Just(-window), Just(window), -window..=window];
    let rsa = if cfg!(feature = "rsa") { 0.1 } else { f64::MIN_POSITIVE };
    let rsa = option::weighted(rsa, select(&[Rsa::Sha1, Rsa::Sha256, Rsa::Sha512][..]));
    (random::settings(), random::request(), way, late, rsa).prop_map(
        |(mut settings, mut request, way, late, rsa)| {
            fit(&mut settings, &mut request, way, late);
            Case { settings, request, way, rsa }
        },
    )
}

impl Case {
    pub(crate) fn signer(&self) -> Signer {
        let signer = signers::signer(&self.settings);
        #[cfg(feature = "rsa")]
        if let Some(method) = self.rsa {
            return signer.to_builder().method(method.of(rsa_key())).build().unwrap();
        }
        signer
    }

    pub(crate) fn send(&self) -> Arrived {
        let signer = self.signer();
        send(&self.request, &sign(&signer, &self.settings, &self.request), self.way)
    }

    pub(crate) fn server(&self, arrived: &Arrived) -> Server {
        let mut server = Server::of(&self.settings, arrived);
        // PLAINTEXT signs no body.
        if self.settings.body_hash != BodyHashPolicy::Off && !self.is_plaintext() {
            server.policy = server.policy.require_signed_body(true);
        }
        #[cfg(feature = "rsa")]
        if self.rsa.is_some() {
            server.client = Some(ClientRecord::rsa(&self.settings.client.0, rsa_public_key("a")));
        }
        server
    }

    pub(crate) fn algorithm(&self) -> SignatureMethodName {
        #[cfg(feature = "rsa")]
        if let Some(method) = self.rsa {
            return method.of(rsa_key()).name().parse().unwrap();
        }
        self.settings.method.name().parse().unwrap()
    }

    pub(crate) fn is_plaintext(&self) -> bool {
        self.algorithm() == SignatureMethodName::Plaintext
    }

    pub(crate) fn is_stamped(&self) -> bool {
        self.rsa.is_some() || self.settings.method != Method::PlaintextWithoutStamp
    }

    pub(crate) fn has_token(&self) -> bool {
        self.settings.token.as_ref().is_some_and(|(token, _)| !token.is_empty())
    }
}

#[cfg(feature = "rsa")]
impl Rsa {
    pub(crate) fn of(self, key: RsaPrivateKey) -> SignatureMethod {
        match self {
            Self::Sha1 => SignatureMethod::rsa_sha1(key),
            Self::Sha256 => SignatureMethod::rsa_sha256(key),
            Self::Sha512 => SignatureMethod::rsa_sha512(key),
        }
    }
}

#[cfg(feature = "rsa")]
pub(crate) fn rsa_key() -> RsaPrivateKey {
    static KEY: std::sync::OnceLock<RsaPrivateKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap())
        .clone()
}

#[cfg(feature = "rsa")]
pub(crate) fn rsa_public_key(name: &str) -> RsaPublicKey {
    RsaPublicKey::from_pem(match name {
        "a" => include_str!("../vectors/keys/rsa-a.pub.pem"),
        _ => include_str!("../vectors/keys/rsa-b.pub.pem"),
    })
    .unwrap()
}
