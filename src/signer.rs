//! The signer, which turns credentials and settings into signed requests.

mod error;
mod callback;
mod time;
mod settings;
mod state;
mod signed;
mod prepared;
mod signing;
mod builder;
pub(crate) mod authorize;

pub use authorize::Authorize;
pub use builder::SignerBuilder;
pub use callback::Callback;
pub use error::{BuildError, SignError};
pub use prepared::Prepared;
pub use signed::Signed;
pub use signing::Signer;
