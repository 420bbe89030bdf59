//! The three places for the protocol parameters: header, form or query (RFC 5849 §3.5).

use std::fmt;

use http::HeaderValue;
use zeroize::Zeroizing;

use super::state::State;
use crate::base_string::{Writer, write_once};
use crate::form::{append_to_query, push_pair};
use crate::parameter::Name;
use crate::signature::SignatureText;
use crate::stamp::Stamp;

/// The protocol parameters of a signed request, with the signature (RFC 5849 §3.5).
///
/// Send them in exactly one of three places: in the Authorization header with
/// [`to_header`](Self::to_header), in the URL's query with [`append_to_url`](Self::append_to_url), or in
/// a form body with [`append_to_form`](Self::append_to_form).
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, RequestRef, Signer, Stamp};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let url = "https://api.example.com/items?count=20";
/// let signed = signer.sign_with(RequestRef::new("GET", url)?, Stamp::new(1_700_000_000, "n1")?)?;
///
/// assert!(signed.to_header().to_str()?.starts_with("OAuth oauth_consumer_key=\"key\", "));
/// let signed_url = signed.append_to_url(url);
/// assert!(signed_url.starts_with("https://api.example.com/items?count=20&oauth_consumer_key=key&"));
/// # Ok(()) }
/// ```
#[must_use = "a signature must be put on the request"]
pub struct Signed<'s> {
    pub(super) state: &'s State,
    pub(super) stamp: Option<Stamp>,
    pub(super) body_hash: Option<String>,
    pub(super) signature: SignatureText<'s>,
}

impl Signed<'_> {
    /// Returns the value of the `Authorization` header (RFC 5849 §3.5.1).
    ///
    /// The value is marked as [sensitive](HeaderValue::set_sensitive): `Debug` does not show it, and
    /// HTTP/2 does not keep it in its compression table.
    #[doc(alias = "Authorization")]
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it never does")]
    pub fn to_header(&self) -> HeaderValue {
        let mut header = Vec::new();
        let mut out = Writer::new(&mut header);
        out.text(self.state.header.as_bytes());
        if let Some(stamp) = &self.stamp {
            out.text(b", oauth_timestamp=\"");
            write_once(stamp.timestamp(), &mut out);
            out.text(b"\", oauth_nonce=\"");
            write_once(stamp.nonce(), &mut out);
            out.text(b"\"");
        }
        if let Some(hash) = &self.body_hash {
            out.text(b", oauth_body_hash=\"");
            if self.state.settings.encodes_header_values {
                out.once(hash.bytes());
            } else {
                out.text(hash.as_bytes());
            }
            out.text(b"\"");
        }
        out.text(b", oauth_signature=\"");
        self.signature.write_once(&mut out);
        out.text(b"\"");
        // The header nearly always fits into the writer's buffer. Then there is one allocation, of the
        // right size.
        let value = if let Some(value) = out.whole(HeaderValue::from_bytes) {
            value
        } else {
            out.finish();
            HeaderValue::try_from(header)
        };
        let mut header = value.expect("what is not ASCII was encoded or refused");
        header.set_sensitive(true);
        header
    }

    /// Returns the parameters as query text: `name=value` pairs, joined with `&` (RFC 5849 §3.5.3).
    ///
    /// [`append_to_url`](Self::append_to_url) adds them to a URL. The realm is not included.
    #[must_use]
    pub fn to_query(&self) -> String {
        self.to_form()
    }

    /// Returns the parameters as form text: `name=value` pairs, joined with `&` (RFC 5849 §3.5.2).
    ///
    /// [`append_to_form`](Self::append_to_form) adds them to a body. The realm is not included.
    #[must_use]
    pub fn to_form(&self) -> String {
        let pairs = self.parameters();
        // With PLAINTEXT the signature is a secret. A `String` that grows would leave copies that nobody
        // wipes, so it gets its full capacity now.
        let room = pairs.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
        let mut text = String::with_capacity(room);
        for (name, value) in pairs {
            push_pair(&mut text, &name, &Zeroizing::new(value));
        }
        text
    }

    /// Returns `url` with the parameters appended to its query (RFC 5849 §3.5.3).
    ///
    /// The rest of the URL is unchanged, and a fragment stays at the end.
    ///
    /// # Security
    /// URLs are written to logs and sent in `Referer` headers. Prefer [`to_header`](Self::to_header).
    #[must_use]
    pub fn append_to_url(&self, url: &str) -> String {
        append_to_query(url, &self.to_form())
    }

    /// Returns the body `form` with the parameters appended (RFC 5849 §3.5.2).
    ///
    /// The request's Content-Type must be `application/x-www-form-urlencoded`.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
    /// let request = RequestRef::new("POST", "https://api.example.com/1/items")?
    ///     .content_type("application/x-www-form-urlencoded")
    ///     .body(b"name=tea");
    /// let body = signer.sign(request)?.append_to_form(b"name=tea");
    /// assert!(body.starts_with(b"name=tea&oauth_consumer_key=key&"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn append_to_form(&self, form: &[u8]) -> Vec<u8> {
        let separator: &[u8] = if form.is_empty() || form.ends_with(b"&") { b"" } else { b"&" };
        [form, separator, self.to_form().as_bytes()].concat()
    }

    /// Returns the parameters as decoded pairs of name and value, without the realm.
    ///
    /// `oauth_signature` is the last one.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let mut pairs = self.state.compiled.fixed().to_vec();
        let mut push = |name: Name, value: String| pairs.push((name.as_str().to_owned(), value));
        if let Some(stamp) = &self.stamp {
            push(Name::Timestamp, stamp.timestamp().to_text());
            push(Name::Nonce, stamp.nonce().to_text());
        }
        if let Some(hash) = &self.body_hash {
            push(Name::BodyHash, hash.clone());
        }
        push(Name::Signature, self.signature.to_text());
        pairs
    }

    /// Returns the value of `oauth_signature`, not percent-encoded.
    ///
    /// # Security
    /// With PLAINTEXT, the signature consists of the two secrets.
    #[doc(alias = "oauth_signature")]
    #[must_use]
    pub fn signature(&self) -> String {
        self.signature.to_text()
    }
}

/// Does not show the signature, because with PLAINTEXT it consists of the secrets.
impl fmt::Debug for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("stamp", &self.stamp)
            .field("body_hash", &self.body_hash)
            .finish_non_exhaustive()
    }
}
