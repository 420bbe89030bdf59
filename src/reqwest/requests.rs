//! The request types of both clients, which differ but have the same shape.

use http::{HeaderMap, Method};
use url::Url;

use crate::request::{Body, RequestError, RequestRef};
use crate::signer::authorize::{Authorize, Headers, Sealed, put_on};
use crate::signer::{SignError, Signer};

use super::error::unbuilt;
use super::redirect::{Hop, forget_body};

/// Signs requests and request builders of reqwest, for any client that sends them.
///
/// It is [`Signer::authorize`] as a method. A program that already uses reqwest changes only one line.
///
/// # Examples
/// ```
/// use oauth1_signer::reqwest::SignRequest;
/// # use oauth1_signer::Signer;
/// # async fn f(signer: Signer, client: reqwest::Client) -> Result<(), Box<dyn std::error::Error>> {
///
/// let request = client.post("https://api.example.com/1/items").form(&[("name", "tea & cake")]);
/// let response = request.sign(&signer)?.send().await?;
/// # Ok(()) }
/// ```
pub trait SignRequest: Authorize {
    /// Signs the request as it is now, and sets its Authorization header, replacing an earlier signature.
    ///
    /// Call it last: a change to the URL or to a form afterwards makes the signature invalid.
    ///
    /// # Errors
    /// Returns [`SignError`] if the request cannot be built or signed, or has an Authorization header of
    /// another scheme.
    fn sign(self, signer: &Signer) -> Result<Self, SignError> {
        self.authorize(signer)
    }
}

/// A request that may have to be sent more than once.
pub(super) trait Resend: Sized {
    fn method(&self) -> &Method;
    fn url(&self) -> &Url;
    /// Returns a copy, unless the body is a stream.
    fn copy(&self) -> Option<Self>;
    fn redirect(self, hop: Hop) -> Self;
}

macro_rules! requests {
    ($(::$module:ident)+) => {
        /// Creates a view of the request as it is sent. It sees a body in memory, but no other body.
        impl<'a> TryFrom<&'a $(::$module)+::Request> for RequestRef<'a> {
            type Error = RequestError;

            fn try_from(request: &'a $(::$module)+::Request) -> Result<Self, RequestError> {
                let body = match request.body() {
                    None => Body::Bytes(&[]),
                    Some(body) => body.as_bytes().map_or(Body::Unseen, Body::Bytes),
                };
                Self::from_client(request.method(), request.url().as_str(), request.headers(), body)
            }
        }

        impl Headers for $(::$module)+::Request {
            fn headers(&self) -> &HeaderMap {
                self.headers()
            }

            fn headers_mut(&mut self) -> &mut HeaderMap {
                self.headers_mut()
            }
        }

        impl Sealed for $(::$module)+::Request {}

        impl Authorize for $(::$module)+::Request {
            fn authorize(mut self, signer: &Signer) -> Result<Self, SignError> {
                put_on(signer, &mut self, None, |request| Ok::<_, SignError>(RequestRef::try_from(request)?))?;
                Ok(self)
            }
        }

        impl SignRequest for $(::$module)+::Request {}

        impl Sealed for $(::$module)+::RequestBuilder {}

        impl Authorize for $(::$module)+::RequestBuilder {
            fn authorize(self, signer: &Signer) -> Result<Self, SignError> {
                let (client, request) = self.build_split();
                Ok(Self::from_parts(client, request.map_err(unbuilt)?.authorize(signer)?))
            }
        }

        impl SignRequest for $(::$module)+::RequestBuilder {}

        impl Resend for $(::$module)+::Request {
            fn method(&self) -> &Method {
                self.method()
            }

            fn url(&self) -> &Url {
                self.url()
            }

            fn copy(&self) -> Option<Self> {
                self.try_clone()
            }

            fn redirect(mut self, hop: Hop) -> Self {
                *self.method_mut() = hop.method;
                *self.url_mut() = hop.url;
                if !hop.keeps_body {
                    *self.body_mut() = None;
                    forget_body(self.headers_mut());
                }
                self
            }
        }
    };
}

requests!(::reqwest);
#[cfg(feature = "reqwest-blocking")]
requests!(::reqwest::blocking);
