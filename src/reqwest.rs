//! reqwest 0.13: signed requests, and the three legs.
//!
//! Two ways. [`Signer::authorize`](crate::Signer::authorize) signs a `reqwest::Request` or a
//! `reqwest::RequestBuilder`, whatever client sends it:
//!
//! ```
//! # use oauth1_signer::Signer;
//! # async fn f(signer: Signer, client: reqwest::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let request = client.post("https://api.example.com/1/items").form(&[("name", "tea & cake")]);
//! let response = signer.authorize(request)?.send().await?;
//! # Ok(()) }
//! ```
//!
//! By default, though, that client follows redirects by itself, with a signature that was made for
//! another URL; and a 307 forwards a form to whatever host the answer names. So build it with
//! `.redirect(reqwest::redirect::Policy::none())`, or use the [`Client`] here, which does not follow,
//! or signs anew for each hop on the same origin where it is asked to:
//!
//! ```
//! use oauth1_signer::reqwest::Client;
//! # use oauth1_signer::{Signer, flow::Flow};
//! # async fn f(signer: Signer, flow: Flow) -> Result<(), Box<dyn std::error::Error>> {
//!
//! // TLS, timeouts, proxies: the settings are yours.
//! let client = Client::new(reqwest::Client::builder().timeout(std::time::Duration::from_secs(30)))?;
//! let request = client.unsigned().get("https://api.example.com/1/items").query(&[("count", "20")]);
//! let response = client.send(&signer, request).await?;
//!
//! // The three legs.
//! let issued = client.request_credentials(&flow.temporary_credentials("oob")?).await?;
//! println!("go to {}", flow.authorization_url(&issued.credentials, &[])?);
//! # let typed = "123456";
//! let grant = flow.pin(issued.credentials, typed)?;
//! let issued = client.request_credentials(&flow.token_credentials(&grant)?).await?;
//! let signer = flow.signer(issued.credentials)?;
//! # Ok(()) }
//! ```
//!
//! # Bodies
//!
//! | body | what is signed |
//! |---|---|
//! | `.form(…)`, or any text or bytes with a form's Content-Type | its parameters |
//! | `.json(…)`, text, bytes | `oauth_body_hash`, where the signer sends one |
//! | `.multipart(…)`, streams, readers | nothing of them; with a body hash: an error |
//! | a stream or a reader with a form's Content-Type | an error: a form is never left unsigned |
//!
//! Errors here are without the URL, which may have a signed query. Those of a `Response`, while its body
//! is read, are reqwest's own: log them by `error.without_url()`.
//!
//! Headers that the client adds by itself (`default_headers`) are not seen: set Content-Type on the
//! request.

#[cfg(feature = "reqwest-blocking")]
pub mod blocking;
mod client;
mod error;
mod redirect;
mod requests;

pub use client::Client;
pub use error::{Error, RedirectError};
