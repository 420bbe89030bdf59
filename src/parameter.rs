//! RFC 5849 §3.1: the names of the protocol's parameters, and where the parameters of a request are.

/// The start of names that are reserved for the protocol and its extensions.
pub(crate) const OAUTH: &str = "oauth_";

/// The names of the protocol's parameters, for both sides.
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

    /// Reads a name; any other is that of an ordinary parameter.
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        // Most names are others, and are told by their start.
        let is_likely = name.starts_with(OAUTH.as_bytes());
        Self::ALL.into_iter().filter(|_| is_likely).find(|known| known.as_str().as_bytes() == name)
    }
}

/// Where a parameter of the base string came from (§3.4.1.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterSource {
    /// The URL's query.
    Query,
    /// The body, a form.
    Form,
    /// The signer: `oauth_…` and whatever else was set on it.
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
