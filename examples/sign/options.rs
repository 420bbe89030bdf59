//! The command line: its options, and what they mean together.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};
use oauth1_signer::{BodyHashPolicy, ClientCredentials, TokenCredentials};

use crate::Failure;
use crate::command_line::{MethodOptions, pair};

/// Sign an HTTP request with OAuth 1.0a (RFC 5849), see what was signed, and get the curl command that sends
/// it.
///
/// Without credentials it uses those of RFC 5849, section 1.2.
///
/// `sign diagnose --help` says how to find out why a server rejected a request.
// This type has no `Debug`, because it contains secrets.
#[derive(Parser)]
#[command(name = "sign")]
pub(crate) struct Options {
    /// The HTTP method
    #[arg(value_name = "METHOD")]
    pub(crate) http_method: String,

    /// The absolute URL as it goes on the wire, its query included
    pub(crate) url: String,

    /// A parameter of a form body, not encoded yet [repeatable]
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Body")]
    pub(crate) form: Vec<(String, String)>,

    /// The body, exactly as it is sent
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["form", "data_file"], help_heading = "Body")]
    pub(crate) data: Option<String>,

    /// The body, from a file
    #[arg(long, value_name = "FILE", conflicts_with = "form", help_heading = "Body")]
    pub(crate) data_file: Option<PathBuf>,

    /// The Content-Type of --data or --data-file; that of forms makes the body part of the signature
    #[arg(long, value_name = "TYPE", conflicts_with = "form", help_heading = "Body")]
    pub(crate) content_type: Option<String>,

    #[command(flatten)]
    secrets: CredentialOptions,

    /// Send an empty token instead of one, as some servers ask
    #[arg(long, help_heading = "Credentials")]
    pub(crate) empty_token: bool,

    #[command(flatten)]
    pub(crate) method: MethodOptions,

    /// Where the protocol parameters go
    #[arg(long, value_enum, default_value = "header", help_heading = "Signature")]
    pub(crate) placement: Placement,

    /// The realm of the Authorization header
    #[arg(long, help_heading = "Signature")]
    pub(crate) realm: Option<String>,

    /// The callback, to get temporary credentials: a URI, or oob
    #[arg(long, value_name = "URI", help_heading = "Signature")]
    pub(crate) callback: Option<String>,

    /// The verification code, to get token credentials
    #[arg(long, value_name = "CODE", help_heading = "Signature")]
    pub(crate) verifier: Option<String>,

    /// A further protocol parameter [repeatable]
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = pair, help_heading = "Signature")]
    pub(crate) parameters: Vec<(String, String)>,

    /// Do not send the version
    #[arg(long, help_heading = "Signature")]
    pub(crate) no_version: bool,

    /// When to send a body hash
    #[arg(long, value_enum, default_value = "off", help_heading = "Signature")]
    pub(crate) body_hash: HashPolicy,

    /// Let PLAINTEXT send the secrets over http
    #[arg(long, help_heading = "Signature")]
    pub(crate) allow_plaintext_over_http: bool,

    /// The timestamp of a signature to reproduce; now by default
    #[arg(long, value_name = "SECONDS", help_heading = "Time and nonce")]
    pub(crate) timestamp: Option<u64>,

    /// The nonce of a signature to reproduce; random by default
    #[arg(long, requires = "timestamp", help_heading = "Time and nonce")]
    pub(crate) nonce: Option<String>,

    /// The server's clock less ours
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true,
        conflicts_with = "timestamp",
        help_heading = "Time and nonce"
    )]
    pub(crate) clock_offset: i64,
}

/// The place of the protocol parameters (RFC 5849 §3.5.1–3.5.3).
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Placement {
    Header,
    Query,
    Form,
}

/// A [`BodyHashPolicy`], by its name on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum HashPolicy {
    Off,
    NotForms,
    Always,
}

/// The keys and secrets of client and user.
#[derive(Args)]
pub(crate) struct CredentialOptions {
    /// The consumer key (client identifier, API key)
    #[arg(long, value_name = "KEY", env = "OAUTH1_CONSUMER_KEY", help_heading = "Credentials")]
    pub(crate) consumer_key: Option<String>,

    /// Its secret; better in the environment, where other users of the machine do not see it
    #[arg(
        long,
        value_name = "SECRET",
        env = "OAUTH1_CONSUMER_SECRET",
        hide_env_values = true,
        help_heading = "Credentials"
    )]
    pub(crate) consumer_secret: Option<String>,

    /// The user's token; without one, the request is two-legged
    #[arg(long, value_name = "TOKEN", env = "OAUTH1_TOKEN", help_heading = "Credentials")]
    pub(crate) token: Option<String>,

    /// Its secret
    #[arg(
        long,
        value_name = "SECRET",
        env = "OAUTH1_TOKEN_SECRET",
        hide_env_values = true,
        help_heading = "Credentials"
    )]
    pub(crate) token_secret: Option<String>,
}

impl From<HashPolicy> for BodyHashPolicy {
    fn from(policy: HashPolicy) -> Self {
        match policy {
            HashPolicy::Off => Self::Off,
            HashPolicy::NotForms => Self::NotForms,
            HashPolicy::Always => Self::Always,
        }
    }
}

/// The client's credentials, and the token of the user.
pub(crate) struct Credentials {
    pub(crate) client: ClientCredentials,
    pub(crate) token: Option<TokenCredentials>,
}

impl Credentials {
    /// Returns the printer's credentials, and Jane's token for it (RFC 5849 §1.2).
    fn of_the_rfc() -> Self {
        Self {
            client: ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"),
            token: Some(TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")),
        }
    }
}

impl Options {
    pub(crate) fn has_no_credentials(&self) -> bool {
        let given = [
            &self.secrets.consumer_key,
            &self.secrets.consumer_secret,
            &self.secrets.token,
            &self.secrets.token_secret,
        ];
        given.iter().all(|text| text.is_none())
    }

    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        let mut credentials =
            if self.has_no_credentials() { Credentials::of_the_rfc() } else { self.given_credentials()? };
        if self.empty_token {
            credentials.token = None;
        }
        Ok(credentials)
    }

    /// Returns the given credentials. An empty secret must be explicit: a missing one was likely forgotten.
    fn given_credentials(&self) -> Result<Credentials, Failure> {
        let secret = |secret: &Option<String>, remedy: &'static str| match secret {
            Some(secret) => Ok(secret.clone()),
            None if self.method.has_private_key() => Ok(String::new()),
            None => Err(remedy),
        };
        let key = self.secrets.consumer_key.as_ref();
        let key = key.ok_or("no consumer key: give --consumer-key or set OAUTH1_CONSUMER_KEY")?;
        let client_secret = secret(
            &self.secrets.consumer_secret,
            "no consumer secret: give --consumer-secret (it may be '') or set OAUTH1_CONSUMER_SECRET",
        )?;
        let token = match &self.secrets.token {
            None if self.secrets.token_secret.is_some() => {
                return Err("a token secret without its token: give --token or set OAUTH1_TOKEN".into());
            }
            None => None,
            Some(token) => {
                let remedy = "no token secret: give --token-secret (it may be '') or set OAUTH1_TOKEN_SECRET";
                Some(TokenCredentials::new(token, secret(&self.secrets.token_secret, remedy)?))
            }
        };
        Ok(Credentials { client: ClientCredentials::new(key, client_secret), token })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_fit_together() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_value_may_have_an_equals_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(pair("a").is_err());
    }
}
