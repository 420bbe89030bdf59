//! The request: the view that is signed, and the parts that are sent.

use std::path::PathBuf;

use oauth1_signer::{RequestRef, Signed, percent_encode, request::RequestError};

use crate::Failure;
use crate::command_line::read;
use crate::options::{Options, Placement};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    /// The headers, except those of the body.
    pub(crate) headers: Vec<String>,
    pub(crate) body: Option<Body>,
}

/// A body as it is sent, byte by byte.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: Option<String>,
    /// The file that it was read from, if it can be sent from there.
    pub(crate) file: Option<PathBuf>,
}

impl Request {
    pub(crate) fn new(options: &Options) -> Result<Self, Failure> {
        let body = Body::new(options)?;
        match (options.placement, &body) {
            (Placement::Form, Some(body)) if !body.is_form() => {
                Err(format!("only a form can take the parameters: set --content-type {FORM}").into())
            }
            (Placement::Query | Placement::Form, _) if options.realm.is_some() => {
                Err("the realm has its place in the header only: leave out --realm or --placement".into())
            }
            _ => Ok(Self {
                method: options.http_method.clone(),
                url: options.url.clone(),
                headers: Vec::new(),
                body,
            }),
        }
    }

    /// Returns the library's view of the request. The body is given as bytes, so a form is signed as it is
    /// sent.
    pub(crate) fn view(&self) -> Result<RequestRef<'_>, RequestError> {
        let mut view = RequestRef::new(&self.method, &self.url)?;
        if let Some(body) = &self.body {
            view = view.body(&body.bytes);
            if let Some(content_type) = &body.content_type {
                view = view.content_type(content_type);
            }
        }
        Ok(view)
    }

    /// Puts the protocol parameters into the form body (RFC 5849 §3.5.2), and returns that body.
    pub(crate) fn append_to_form(&mut self, signed: &Signed<'_>) -> Result<String, Failure> {
        let body = self.body.get_or_insert_with(|| Body::form(&[]));
        let form = String::from_utf8(signed.append_to_form(&body.bytes));
        let form = form.map_err(|_| "the form is not UTF-8, so it cannot be printed: percent-encode it")?;
        body.bytes = form.clone().into_bytes();
        body.file = None;
        Ok(form)
    }
}

impl Body {
    fn new(options: &Options) -> Result<Option<Self>, Failure> {
        let bytes = match (&options.data, &options.data_file) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(file)) => read(file)?,
            (None, None) if !options.form.is_empty() => return Ok(Some(Self::form(&options.form))),
            (None, None) if options.content_type.is_some() => {
                return Err("a --content-type without a body: give --data or --data-file".into());
            }
            // The protocol parameters will be the only ones in the form.
            (None, None) => return Ok((options.placement == Placement::Form).then(|| Self::form(&[]))),
        };
        Ok(Some(Self { bytes, content_type: options.content_type.clone(), file: options.data_file.clone() }))
    }

    /// Encodes a form. Any encoding works, if the same one is signed and sent.
    fn form(pairs: &[(String, String)]) -> Self {
        let encode =
            |(name, value): &(String, String)| format!("{}={}", percent_encode(name), percent_encode(value));
        let text = pairs.iter().map(encode).collect::<Vec<_>>().join("&");
        Self { bytes: text.into_bytes(), content_type: Some(FORM.to_owned()), file: None }
    }

    fn is_form(&self) -> bool {
        let essence = self.content_type.as_deref().and_then(|media_type| media_type.split(';').next());
        essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
    }
}
