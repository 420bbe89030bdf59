//! Mistakes in the key (RFC 5849 §3.4.2).

use super::{Step, step};
use crate::verify::diagnosis::mistake::Mistake as M;
use crate::verify::diagnosis::recipe::{Encoding, Secret, set};

pub(super) const STEPS: &[Step] = &[
    step(M::TokenSecretMissing, 1, |r, _| set(&mut r.key.token, Secret::Missing)),
    step(M::SecretsNotEncoded, 1, |r, _| set(&mut r.key.encoding, Encoding::None)),
    step(M::AmpersandMissing, 1, |r, _| set(&mut r.key.has_no_ampersand, true)),
    step(M::SecretsSwapped, 1, |r, s| s.token.is_some() && set(&mut r.key.is_swapped, true)),
    step(M::SecretWhiteSpace, 1, |r, _| set(&mut r.key.client, Secret::LineFeed)),
    step(M::SecretWhiteSpace, 2, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::LineFeed)),
    step(M::SecretWhiteSpace, 1, |r, _| set(&mut r.key.client, Secret::Trimmed)),
    step(M::SecretWhiteSpace, 1, |r, _| set(&mut r.key.token, Secret::Trimmed)),
    step(M::SecretWhiteSpace, 2, |r, _| set(&mut r.key.client, Secret::Crlf)),
    step(M::SecretWhiteSpace, 4, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::Crlf)),
    step(M::SecretWhiteSpace, 4, |r, _| set(&mut r.key.client, Secret::SpaceAfter)),
    step(M::SecretWhiteSpace, 4, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::SpaceAfter)),
    step(M::SecretWhiteSpace, 4, |r, _| set(&mut r.key.client, Secret::SpaceBefore)),
    step(M::SecretWhiteSpace, 4, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::SpaceBefore)),
    step(M::SecretWhiteSpace, 4, |r, _| set(&mut r.key.client, Secret::Tab)),
    step(M::SecretWhiteSpace, 4, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::Tab)),
    step(M::SecretDecoded, 2, |r, _| set(&mut r.key.client, Secret::FromBase64)),
    step(M::SecretDecoded, 2, |r, _| set(&mut r.key.client, Secret::FromHex)),
    step(M::SecretDecoded, 1, |r, _| set(&mut r.key.client, Secret::FromEscapes)),
    step(M::SecretDecoded, 1, |r, _| set(&mut r.key.client, Secret::FromForm)),
    step(M::SecretDecoded, 3, |r, _| set(&mut r.key.token, Secret::FromBase64)),
    step(M::SecretDecoded, 3, |r, _| set(&mut r.key.token, Secret::FromHex)),
    step(M::SecretDecoded, 1, |r, _| set(&mut r.key.token, Secret::FromEscapes)),
    step(M::SecretDecoded, 1, |r, _| set(&mut r.key.token, Secret::FromForm)),
    // Both secrets.
    step(M::SecretDecoded, 3, |r, _| {
        set(&mut r.key.client, Secret::FromBase64) && set(&mut r.key.token, Secret::FromBase64)
    }),
    step(M::SecretDecoded, 3, |r, _| {
        set(&mut r.key.client, Secret::FromHex) && set(&mut r.key.token, Secret::FromHex)
    }),
    step(M::SecretDecoded, 2, |r, _| {
        set(&mut r.key.client, Secret::FromEscapes) && set(&mut r.key.token, Secret::FromEscapes)
    }),
    step(M::SecretEncoded, 1, |r, _| set(&mut r.key.token, Secret::Encoded)),
    step(M::SecretEncoded, 1, |r, _| set(&mut r.key.encoding, Encoding::Twice)),
    step(M::SecretEncoded, 2, |r, _| set(&mut r.key.client, Secret::Encoded)),
    step(M::SecretEncoded, 3, |r, _| set(&mut r.key.token, Secret::EncodedAsForm)),
    step(M::SecretsEncodedOtherwise, 1, |r, _| set(&mut r.key.encoding, Encoding::Component)),
    step(M::SecretsEncodedOtherwise, 1, |r, _| set(&mut r.key.encoding, Encoding::Plus)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::Form)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::Lower)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::Slash)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::Tilde)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::FormLower)),
    step(M::SecretsEncodedOtherwise, 2, |r, _| set(&mut r.key.encoding, Encoding::Uri)),
    step(M::ClientSecretTwice, 3, |r, _| set(&mut r.key.token, Secret::OfClient)),
    step(M::ClientSecretMissing, 3, |r, _| set(&mut r.key.client, Secret::Missing)),
    step(M::IdentifierAsSecret, 4, |r, _| set(&mut r.key.client, Secret::Identifier)),
    step(M::IdentifierAsSecret, 4, |r, _| set(&mut r.key.token, Secret::Identifier)),
    step(M::IdentifierAsSecret, 4, |r, _| {
        set(&mut r.key.client, Secret::Identifier) && set(&mut r.key.token, Secret::Identifier)
    }),
    step(M::SecretQuoted, 4, |r, _| set(&mut r.key.client, Secret::Quoted)),
    step(M::SecretQuoted, 4, |r, s| s.token.is_some() && set(&mut r.key.token, Secret::Quoted)),
];
