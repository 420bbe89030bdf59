//! Conformance tests for your own implementations of this crate's traits.
//!
//! Call them from a test of your application, against the database that you use in production.
//!
//! # Examples
//!
//! ```
//! use oauth1_signer::verify::MemoryNonceLog;
//! use oauth1_signer::verify::conformance::check_nonce_log;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut test = std::pin::pin!(a_nonce_log_conforms());
//! # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! # let std::task::Poll::Ready(result) = test.as_mut().poll(&mut context) else { unreachable!() };
//! # result
//! # }
//! // #[tokio::test]
//! async fn a_nonce_log_conforms() -> Result<(), Box<dyn std::error::Error>> {
//!     let log = MemoryNonceLog::new()?; // or your own, over SQL
//!     check_nonce_log(&log).await?;
//!     Ok(())
//! }
//! ```

mod outcome;
mod together;
mod nonce_log;

pub use nonce_log::{NonceShares, check_nonce_log, check_nonce_shares};
pub use outcome::{NonceLogError, NonceLogRule};
