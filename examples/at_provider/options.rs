//! The command line: its options, and what they mean together.

use clap::Parser;
use http::Method;
use oauth1_signer::flow::Endpoints;
use oauth1_signer::{ClientCredentials, Signer};

use crate::Failure;
use crate::command_line::{MethodOptions, pair};

/// Walk through the three legs of OAuth 1.0a at any provider: get temporary credentials, send the user to the
/// authorization page, get token credentials, and make a signed call.
///
/// The provider's documentation has the three URLs; the developer's page of the application has the consumer
/// key.
// This type has no `Debug`, because it contains secrets.
#[derive(Parser)]
#[command(name = "at_provider")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Options {
    /// The URL for temporary credentials (request token URL)
    #[arg(long, value_name = "URL", env = "OAUTH1_TEMPORARY_URL", help_heading = "Provider")]
    temporary_url: String,

    /// The URL of the authorization page (authorize URL)
    #[arg(long, value_name = "URL", env = "OAUTH1_AUTHORIZE_URL", help_heading = "Provider")]
    authorize_url: String,

    /// The URL for token credentials (access token URL)
    #[arg(long, value_name = "URL", env = "OAUTH1_TOKEN_URL", help_heading = "Provider")]
    token_url: String,

    /// A further parameter of the authorization page, such as perms=read [repeatable]
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Provider")]
    pub(crate) authorize_parameter: Vec<(String, String)>,

    /// Use GET for the two requests, where POST is not allowed
    #[arg(long, help_heading = "Provider")]
    get: bool,

    /// Accept a provider that knows OAuth Core 1.0 only
    #[arg(long, help_heading = "Provider")]
    accept_oauth_1_0: bool,

    /// Let the URLs be http on another machine
    #[arg(long, help_heading = "Provider")]
    allow_http: bool,

    /// The consumer key (client identifier, API key)
    #[arg(long, value_name = "KEY", env = "OAUTH1_CONSUMER_KEY", help_heading = "Credentials")]
    consumer_key: String,

    /// Its secret; better in the environment, where other users of the machine do not see it
    #[arg(
        long,
        value_name = "SECRET",
        env = "OAUTH1_CONSUMER_SECRET",
        hide_env_values = true,
        help_heading = "Credentials"
    )]
    consumer_secret: Option<String>,

    #[command(flatten)]
    method: MethodOptions,

    /// The realm of the Authorization header
    #[arg(long, help_heading = "Signature")]
    realm: Option<String>,

    /// The user carries a PIN over by hand, and no browser comes back
    #[arg(long, help_heading = "Callback")]
    pub(crate) oob: bool,

    /// The port on this machine that the browser comes back to; any that is free by default
    #[arg(long, value_name = "PORT", default_value_t = 0, conflicts_with = "oob", help_heading = "Callback")]
    pub(crate) callback_port: u16,

    /// A URL to GET with the token
    #[arg(long, value_name = "URL", help_heading = "Afterwards")]
    pub(crate) call: Option<String>,

    /// Print the provider's response if it has no credentials: it may repeat secrets
    #[arg(long, help_heading = "Afterwards")]
    pub(crate) show_response: bool,

    /// Print the token secret too, to keep it
    #[arg(long, help_heading = "Afterwards")]
    pub(crate) show_secret: bool,
}

impl Options {
    pub(crate) fn provider(&self) -> Endpoints {
        Endpoints::new(&self.temporary_url, &self.authorize_url, &self.token_url)
            .method(if self.get { Method::GET } else { Method::POST })
            .accept_oauth_1_0(self.accept_oauth_1_0)
            .allow_http(self.allow_http)
    }

    /// Returns the signer. An empty secret must be given explicitly: a missing one was most likely forgotten.
    pub(crate) fn signer(&self) -> Result<Signer, Failure> {
        let secret = match &self.consumer_secret {
            Some(secret) => secret.as_str(),
            None if self.method.has_private_key() => "",
            None => {
                return Err("no consumer secret: give --consumer-secret (it may be '') or set \
                            OAUTH1_CONSUMER_SECRET"
                    .into());
            }
        };
        let client = ClientCredentials::new(&self.consumer_key, secret);
        let mut builder = Signer::builder(client).method(self.method.signature_method()?);
        if let Some(realm) = &self.realm {
            builder = builder.realm(realm.as_str());
        }
        Ok(builder.build()?)
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
}
