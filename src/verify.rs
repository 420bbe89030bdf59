//! RFC 5849 §3.2: the other side, which verifies requests.

mod admit;
mod algorithm;
mod claim;
mod header;
mod malformed;
mod nonce;
mod policy;
mod proof;
mod protocol;
mod received;
mod record;
mod rejection;

pub use admit::Verified;
pub use algorithm::Algorithm;
pub use claim::Claim;
pub use malformed::Malformed;
pub use nonce::{Admission, MemoryNonceLog, Nonce, NonceLog};
pub use policy::{Limits, Policy};
pub use proof::Proof;
pub use received::Received;
pub use record::{ClientRecord, PemAsSharedSecret, TokenRecord};
pub use rejection::{Refusal, Rejection};
