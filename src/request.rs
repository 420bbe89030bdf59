//! Borrowed views of requests, and the errors of requests that cannot be signed.
//!
//! - [`RequestRef`] is the view of a request. The signer reads the query and the form exactly as they are
//!   sent, and never changes the request.
//! - [`IntoRequestRef`] is implemented for all types that [`Signer::sign`](crate::Signer::sign) takes.
//! - [`UrlRef`] and [`PairsRef`] convert the types of URLs and parameters that a [`RequestRef`] is created
//!   from.
//! - [`Form`] is the encoded text of a form, to sign and to send.
//! - [`Origin`] is a scheme, a host and a port.
//! - [`RequestError`] and [`UrlError`] are the errors.
//!
//! # Examples
//!
//! ```
//! use oauth1_signer::{ClientCredentials, RequestRef, Signer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = ClientCredentials::new("consumer key", "consumer secret");
//! let signer = Signer::builder(client).build()?;
//! let pairs = [("name", "tea & cake")];
//! let request = RequestRef::new("POST", "https://api.example.com/1/items")?.form(&pairs);
//! let signed = signer.sign(request)?;
//! # Ok(()) }
//! ```

mod error;
mod media_type;
mod uri;
mod url;
mod origin;
mod host;
mod form;
mod pairs;
mod body;
mod view;
mod into_request_ref;

pub use error::{MAX_URL_LEN, RequestError, UrlError};
pub use form::Form;
pub use into_request_ref::IntoRequestRef;
pub use origin::Origin;
pub use pairs::PairsRef;
pub use url::UrlRef;
pub use view::RequestRef;

pub use crate::parameter::ParameterSource;

pub(crate) use body::{Body, Content};
pub(crate) use media_type::FORM;
pub(crate) use uri::{Target, is_absolute_uri};
