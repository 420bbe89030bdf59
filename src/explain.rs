//! Shows what a signature covers, to find the cause of a 401 ("invalid signature").
//!
//! [`Signer::explain`](crate::Signer::explain) signs a request and returns an [`Explanation`]: the signature
//! base string and its parts. [`Explanation::differences`] compares it with the base string that a server
//! reports. To diagnose a whole response, use [`Diagnosis`](crate::diagnose::Diagnosis).
//!
//! # Examples
//!
//! ```
//! use oauth1_signer::{ClientCredentials, RequestRef, Signer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
//! let request = RequestRef::new("GET", "https://api.example.com/1/items?count=20")?;
//! let (_, explanation) = signer.explain(request)?;
//! println!("{explanation}");
//! # Ok(()) }
//! ```

mod parameter;
mod hint;
mod redact;
mod difference;
mod explanation;

pub use difference::Difference;
pub use explanation::Explanation;
pub use hint::Hint;
pub use parameter::SignedParameter;

pub(crate) use hint::hints_on;
