//! The adapter for reqwest 0.13: a client that signs what it sends, and sends the requests of the flow.
//!
//! [`Client`] is a client for one signer. Its `get`, `post` and so on build requests that are signed when
//! they are sent:
//!
//! ```
//! use oauth1_signer::reqwest::Client;
//! # use oauth1_signer::Signer;
//! # async fn f(signer: Signer, other: Signer) -> Result<(), Box<dyn std::error::Error>> {
//!
//! // TLS, timeouts, proxies: the settings of the builder are yours.
//! let builder = reqwest::Client::builder().timeout(std::time::Duration::from_secs(30));
//! let client = Client::new(signer, builder)?;
//! let items = "https://api.example.com/1/items";
//! let response = client.get(items).query([("count", "20")]).send().await?;
//! let response = client.post(items).form([("name", "tea & cake")]).send().await?;
//!
//! // Another user, over the same connections.
//! let response = client.with_signer(other).get("https://api.example.com/1/items").send().await?;
//! # Ok(()) }
//! ```
//!
//! # With a client of your own
//!
//! [`SignRequest::sign`] signs a request or a request builder of reqwest, for whatever client sends it. This
//! is the one-line change to a program that uses reqwest already:
//!
//! ```
//! use oauth1_signer::reqwest::SignRequest;
//! # use oauth1_signer::Signer;
//! # async fn f(signer: Signer) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let client = reqwest::Client::builder()
//!     .redirect(reqwest::redirect::Policy::none())
//!     .retry(reqwest::retry::never())
//!     .build()?;
//! let request = client.get("https://api.example.com/1/items").query(&[("count", "20")]);
//! let response = request.sign(&signer)?.send().await?;
//! # Ok(()) }
//! ```
//!
//! Switch off reqwest's redirects and retries, as above. They would send a signature again that is valid for
//! one request to one URL, and a 307 would forward a form to whatever host the response names.
//! [`Client::new`] does this itself. [`Client::retry`] and [`Client::follow_same_origin`] sign each attempt
//! anew.
//!
//! # The flow
//!
//! ```
//! # use oauth1_signer::{flow::Flow, reqwest::Client};
//! # async fn f(client: Client, flow: Flow) -> Result<(), Box<dyn std::error::Error>> {
//! let pending = client.request_credentials(&flow.temporary_credentials("oob")?).await?.credentials;
//! println!("go to {}", flow.authorization_url(&pending)?);
//! # let typed = "123456";
//! let approval = flow.pin(pending, typed)?;
//! let token = client.request_credentials(&flow.token_credentials(&approval)?).await?.credentials;
//! let client = client.with_signer(flow.signer(token)?);
//! # Ok(()) }
//! ```
//!
//! # Bodies
//!
//! | body | what is signed |
//! |---|---|
//! | `form`, or any text or bytes with a form's Content-Type | its parameters |
//! | JSON, text, bytes | `oauth_body_hash`, if the signer sends one |
//! | multipart, streams, readers | nothing of them; with a body hash: an error |
//! | a stream or a reader with a form's Content-Type | an error: a form is never left unsigned |
//!
//! The adapter cannot see headers that the client adds itself (`default_headers`). Set Content-Type on the
//! request.
//!
//! # Errors
//!
//! [`Error`] never contains the URL, which may have a secret in its query. The errors of a `Response`, while
//! its body is read, are reqwest's own: log them with `error.without_url()`.

mod error;
mod redirect;
mod retry;
mod requests;
mod exchange;
#[macro_use]
mod surface;
mod client;
#[cfg(feature = "reqwest-blocking")]
pub mod blocking;

pub use client::{Client, RequestBuilder};
pub use error::{Error, RedirectError};
pub use requests::SignRequest;
pub use retry::RetryPolicy;
