//! The mistakes that a diagnosis knows: name, explanation, remedy and libraries.

use std::fmt;

mod texts;

/// Defines [`Mistake`] and its texts from one table, so that every mistake has all texts.
macro_rules! mistakes {
    ($($variant:ident, $name:literal, $explanation:literal, $remedy:expr, [$($library:literal),*];)*) => {
        /// A mistake in computing a signature.
        ///
        /// Each has a stable [`name`](Self::name), such as `query-left-out`, for logs and statistics.
        ///
        /// # Examples
        ///
        /// ```
        /// use oauth1_signer::verify::diagnosis::Mistake;
        ///
        /// let mistake = Mistake::QueryLeftOut;
        /// assert_eq!(mistake.name(), "query-left-out");
        /// println!("{} {}", mistake.explanation(), mistake.remedy());
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = $explanation] $variant,)*
        }

        impl Mistake {
            /// Every mistake that a diagnosis knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the stable name, in lower case with hyphens.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns a sentence that describes the mistake.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// Returns the remedy, for the client's developer or the server's operator.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }

            /// Returns the libraries that are known to make this mistake in some version.
            ///
            /// The list is empty if no library is known for it.
            #[must_use]
            pub fn libraries(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($library),*],)* }
            }
        }
    };
}
use mistakes;

pub use texts::Mistake;

/// Prints the name.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
