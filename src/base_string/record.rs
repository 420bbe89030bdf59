//! A base string as text, for an explanation.

use zeroize::Zeroizing;

use super::writer::Sink;
use crate::parameter::ParameterSource;

/// A base string, with the source of each of its parameters.
///
/// It may contain a password (xAuth), so its text is wiped when dropped.
#[derive(Default)]
pub(crate) struct Record {
    text: Zeroizing<Vec<u8>>,
    pub(crate) sources: Vec<ParameterSource>,
}

impl Record {
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Removes and returns the base string.
    pub(crate) fn take_text(&mut self) -> Zeroizing<String> {
        Zeroizing::new(into_text(std::mem::take(&mut *self.text)))
    }
}

impl Sink for Record {
    fn absorb(&mut self, text: &[u8]) {
        let len = self.text.len() + text.len();
        if len > self.text.capacity() {
            // A vector that grows by itself leaves a copy behind that is not wiped.
            let mut larger = Vec::with_capacity(len.max(2 * self.text.capacity()));
            larger.extend_from_slice(&self.text);
            self.text = Zeroizing::new(larger);
        }
        self.text.extend_from_slice(text);
    }

    fn parameters(&mut self, source: ParameterSource, count: usize) {
        self.sources.extend(std::iter::repeat_n(source, count));
    }
}

/// Converts the bytes of a base string, which are always ASCII, to a string.
pub(super) fn into_text(base_string: Vec<u8>) -> String {
    String::from_utf8(base_string).expect("percent-encoded text is ASCII")
}
