//! The limits on the size of a request.

/// The limits on the size of a request. A larger request is rejected with status 400.
///
/// # Examples
///
/// ```
/// use oauth1_signer::Origin;
/// use oauth1_signer::verify::{Limits, Policy};
///
/// let mut limits = Limits::default();
/// limits.body = 1024 * 1024;
/// let policy = Policy::new(Origin::new("https://api.example.com")?).limits(limits);
/// # Ok::<(), oauth1_signer::request::UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The maximum length of the Authorization header, in bytes. The default is 8 KiB.
    pub header: usize,
    /// The maximum length of the request's target, in bytes. The default is 16 KiB.
    pub url: usize,
    /// The maximum number of parameters in header, query and form together. The default is 1,000.
    pub parameters: usize,
    /// The maximum length of a form, or of a body that has a hash, in bytes. The default is 64 KiB.
    pub body: usize,
    /// The maximum length of a key, token, nonce or verification code, in bytes. The default is 255.
    pub identifier: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header: 8 * 1024, url: 16 * 1024, parameters: 1_000, body: 64 * 1024, identifier: 255 }
    }
}
