//! The rules that a server applies to requests.

use std::fmt;
use std::time::Duration;

use http::header::AUTHORIZATION;

use crate::boxed::BoxError;
use crate::form::{Coding, Decoded, Pairs};
use crate::parameter::Name;
use crate::request::{Content, Origin};
use crate::stamp::Clock;

use super::claim::Claim;
use super::decoy::Decoy;
use super::header;
use super::incoming::IncomingRequest;
use super::limits::Limits;
use super::reader::Head;
use super::rejection::{Rejection, challenge};
use super::settings::Settings;

/// The rules that a server applies to requests. It does the first step of verifying one.
///
/// The defaults are strict, and each has a switch:
///
/// | by default | switch |
/// |---|---|
/// | a request must have a token | [`require_token`](Self::require_token) |
/// | the Authorization header has the protocol's parameters only | [`allow_header_parameters`](Self::allow_header_parameters) |
/// | the HTTP method is in upper case | [`allow_lowercase_methods`](Self::allow_lowercase_methods) |
/// | PLAINTEXT is rejected | [`allow_plaintext`](Self::allow_plaintext) |
/// | a body that is no form need not be signed | [`require_signed_body`](Self::require_signed_body) |
/// | all protocol parameters are in one place | [`allow_split_parameters`](Self::allow_split_parameters) |
/// | the exchange is signed with the temporary secret | [`allow_missing_token_secret`](Self::allow_missing_token_secret) |
/// | values of the header are signed encoded twice | [`allow_unencoded_header_values`](Self::allow_unencoded_header_values) |
/// | a timestamp is at most 5 minutes off | [`window`](Self::window) |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use oauth1_signer::Origin;
/// use oauth1_signer::verify::Policy;
///
/// let calls = Policy::new(Origin::new("https://api.example.com")?)
///     .window(Duration::from_secs(60))
///     .require_signed_body(true);
/// // For the endpoint that issues temporary credentials: a client has no token yet.
/// let initiate = calls.clone().require_token(false);
/// # let _ = initiate;
/// # Ok::<(), oauth1_signer::request::UrlError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Policy(Settings);

/// The result of [`Policy::check_head`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeadCheck {
    /// The protocol parameters are in the head, and it passed all checks that need no body.
    Complete,
    /// The head has no protocol parameters. They may be in the form, as in LTI launches. The client is then
    /// unknown until the body is read.
    ParametersInBody,
}

impl Policy {
    /// Creates the policy of a server that clients call at `origin`.
    ///
    /// Behind a proxy, give the external origin. The signature is always checked with the scheme, host and
    /// port of this origin. A Host header must match it. `Forwarded` and `X-Forwarded-*` are not read.
    pub fn new(origin: Origin) -> Self {
        let challenge = challenge(&origin.to_string());
        Self(Settings {
            origin,
            limits: Limits::default(),
            window: 300,
            requires_token: true,
            requires_signed_body: false,
            allows_plaintext: false,
            allows_header_parameters: false,
            allows_lowercase_methods: false,
            allows_split_parameters: false,
            allows_missing_token_secret: false,
            allows_unencoded_header: false,
            challenge,
            clock: Clock::default(),
            decoy: Decoy::default(),
        })
    }

    /// Sets the limits on the size of a request.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.0.limits = limits;
        self
    }

    /// Sets how far a timestamp may be from the server's clock, before or after. The default is 5 minutes.
    ///
    /// The window counts in whole seconds. A nonce log keeps each nonce until its timestamp is that old
    /// (§3.3).
    #[doc(alias = "clock skew")]
    #[doc(alias = "timestamp")]
    pub fn window(mut self, window: Duration) -> Self {
        self.0.window = window.as_secs();
        self
    }

    /// Sets whether a request must have a token; on by default.
    ///
    /// Turn it off where clients call without one: for the endpoint that issues temporary credentials (§2.1),
    /// LTI launches, and two-legged APIs.
    ///
    /// # Security
    /// A request without a token comes from a client, not from a user. The secrets of apps are often public:
    /// then anybody can send such a request.
    #[doc(alias = "two-legged")]
    #[doc(alias = "access token")]
    pub fn require_token(mut self, require: bool) -> Self {
        self.0.requires_token = require;
        self
    }

    /// Sets whether a body must be signed; off by default.
    ///
    /// A form is always signed. If this is on, any other body must have an `oauth_body_hash`, unless it is
    /// empty. PLAINTEXT signs no body, so it is accepted with an empty body only. You must then give
    /// [`read`](Self::read) the body of every request.
    #[doc(alias = "oauth_body_hash")]
    pub fn require_signed_body(mut self, require: bool) -> Self {
        self.0.requires_signed_body = require;
        self
    }

    /// Sets whether PLAINTEXT is accepted (§3.4.4); off by default.
    ///
    /// If it is on, the origin must still be https or this machine, and the client's record must allow
    /// PLAINTEXT ([`ClientRecord::allow_plaintext`](super::ClientRecord::allow_plaintext)).
    pub fn allow_plaintext(mut self, allow: bool) -> Self {
        self.0.allows_plaintext = allow;
        self
    }

    /// Sets whether the Authorization header may have other than protocol parameters; off by default.
    ///
    /// All names that start with `oauth_` count as protocol parameters. The signature does not cover the
    /// place of a parameter: anybody who relays a request could move a parameter from the query to the
    /// header, where no handler looks for it. If you turn this on, read parameters from
    /// [`VerifiedRequest::parameters`](super::VerifiedRequest::parameters) only.
    pub fn allow_header_parameters(mut self, allow: bool) -> Self {
        self.0.allows_header_parameters = allow;
        self
    }

    /// Sets whether the HTTP method may have lower-case letters; off by default.
    ///
    /// The signature is over the method in upper case (§3.4.1.1), so `get` and `GET` have the same one. A
    /// handler that compares with [`http::Method::GET`] takes `get` for another method.
    pub fn allow_lowercase_methods(mut self, allow: bool) -> Self {
        self.0.allows_lowercase_methods = allow;
        self
    }

    /// Sets whether some protocol parameters may be in another place than the rest; off by default.
    ///
    /// Turn it on for the endpoints of the three legs if you serve the clients of X, Flickr, Discogs or Trello.
    /// Many of them send `oauth_callback` or `oauth_verifier` in the query or in the form, and all others in
    /// the Authorization header. RFC 5849 §3.5 does not allow that.
    ///
    /// With it, `oauth_callback` and `oauth_verifier` may be in one other place than the rest. They, and
    /// `oauth_token`, may also be in both places if the values are equal. Some clients sign such a parameter
    /// once, some twice: both are accepted. Different values are rejected with
    /// [`RejectionReason::DifferentValues`](super::RejectionReason::DifferentValues).
    ///
    /// # Security
    /// With an HMAC or RSA method, what is read is always signed, so this weakens no check of this crate. A
    /// proxy or handler that reads the parameters itself may read another place. PLAINTEXT signs no parameter,
    /// wherever it is: only TLS protects them.
    #[doc(alias = "X")]
    #[doc(alias = "Flickr")]
    pub fn allow_split_parameters(mut self, allow: bool) -> Self {
        self.0.allows_split_parameters = allow;
        self
    }

    /// Sets whether the exchange may be signed without the temporary secret; off by default.
    ///
    /// Some clients forget the secret of the request token between the legs, and sign the request for an
    /// access token with `consumer_secret&` as the key (python-twitter-v2 does). With this switch such a
    /// signature is accepted if all of this is true:
    ///
    /// - the token's record is of a request token ([`TokenRecord::temporary`](super::TokenRecord::temporary),
    ///   [`Issuer::temporary_record`](crate::provider::Issuer::temporary_record)),
    /// - the request has an `oauth_verifier`,
    /// - the client shares a secret with the server.
    ///
    /// A request with an access token always needs the token's secret, whatever is set here.
    ///
    /// # Security
    /// Whoever knows the client's secret and sees a user's callback (the request token and the verification
    /// code) can then obtain the access token. The secrets of apps on phones are public. Use it only for the
    /// endpoint that exchanges, and only if such a client must be served.
    #[doc(alias = "temporary credentials")]
    pub fn allow_missing_token_secret(mut self, allow: bool) -> Self {
        self.0.allows_missing_token_secret = allow;
        self
    }

    /// Sets whether values of the Authorization header may be sent and signed without percent-encoding; off by
    /// default.
    ///
    /// Turn it on for clients that sign with Mastercard's libraries: they send `oauth_body_hash="…FU="` as it
    /// is, and encode it once in the base string, not twice (RFC 5849 §3.4.1.1, §3.5.1). Both ways to sign are
    /// then accepted. A signer does so with
    /// [`SignerBuilder::encode_header_values`](crate::SignerBuilder::encode_header_values).
    ///
    /// # Security
    /// The values that are read are the same, so this weakens no check.
    #[doc(alias = "Mastercard")]
    pub fn allow_unencoded_header_values(mut self, allow: bool) -> Self {
        self.0.allows_unencoded_header = allow;
        self
    }

    /// Sets the realm of the challenge, `WWW-Authenticate: OAuth realm="…"`, in responses with status 401.
    ///
    /// The default is the origin, such as `https://api.example.com`. Quotes and backslashes are escaped
    /// (RFC 9110 §5.6.4), and each other character that is not printable ASCII becomes a `?`. Only the first
    /// 256 bytes count.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::Origin;
    /// use oauth1_signer::verify::Policy;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = Policy::new(Origin::new("https://photos.example.net")?).realm("Photos");
    /// let unsigned = http::Request::get("/photos").body(())?;
    /// let response = policy.read(&unsigned).unwrap_err().to_response();
    /// assert_eq!(response.headers()["www-authenticate"], r#"OAuth realm="Photos""#);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "WWW-Authenticate")]
    pub fn realm(mut self, realm: &str) -> Self {
        self.0.challenge = challenge(realm);
        self
    }

    /// Sets the clock, which returns seconds since the Unix epoch. The default is the system's clock.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.0.clock = Clock::of(clock);
        self
    }

    #[cfg(feature = "tower")]
    pub(crate) fn body_limit(&self) -> usize {
        self.0.limits.body
    }

    /// Returns `true` if [`read`](Self::read) needs the body of this request.
    ///
    /// It needs a form, which is part of the signature and may contain it, and a body whose hash is sent or
    /// required.
    #[must_use]
    pub fn wants_body<'r>(&self, request: impl Into<IncomingRequest<'r>>) -> bool {
        let IncomingRequest { uri, headers, .. } = request.into();
        let is_hash = |name: &[u8], coding| Decoded::new(name, coding).eq(Name::BodyHash.as_str().bytes());
        self.0.requires_signed_body
            || Content::of_headers(headers).is_ok_and(|content| content == Content::Form)
            || Pairs::of(uri.query().unwrap_or_default().as_bytes())
                .any(|(name, _)| is_hash(name, Coding::Form))
            || headers.get(AUTHORIZATION).is_some_and(|value| {
                let parameters = header::parse(value.as_bytes(), self.0.limits.header).ok().flatten();
                let mut names = parameters.into_iter().flatten().flatten().map(|parameter| parameter.name);
                names.any(|name| is_hash(name, Coding::Percent))
            })
    }

    /// Checks everything that can be checked without the body.
    ///
    /// It checks the host, the HTTP method, the syntax of the Authorization header, the signature method, the
    /// timestamp and the presence of a token. A server that checks the head first spends no memory on the
    /// bodies of requests that it rejects anyway. [`read`](Self::read) repeats all of these checks except
    /// that of the timestamp, which [`Proof::admit`](super::Proof::admit) compares with the clock.
    ///
    /// # Errors
    /// Returns a [`Rejection`] as `read` does, and [`RejectionReason::Stale`](super::RejectionReason::Stale)
    /// if the timestamp is outside the window.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::{HeadCheck, Policy, Rejection};
    ///
    /// /// Returns how many bytes of the body to read before anything is known of the client.
    /// fn limit(policy: &Policy, head: &http::request::Parts) -> Result<usize, Rejection> {
    ///     Ok(match policy.check_head(head)? {
    ///         HeadCheck::Complete => 1024 * 1024,
    ///         _ => 64 * 1024,
    ///     })
    /// }
    /// ```
    pub fn check_head<'r>(&self, request: impl Into<IncomingRequest<'r>>) -> Result<HeadCheck, Rejection> {
        let head = Head::read(&self.0, request.into()).map_err(Rejection::from);
        let is_complete =
            head.and_then(|head| head.check()).map_err(|rejection| self.0.challenged(rejection))?;
        Ok(if is_complete { HeadCheck::Complete } else { HeadCheck::ParametersInBody })
    }

    /// Reads the OAuth parameters of a request: the first step of verifying it (§3.2).
    ///
    /// Give the body too if [`wants_body`](Self::wants_body) returns `true`.
    ///
    /// # Errors
    /// Returns a [`Rejection`] with status 400 if the request cannot be read, is too large, or breaks a rule
    /// of this policy. The status is 401 if it has no OAuth parameters at all
    /// ([`RejectionReason::NotOAuth`](super::RejectionReason::NotOAuth)), and 503 if it needs the body but
    /// you did not give it.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::Origin;
    /// use oauth1_signer::verify::{Policy, RejectionReason};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = Policy::new(Origin::new("https://api.example.com")?);
    /// let unsigned = http::Request::get("/photos").body(())?;
    /// let rejection = policy.read(&unsigned).unwrap_err();
    /// assert_eq!(rejection.reason(), &RejectionReason::NotOAuth);
    /// # Ok(()) }
    /// ```
    pub fn read<'r>(&'r self, request: impl Into<IncomingRequest<'r>>) -> Result<Claim<'r>, Rejection> {
        let head = Head::read(&self.0, request.into()).map_err(Rejection::from);
        let reading = head.and_then(Head::read_body).map_err(|rejection| self.0.challenged(rejection))?;
        Ok(Claim { settings: &self.0, reading })
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.0;
        f.debug_struct("Policy")
            .field("origin", &settings.origin)
            .field("limits", &settings.limits)
            .field("window", &Duration::from_secs(settings.window))
            .field("requires_token", &settings.requires_token)
            .field("requires_signed_body", &settings.requires_signed_body)
            .field("allows_plaintext", &settings.allows_plaintext)
            .field("allows_header_parameters", &settings.allows_header_parameters)
            .field("allows_lowercase_methods", &settings.allows_lowercase_methods)
            .field("allows_split_parameters", &settings.allows_split_parameters)
            .field("allows_missing_token_secret", &settings.allows_missing_token_secret)
            .field("allows_unencoded_header", &settings.allows_unencoded_header)
            .finish_non_exhaustive()
    }
}
