//! What holds for the requests of both clients, which are different types of the same shape.

use http::header::AUTHORIZATION;

use crate::request::{Body, RequestError, RequestRef};
use crate::signer::authorize::{Authorize, Sealed, check_authorization};
use crate::signer::{SignError, Signer};

use super::error::unbuilt;
use super::redirect::{Hop, forget_body};

/// A request that may have to be sent to another URL.
pub(super) trait Redirect {
    fn redirect(self, hop: Hop) -> Self;
}

macro_rules! requests {
    ($(::$module:ident)+) => {
        /// The request as it is sent: bodies in memory are seen, others are not.
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

        impl Sealed for $(::$module)+::Request {}

        impl Authorize for $(::$module)+::Request {
            fn authorize(mut self, signer: &Signer) -> Result<Self, SignError> {
                check_authorization(self.headers())?;
                let authorization = signer.sign(RequestRef::try_from(&self)?)?.to_header();
                self.headers_mut().insert(AUTHORIZATION, authorization);
                Ok(self)
            }
        }

        impl Sealed for $(::$module)+::RequestBuilder {}

        impl Authorize for $(::$module)+::RequestBuilder {
            fn authorize(self, signer: &Signer) -> Result<Self, SignError> {
                let (client, request) = self.build_split();
                Ok(Self::from_parts(client, request.map_err(unbuilt)?.authorize(signer)?))
            }
        }

        impl Redirect for $(::$module)+::Request {
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
