//! The parameters whose values are secrets, and their removal from base strings.

use zeroize::Zeroizing;

use super::parameter::decode_wiped;

/// The names of the parameters whose values are secrets.
///
/// `oauth_verifier` is a verification code or PIN. `oauth_consumer_secret` and `oauth_token_secret` do not
/// belong in a request, but may be in one by mistake.
const SECRETS: [&str; 5] = [
    "oauth_consumer_secret",
    "oauth_session_handle",
    "oauth_token_secret",
    "oauth_verifier",
    "x_auth_password",
];

const REDACTED: &str = "[redacted]";

/// A `&` in the third part of a base string; the next two are `=` and [`REDACTED`] in the same place.
const SEPARATOR: &str = "%26";
const EQUALS: &str = "%3D";
const REDACTED_ENCODED: &str = "%5Bredacted%5D";

/// Returns our own base string without the values of secret parameters, which it does not copy.
pub(super) fn redact(base_string: &str) -> String {
    let Some((head, parameters)) = base_string.rsplit_once('&') else { return base_string.to_owned() };
    let mut redacted = [head, "&"].concat();
    for (place, pair) in parameters.split(SEPARATOR).enumerate() {
        if place > 0 {
            redacted.push_str(SEPARATOR);
        }
        match pair.split_once(EQUALS) {
            Some((name, _)) if SECRETS.contains(&name) => {
                redacted.extend([name, EQUALS, REDACTED_ENCODED]);
            }
            _ => redacted.push_str(pair),
        }
    }
    redacted
}

/// Returns a parameter of a server's base string without secrets.
///
/// Name and value are encoded once, or in whatever way the server encoded them. So if the pair contains a
/// secret name anywhere, the function returns that name and `[redacted]`.
pub(super) fn shown<'v>(name: &'v str, value: &'v str) -> (&'v str, &'v str) {
    match secret_name(name).or_else(|| secret_name(value)) {
        Some(secret) => (secret, REDACTED),
        None => (name, value),
    }
}

/// Returns a part of a server's base string, or `[redacted]` if it contains a secret name.
pub(super) fn shown_part(part: &str) -> &str {
    if secret_name(part).is_some() { REDACTED } else { part }
}

/// Returns `true` if a text contains a secret name, encoded up to four times.
pub(super) fn mentions_secret(text: &str) -> bool {
    secret_name(text).is_some()
}

/// Returns the first secret name that a text contains, encoded up to four times.
fn secret_name(text: &str) -> Option<&'static str> {
    let mut text = Zeroizing::new(text.to_ascii_lowercase());
    // Our own base strings are encoded twice. One server is known to encode once more, and none to do so
    // twice.
    for _ in 0..4 {
        if let Some(name) = SECRETS.into_iter().find(|name| text.contains(name)) {
            return Some(name);
        }
        let mut decoded = decode_wiped(&text);
        if decoded == text {
            return None;
        }
        decoded.make_ascii_lowercase();
        text = decoded;
    }
    SECRETS.into_iter().find(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_the_secrets_and_nothing_else() {
        for (base_string, redacted) in [
            (
                "POST&u&a%3D1%26x_auth_password%3Dhunter2%26z%3D1",
                "POST&u&a%3D1%26x_auth_password%3D%5Bredacted%5D%26z%3D1",
            ),
            (
                "POST&u&oauth_verifier%3D1234%26oauth_version%3D1.0",
                "POST&u&oauth_verifier%3D%5Bredacted%5D%26oauth_version%3D1.0",
            ),
            ("POST&u&oauth_session_handle%3Dp%252526", "POST&u&oauth_session_handle%3D%5Bredacted%5D"),
            ("POST&u&not_x_auth_password%3Dp", "POST&u&not_x_auth_password%3Dp"),
            ("POST&u&oauth_verifier_x%3Dp", "POST&u&oauth_verifier_x%3Dp"),
            ("POST&u&", "POST&u&"),
            ("no base string", "no base string"),
        ] {
            assert_eq!(redact(base_string), redacted);
        }
    }

    #[test]
    fn finds_a_secret_name_however_a_server_encodes_it() {
        for (name, value) in [
            ("oauth_verifier", "1234"),
            ("OAuth_Verifier", "1234"),
            (" oauth_verifier", "1234"),
            ("oauth%5Fverifier", "1234"),
            ("oauth%25255Fverifier", "1234"),
            ("oauth_verifier%3D1234", ""),
            ("oauth_verifier%25253D1234", ""),
            ("a", "b%26oauth_verifier%3D1234"),
        ] {
            assert_eq!(shown(name, value), ("oauth_verifier", REDACTED), "{name}={value}");
        }
        assert_eq!(shown("oauth_version", "1.0"), ("oauth_version", "1.0"));
        assert_eq!(shown_part("https://h/?oauth_verifier=1234"), REDACTED);
        assert_eq!(shown_part("https://h/"), "https://h/");
    }
}
