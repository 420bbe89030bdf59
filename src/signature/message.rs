//! The message that a signature method signs.

use crate::base_string::Sink;

/// A message to sign, which can be written into the sink of any signature method.
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
