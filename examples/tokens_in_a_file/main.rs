//! Saves an access token with its secret in a file that only its owner can read, and loads it again.
//!
//! ```sh
//! OAUTH1_TOKEN=… OAUTH1_TOKEN_SECRET=… cargo run --features serde --example tokens_in_a_file -- save token.json
//! cargo run --features serde --example tokens_in_a_file -- load token.json
//! ```

use std::env;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write};
use std::path::Path;

use oauth1_signer::{TokenCredentials, WithSecret};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [verb, file] if verb == "save" => {
            let token = TokenCredentials::new(env::var("OAUTH1_TOKEN")?, env::var("OAUTH1_TOKEN_SECRET")?);
            save(Path::new(file), &token)
        }
        [verb, file] if verb == "load" => {
            // Debug of credentials does not show the secret.
            println!("{:?}", load(Path::new(file))?);
            Ok(())
        }
        _ => Err("usage: tokens_in_a_file save|load FILE".into()),
    }
}

/// Saves the token. `WithSecret` is needed to write a secret: credentials implement only `Deserialize`.
fn save(file: &Path, token: &TokenCredentials) -> Result<(), Box<dyn Error>> {
    // The new file replaces the old one at once, so that a crash leaves no half-written file.
    let new = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut writer = options.open(&new)?;
    writer.write_all(&serde_json::to_vec(&WithSecret(token))?)?;
    writer.sync_all()?;
    Ok(std::fs::rename(new, file)?)
}

fn load(file: &Path) -> Result<TokenCredentials, Box<dyn Error>> {
    Ok(serde_json::from_reader(BufReader::new(File::open(file)?))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_loaded_and_readable_by_its_owner_only() -> Result<(), Box<dyn Error>> {
        let file = env::temp_dir().join(format!("tokens_in_a_file-{}.json", std::process::id()));
        for secret in ["first", "second"] {
            save(&file, &TokenCredentials::new("token", secret))?;
            let loaded = load(&file)?;
            assert_eq!((loaded.token(), loaded.expose_secret()), ("token", secret));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(std::fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
            }
        }
        Ok(std::fs::remove_file(file)?)
    }
}
