//! What is signed, before any method does it.

use crate::base_string::Sink;

/// Something to sign, written into whatever sink a method has.
pub(crate) trait Message {
    type Error;

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Self::Error>;
}

impl Message for &[u8] {
    type Error = std::convert::Infallible;

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Self::Error> {
        sink.absorb(self);
        Ok(())
    }
}
