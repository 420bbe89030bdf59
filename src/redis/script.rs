//! A Lua script, and the digest by which Redis finds it.

use std::fmt::Write;
use std::sync::LazyLock;

use redis::Cmd;
use sha1::{Digest, Sha1};

/// A script that Redis runs as one step.
pub(crate) struct Script {
    text: &'static str,
    /// The digest by which Redis finds the script after its first run.
    digest: LazyLock<String, fn() -> String>,
}

impl Script {
    /// Creates a script. `digest` is a function that calls [`digest`] with the same text.
    pub(crate) const fn new(text: &'static str, digest: fn() -> String) -> Self {
        Self { text, digest: LazyLock::new(digest) }
    }

    /// Returns a command that runs the script by its digest.
    pub(super) fn loaded(&self) -> Cmd {
        let mut command = Cmd::new();
        command.arg("EVALSHA").arg(&*self.digest);
        command
    }

    /// Returns a command that contains the script in full. Redis then knows it.
    pub(super) fn whole(&self) -> Cmd {
        let mut command = Cmd::new();
        command.arg("EVAL").arg(self.text);
        command
    }

    /// Returns the SHA-1 digest of a script in hexadecimal.
    pub(crate) fn digest(text: &str) -> String {
        Sha1::digest(text).iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
