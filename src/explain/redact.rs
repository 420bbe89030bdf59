//! The one parameter of a request that is a secret: the password of xAuth.

use super::parameter::decode;

/// How its pair starts within the third part of a base string.
const PASSWORD: &str = "x_auth_password%3D";

/// `&` and `[redacted]`, as a base string has them.
const SEPARATOR: &str = "%26";
const REDACTED: &str = "%5Bredacted%5D";

/// What is shown of a parameter's value, which is encoded once, as its name is: nothing of a password,
/// however somebody else has encoded the name.
pub(super) fn shown<'v>(name: &str, value: &'v str) -> &'v str {
    let is_password = decode(&decode(name)).trim().eq_ignore_ascii_case("x_auth_password");
    if is_password { "[redacted]" } else { value }
}

/// A base string without the password, where it has one.
pub(super) fn redact(base_string: String) -> String {
    let Some((head, parameters)) = base_string.rsplit_once('&') else { return base_string };
    if !parameters.contains(PASSWORD) {
        return base_string;
    }
    let pair = |pair: &str| match pair.strip_prefix(PASSWORD) {
        Some(_) => [PASSWORD, REDACTED].concat(),
        None => pair.to_owned(),
    };
    let parameters: Vec<String> = parameters.split(SEPARATOR).map(pair).collect();
    [head, "&", &parameters.join(SEPARATOR)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_left_out_and_nothing_else() {
        for (base_string, redacted) in [
            (
                "POST&u&a%3D1%26x_auth_password%3Dhunter2%26z%3D1",
                "POST&u&a%3D1%26x_auth_password%3D%5Bredacted%5D%26z%3D1",
            ),
            ("POST&u&x_auth_password%3Dp%252526", "POST&u&x_auth_password%3D%5Bredacted%5D"),
            ("POST&u&not_x_auth_password%3Dp", "POST&u&not_x_auth_password%3Dp"),
            ("no base string", "no base string"),
        ] {
            assert_eq!(redact(base_string.to_owned()), redacted);
        }
    }
}
