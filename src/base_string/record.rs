//! The base string, to look at.

use super::writer::Sink;
use crate::parameter::ParameterSource;

/// A base string, and where each of its parameters came from.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) text: Vec<u8>,
    pub(crate) sources: Vec<ParameterSource>,
}

impl Sink for Record {
    fn absorb(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn parameters(&mut self, source: ParameterSource, count: usize) {
        self.sources.extend(std::iter::repeat_n(source, count));
    }
}
