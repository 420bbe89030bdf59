//! Data about the world's OAuth 1.0a providers: their endpoints, and the settings that each requires.
//!
//! Each function returns a [`KnownProvider`]. It makes a [`SignerBuilder`](crate::SignerBuilder) with the provider's settings, and
//! has the [`Endpoints`](crate::flow::Endpoints) if the provider has three legs. The guide has a recipe for each:
//! [`guide::providers`](crate::guide::providers). To be a provider yourself, use
//! [`provider`](crate::provider).
//!
//! Each entry names its source and the date of the last look at it. [`Evidence`] tells apart what was run and
//! what was only read.
//!
//! # Examples
//!
//! ```
//! use oauth1_signer::{ClientCredentials, TokenCredentials, flow::Flow, providers};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Log a user of X in.
//! let x = providers::x();
//! let client = ClientCredentials::new("consumer key", "consumer secret");
//! let endpoints = x.endpoints().expect("X has three legs").clone();
//! let flow = Flow::new(endpoints, &x.signer(client).build()?)?;
//! let request = flow.temporary_credentials("oob")?.to_request()?;
//! assert_eq!(request.uri(), "https://api.x.com/oauth/request_token");
//!
//! // Call Schoology, which wants a realm, and a token even if it is empty.
//! let client = ClientCredentials::new("consumer key", "consumer secret");
//! let signer = providers::schoology().signer(client).build()?;
//! let request = http::Request::get("https://api.schoology.com/v1/users/me").body(())?;
//! let header = signer.sign(&request)?.to_header();
//! assert!(header.to_str()?.starts_with(r#"OAuth realm="Schoology API","#));
//! # Ok(()) }
//! ```

mod known;
mod apps;
mod commerce;
mod hosted;

pub use apps::{
    discogs, fatsecret, flickr, garmin, instapaper, schoology, smugmug, trello, tumblr, x, zotero,
};
pub use commerce::{bricklink, cardmarket, etrade, interactive_brokers};
#[cfg(feature = "sha2")]
pub use commerce::{mastercard, netsuite};
#[cfg(feature = "sha2")]
pub use hosted::magento;
pub use hosted::{jira, lti, mediawiki, woocommerce, wordpress};
pub use known::{Evidence, KnownProvider};
