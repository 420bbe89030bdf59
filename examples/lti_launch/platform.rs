//! A demo platform: it signs a form, and lets the browser post it.

use std::error::Error;
use std::fmt::Write;

use axum::extract::State;
use axum::response::Html;
use http::StatusCode;
use oauth1_signer::{ClientCredentials, RequestRef, SignError, Signer};

use crate::html::{Escaped, page};

#[derive(Clone)]
pub(crate) struct Platform {
    signer: Signer,
    launch_url: String,
}

const FIELDS: [(&str, &str); 9] = [
    ("lti_message_type", "basic-lti-launch-request"),
    ("lti_version", "LTI-1p0"),
    ("resource_link_id", "course-7-page-12"),
    ("user_id", "292832126"),
    ("roles", "Learner"),
    ("lis_person_name_full", "Jane <b>Doe</b> & co"),
    ("context_id", "456434513"),
    ("context_title", "Design of Personal Environments"),
    ("launch_presentation_document_target", "window"),
];

impl Platform {
    pub(crate) fn new((key, secret): (&str, &str), launch_url: String) -> Result<Self, Box<dyn Error>> {
        // There is no token: the user is among the fields. The callback has no meaning here, but LTI requires
        // it.
        let signer = Signer::builder(ClientCredentials::new(key, secret)).callback("about:blank").build()?;
        Ok(Self { signer, launch_url })
    }

    /// Returns all fields of a launch, with the protocol parameters (RFC 5849, section 3.5.2).
    fn signed(&self) -> Result<Vec<(String, String)>, SignError> {
        let launch = RequestRef::new("POST", self.launch_url.as_str())?.form(&FIELDS);
        let mut fields = FIELDS.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        fields.extend(self.signer.sign(launch)?.parameters());
        Ok(fields)
    }

    /// Returns a page whose form the browser posts by itself, or, without scripts, when the user clicks a
    /// button.
    fn form(&self, fields: &[(String, String)]) -> Html<String> {
        let mut form = format!("<form method=\"post\" action=\"{}\">\n", Escaped(&self.launch_url));
        for (name, value) in fields {
            let (name, value) = (Escaped(name), Escaped(value));
            // Writing to a string cannot fail.
            let _ = writeln!(form, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
        form += "<button>Launch</button>\n</form>\n<script>document.forms[0].submit()</script>\n";
        Html(page("Launching the tool", &form))
    }
}

pub(crate) async fn launch(State(platform): State<Platform>) -> Result<Html<String>, StatusCode> {
    let fields = platform.signed().map_err(not_signed)?;
    Ok(platform.form(&fields))
}

/// Changes the user after signing. The form goes through the user's browser, so the user could do that.
pub(crate) async fn launch_tampered(State(platform): State<Platform>) -> Result<Html<String>, StatusCode> {
    let mut fields = platform.signed().map_err(not_signed)?;
    for (name, value) in &mut fields {
        if name == "roles" {
            "Instructor".clone_into(value);
        }
    }
    Ok(platform.form(&fields))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` calls it")]
fn not_signed(error: SignError) -> StatusCode {
    eprintln!("not signed: {error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
