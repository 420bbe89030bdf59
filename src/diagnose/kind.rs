//! The causes that a diagnosis can name.

use std::fmt;

/// Declares the kinds with their titles, so that each has one.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $title:literal,)*) => {
        /// A cause of a rejected request.
        ///
        /// `Display` prints a title of a few words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[$doc])* $kind,)*
        }

        impl fmt::Display for FindingKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$kind => $title,)*
                })
            }
        }
    };
}

kinds! {
    /// The request's timestamp is too far from the server's time, or is not in seconds.
    Clock: "the timestamp is wrong",
    /// The nonce was used before, or the server does not accept its form.
    Nonce: "the nonce was used before or is not accepted",
    /// The server does not know the consumer key, or rejects it.
    ConsumerKey: "the server rejects the consumer key",
    /// The server does not know the token, or the token was revoked or used up.
    Token: "the server rejects the token",
    /// The token has expired.
    TokenExpired: "the token has expired",
    /// The user has not granted access yet.
    NotAuthorized: "the user has not granted access yet",
    /// The user denied access.
    UserDenied: "the user denied access",
    /// The verification code is wrong, or was used before.
    Verifier: "the verification code is wrong or used up",
    /// The server does not accept the callback.
    Callback: "the server rejects the callback",
    /// The application or the user lacks a permission.
    Permission: "the application or the user lacks a permission",
    /// The account or the application is suspended, locked or blocked.
    AccountRestricted: "the account or the application is restricted",
    /// The server does not accept the signature method.
    SignatureMethod: "the signature method is not accepted",
    /// A protocol parameter is missing.
    ParameterMissing: "a protocol parameter is missing",
    /// A protocol parameter is not accepted, or was sent twice.
    ParameterRejected: "a protocol parameter is rejected",
    /// `oauth_version` is missing or not accepted.
    Version: "oauth_version is not accepted",
    /// `oauth_body_hash` is missing, not accepted, or not that of the body.
    BodyHash: "the body hash is missing or wrong",
    /// The realm of the Authorization header is missing or is not the one that the server expects.
    Realm: "the realm is missing or wrong",
    /// The request carries no OAuth signature.
    Unsigned: "the request carries no OAuth signature",
    /// The Authorization header cannot be read.
    UnreadableAuthorization: "the Authorization header cannot be read",
    /// The request cannot be signed or sent as it stands.
    UnreadableRequest: "the request cannot be signed as it stands",
    /// The server saw another HTTP method.
    HttpMethod: "the server saw another HTTP method",
    /// The signature is for http and the server sees https, or the other way around.
    Scheme: "http and https differ between signature and server",
    /// The server saw another host or port.
    Host: "the server saw another host or port",
    /// The server saw another path.
    Path: "the server saw another path",
    /// The server saw other parameters.
    Parameters: "the server saw other parameters",
    /// The server encodes or sorts parameters in another way.
    Encoding: "the server encodes or sorts in another way",
    /// The base string that the server printed is that of another request.
    OtherRequest: "the server's base string is of another request",
    /// The response redirects, or the client followed a redirect.
    Redirected: "a redirect: the signature is for another URL",
    /// The signature is not the one that these credentials give for this request.
    ChangedAfterSigning: "the signature is not that of this request",
    /// The request was signed with other credentials than those given to the diagnosis.
    OtherCredentials: "the request was signed with other credentials",
    /// A credential has white space, quotes, escapes or other text that does not belong to it.
    CredentialFormat: "a credential has text that does not belong to it",
    /// The token has no secret.
    TokenSecretMissing: "the token has no secret",
    /// Two credentials are the same, or stand in each other's place.
    CredentialsSwapped: "credentials stand in each other's place",
    /// A request token (temporary credentials) was sent where an access token belongs.
    TemporaryToken: "a request token in place of an access token",
    /// Fields of the body that the provider requires to be signed are not signed.
    UnsignedFields: "fields of the body are not signed",
    /// A header that the provider requires is missing.
    HeaderMissing: "a header that the provider requires is missing",
    /// The provider does not accept OAuth 1.0a over this transport.
    Transport: "the provider requires https",
    /// The client sent too many requests.
    RateLimited: "too many requests",
    /// There is nothing at this URL.
    NotFound: "there is nothing at this URL",
    /// The server failed.
    ServerError: "the server failed",
    /// The response is not about OAuth.
    NotAboutOAuth: "the response is not about OAuth",
    /// The server reports a problem that this crate does not know.
    UnknownProblem: "the server reports a problem of its own",
    /// Everything that can be checked is right, so a secret must be wrong.
    Secret: "everything that can be seen is right: check the secrets",
}
