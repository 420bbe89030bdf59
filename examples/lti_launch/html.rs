//! Writes HTML.

use std::fmt;

/// Text that is escaped for an element, or for an attribute in double quotes.
///
/// Users and teachers have typed these names, roles and titles. The signature tells which platform sends
/// them, but not that they are harmless.
pub(crate) struct Escaped<'t>(pub(crate) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => fmt::Write::write_char(f, other),
        })
    }
}

/// Returns a whole page. `body` is HTML.
pub(crate) fn page(title: &str, body: &str) -> String {
    let title = Escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n{body}</html>\n"
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use oauth1_signer::percent_encode;

    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        let text = Escaped("<script>alert('1' + \"2\")</script> & caf\u{e9}").to_string();
        assert_eq!(text, "&lt;script&gt;alert(&#39;1&#39; + &quot;2&quot;)&lt;/script&gt; &amp; caf\u{e9}");
    }

    /// Returns the form that a browser posts for the hidden fields of a page.
    pub(crate) fn form_of(page: &str, action: &str) -> String {
        assert!(page.contains(&format!("<form method=\"post\" action=\"{action}\"")), "{page}");
        let fields = page.split("<input type=\"hidden\" name=\"").skip(1).map(|field| {
            let (name, rest) = field.split_once("\" value=\"").expect("a value");
            let (value, _) = rest.split_once('"').expect("its end");
            let unescaped = [name, value].map(|text| {
                let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
                percent_encode(&text.replace("&#39;", "'").replace("&amp;", "&")).to_string()
            });
            unescaped.join("=")
        });
        fields.collect::<Vec<_>>().join("&")
    }
}
