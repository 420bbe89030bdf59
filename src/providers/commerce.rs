//! Shops, banks and brokers.

use http::Method;

#[cfg(feature = "sha2")]
use crate::body_hash::BodyHashPolicy;
use crate::flow::Endpoints;
#[cfg(feature = "sha2")]
use crate::signature::SignatureMethod;

use super::known::{Evidence, KnownProvider};

/// Returns the entry of NetSuite's token-based authentication, for the account with this id.
///
/// The id is that of the company's settings, such as `1234567` or `1234567_SB1`. The spelling of host names
/// (`1234567-sb1`) is accepted too.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, TokenCredentials, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = providers::netsuite("1234567_SB1")
///     .signer(ClientCredentials::new("consumer key", "consumer secret"))
///     .token(TokenCredentials::new("token id", "token secret"))
///     .build()?;
/// let url = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?limit=5";
/// let header = signer.sign(&http::Request::get(url).body(())?)?.to_header();
/// assert!(header.to_str()?.starts_with(r#"OAuth realm="1234567_SB1","#));
/// # Ok(()) }
/// ```
#[cfg(feature = "sha2")]
pub fn netsuite(account: &str) -> KnownProvider {
    KnownProvider {
        method: Some(SignatureMethod::hmac_sha256()),
        methods: &["HMAC-SHA256"],
        realm: Some(account.to_ascii_uppercase().replace('-', "_")),
        advice: &[
            "JSON and SOAP bodies are not signed.",
            "A nonce has at least 6 characters, which those of this crate have.",
        ],
        ..KnownProvider::new("NetSuite", "NetSuite help, \"Token-based Authentication (TBA)\"")
    }
}

/// Returns the entry of Mastercard, whose clients sign with an RSA key and have no token.
///
/// The key is in a `.p12` file: `RsaPrivateKey::from_pkcs12` reads it (feature `p12`).
#[cfg(feature = "sha2")]
pub fn mastercard() -> KnownProvider {
    KnownProvider {
        method: None,
        methods: &["RSA-SHA256"],
        body_hash: BodyHashPolicy::Always,
        evidence: Evidence::ClientAgrees,
        advice: &[
            "Give an empty consumer secret, and set SignerBuilder::method to RSA-SHA256 with your key.",
            "Mastercard's libraries do not encode the header's values: see SignerBuilder::encode_header_values.",
            "There is no token, and oauth_body_hash is sent always, for an empty body too.",
        ],
        ..KnownProvider::new(
            "Mastercard",
            "Mastercard Developers, \"Using OAuth 1.0a to Access Mastercard APIs\"; mastercard-oauth1-signer 1.9 (pip), 1.2 (npm)",
        )
    }
}

/// Returns the entry of Interactive Brokers, for calls with a live session token.
///
/// The token itself is obtained with an RSA signature and a Diffie–Hellman exchange, which this entry does
/// not cover.
pub fn interactive_brokers() -> KnownProvider {
    KnownProvider {
        method: None,
        methods: &["RSA-SHA256", "HMAC-SHA256"],
        realm: Some("limited_poa".to_owned()),
        sends_version: false,
        evidence: Evidence::ClientAgrees,
        advice: &[
            "The key of HMAC-SHA256 is the bytes of the live session token: sign with SignatureMethod::custom.",
            "The test consumer TESTCONS has the realm test_realm.",
        ],
        ..KnownProvider::new("Interactive Brokers", "Interactive Brokers, \"OAuth 1.0a Extended\"; ibind 0.2")
    }
}

/// Returns the entry of E*TRADE.
pub fn etrade() -> KnownProvider {
    KnownProvider {
        endpoints: Some(
            Endpoints::new(
                "https://api.etrade.com/oauth/request_token",
                "https://us.etrade.com/e/t/etws/authorize",
                "https://api.etrade.com/oauth/access_token",
            )
            .method(Method::GET),
        ),
        advice: &[
            "The callback is oob: the user types a code.",
            "The authorize URL takes key (the consumer key) and token (the request token), not oauth_token.",
        ],
        ..KnownProvider::new("E*TRADE", "E*TRADE developer platform, \"Authorization\"; pyetrade")
    }
}

/// Returns the entry of BrickLink. Its tokens come from the shop's settings.
pub fn bricklink() -> KnownProvider {
    KnownProvider {
        advice: &["JSON bodies are not signed."],
        ..KnownProvider::new("BrickLink", "BrickLink API, \"Authorization\"")
    }
}

/// Returns the entry of Cardmarket. Its tokens come from the user's settings.
///
/// The realm is the URL without its query, so it differs from request to request:
///
/// ```
/// use oauth1_signer::{ClientCredentials, TokenCredentials, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = providers::cardmarket()
///     .signer(ClientCredentials::new("app token", "app secret"))
///     .token(TokenCredentials::new("access token", "access token secret"))
///     .build()?;
/// let url = "https://api.cardmarket.com/ws/v2.0/output.json/games";
/// let header = signer
///     .to_builder()
///     .realm(url)
///     .build()?
///     .sign(&http::Request::get(format!("{url}?limit=5")).body(())?)?
///     .to_header();
/// assert!(header.to_str()?.starts_with(r#"OAuth realm="https"#));
/// # Ok(()) }
/// ```
pub fn cardmarket() -> KnownProvider {
    KnownProvider {
        advice: &["Set the realm of each request to its URL without the query (Signer::to_builder)."],
        ..KnownProvider::new("Cardmarket", "Cardmarket API 2.0, \"The Authorization header\"")
    }
}
