//! The request that is signed, as a borrowed view of what the caller holds.
//!
//! [`RequestRef`] is the view. The signer reads query and form as the bytes that are sent, and never
//! rewrites the request. [`UrlRef`] and [`PairsRef`] are the kinds of URLs and parameters that it takes.

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
