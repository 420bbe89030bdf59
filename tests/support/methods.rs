//! Signature methods with a key that both sides share.

use oauth1_signer::SignatureMethod;

pub(crate) fn methods() -> Vec<SignatureMethod> {
    vec![
        SignatureMethod::hmac_sha1(),
        #[cfg(feature = "sha2")]
        SignatureMethod::hmac_sha256(),
        #[cfg(feature = "sha2")]
        SignatureMethod::hmac_sha512(),
        SignatureMethod::plaintext(),
        SignatureMethod::plaintext_without_stamp(),
    ]
}
