//! HMAC over the base string (RFC 5849 §3.4.2).

use hmac::digest::{Output, Update};
use hmac::{KeyInit, Mac};

use super::message::Message;
use crate::base_string::Sink;

/// Creates a MAC with a key.
pub(super) fn keyed<M: KeyInit>(key: &str) -> M {
    M::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length")
}

#[inline]
pub(super) fn authenticate<M, T>(mac: &M, message: &T) -> Result<Output<M>, T::Error>
where
    M: Mac + Update + Clone,
    T: Message,
{
    let mut mac = Absorb(mac.clone());
    message.write(&mut mac)?;
    Ok(mac.0.finalize().into_bytes())
}

/// A MAC into which a base string is written.
struct Absorb<M>(M);

impl<M: Update> Sink for Absorb<M> {
    #[inline]
    fn absorb(&mut self, text: &[u8]) {
        self.0.update(text);
    }
}
