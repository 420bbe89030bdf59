//! The names of the protocol parameters, and the parts of a request that hold parameters.

/// The prefix of names that are reserved for the protocol and its extensions.
pub(crate) const OAUTH: &str = "oauth_";

/// The name of a protocol parameter (RFC 5849 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ClientKey,
    Token,
    Method,
    Signature,
    Timestamp,
    Nonce,
    Version,
    Callback,
    Verifier,
    BodyHash,
}

impl Name {
    pub(crate) const ALL: [Self; 10] = [
        Self::ClientKey,
        Self::Token,
        Self::Method,
        Self::Signature,
        Self::Timestamp,
        Self::Nonce,
        Self::Version,
        Self::Callback,
        Self::Verifier,
        Self::BodyHash,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ClientKey => "oauth_consumer_key",
            Self::Token => "oauth_token",
            Self::Method => "oauth_signature_method",
            Self::Signature => "oauth_signature",
            Self::Timestamp => "oauth_timestamp",
            Self::Nonce => "oauth_nonce",
            Self::Version => "oauth_version",
            Self::Callback => "oauth_callback",
            Self::Verifier => "oauth_verifier",
            Self::BodyHash => "oauth_body_hash",
        }
    }

    /// Returns the protocol parameter with this name, or `None` for an ordinary parameter.
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        // Most names belong to ordinary parameters. The prefix tells them apart cheaply.
        let is_likely = name.starts_with(OAUTH.as_bytes());
        Self::ALL.into_iter().filter(|_| is_likely).find(|known| known.as_str().as_bytes() == name)
    }
}

/// The part of a request that a parameter of the base string came from (RFC 5849 §3.4.1.3.1).
///
/// # Examples
///
/// ```
/// use oauth1_signer::request::ParameterSource;
///
/// assert_eq!(ParameterSource::Form.to_string(), "form");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterSource {
    /// The URL's query.
    Query,
    /// The form in the body.
    Form,
    /// The protocol parameters: `oauth_…`, and other parameters that were set on the signer.
    Protocol,
}

impl std::fmt::Display for ParameterSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Query => "query",
            Self::Form => "form",
            Self::Protocol => "protocol",
        })
    }
}
