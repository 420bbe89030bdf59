//! The entry of a provider.

use crate::body_hash::BodyHashPolicy;
use crate::credentials::ClientCredentials;
use crate::flow::Endpoints;
use crate::signature::SignatureMethod;
use crate::signer::{Signer, SignerBuilder};

/// A provider: its endpoints, the settings that it requires, and the source of both.
///
/// # Examples
///
/// ```
/// let flickr = oauth1_signer::providers::flickr();
/// println!("{}, checked on {}: {}", flickr.name(), flickr.checked(), flickr.source());
/// for advice in flickr.advice() {
///     println!("- {advice}");
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct KnownProvider {
    pub(super) name: &'static str,
    pub(super) endpoints: Option<Endpoints>,
    pub(super) method: Option<SignatureMethod>,
    pub(super) methods: &'static [&'static str],
    pub(super) realm: Option<String>,
    pub(super) sends_empty_token: bool,
    pub(super) sends_version: bool,
    pub(super) body_hash: BodyHashPolicy,
    pub(super) advice: &'static [&'static str],
    pub(super) source: &'static str,
    pub(super) checked: &'static str,
    pub(super) evidence: Evidence,
}

/// The kind of evidence behind an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The provider's software accepted requests of this crate.
    ServerAccepted,
    /// A client library that is in use with this provider agrees with this crate: their requests are equal,
    /// or the server of this crate serves it.
    ClientAgrees,
    /// It was only read, in the source that the entry names.
    Documented,
}

impl KnownProvider {
    /// Creates an entry that needs no settings.
    pub(super) fn new(name: &'static str, source: &'static str) -> Self {
        Self {
            name,
            endpoints: None,
            method: Some(SignatureMethod::hmac_sha1()),
            methods: &["HMAC-SHA1"],
            realm: None,
            sends_empty_token: false,
            sends_version: true,
            body_hash: BodyHashPolicy::Off,
            advice: &[],
            source,
            checked: CHECKED,
            evidence: Evidence::Documented,
        }
    }

    /// Returns the provider's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the endpoints of the three legs, or `None` if the provider gives out tokens in another way.
    #[must_use]
    pub fn endpoints(&self) -> Option<&Endpoints> {
        self.endpoints.as_ref()
    }

    /// Returns the names of the signature methods that the provider accepts, the usual one first.
    #[must_use]
    pub fn signature_methods(&self) -> &'static [&'static str] {
        self.methods
    }

    /// Creates a builder of a signer with the provider's settings.
    ///
    /// Add the token, if you have one. If the provider takes RSA signatures only, also add your key with
    /// [`SignerBuilder::method`]: without it, [`SignerBuilder::build`] fails, since such clients have no
    /// secret.
    pub fn signer(&self, client: ClientCredentials) -> SignerBuilder {
        let builder = Signer::builder(client)
            .realm(self.realm.as_deref())
            .send_empty_token(self.sends_empty_token)
            .version(self.sends_version)
            .body_hash(self.body_hash);
        match &self.method {
            Some(method) => builder.method(method.clone()),
            None => builder,
        }
    }

    /// Returns what a client must do that no setting does, one sentence each.
    #[must_use]
    pub fn advice(&self) -> &'static [&'static str] {
        self.advice
    }

    /// Returns the source of the entry: a document of the provider, or a client library with its version.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Returns the date of the last look at the source, as `YYYY-MM-DD`.
    #[must_use]
    pub fn checked(&self) -> &'static str {
        self.checked
    }

    /// Returns the kind of evidence behind the entry.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }
}

/// The date of the last look at all entries.
const CHECKED: &str = "2026-12-01";
