//! What was signed, for a person who looks at a 401.

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
