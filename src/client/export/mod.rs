//! Exports requests for other tools: curl in a shell, editors that run `.http` files, and load engines.
//!
//! Each request has a signature over its own bytes, so a receiver that verifies it detects a tool that changes the body.
//!
//! To add a tool, add one file here and one line in [`ALL`].

mod curl;
mod exporter;
mod http;
mod hurl;
mod k6;
mod vegeta;

pub use exporter::{ExportError, Exporter};
pub use http::MESSAGE;

/// All tools, in the order of the help.
pub static ALL: [&Exporter; 5] = [&curl::EXPORTER, &http::EXPORTER, &vegeta::EXPORTER, &k6::EXPORTER, &hurl::EXPORTER];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::error::SendError;
    use crate::client::url::UrlTemplate;
    use crate::models::request::Request;

    /// The export of a request with one header.
    fn export(exporter: &Exporter, header: (&str, &[u8]), body: &'static [u8]) -> Result<String, ExportError> {
        let url = UrlTemplate::parse("http://127.0.0.1:8080/hook?x=%7By%7D#z").expect("a URL");
        let request = Request::post("", [header].into_iter().collect(), body);
        Ok(String::from_utf8(exporter.request(url.url(), &request)?).expect("it is text"))
    }

    #[test]
    fn a_shell_gets_the_bytes_as_they_are() {
        let script = export(&curl::EXPORTER, ("X-A", b"it's"), b"@it's \\ $x\n").expect("it is written");
        assert!(script.contains("-H 'X-A: it'\\''s' \\\n"), "{script}");
        assert!(script.contains("--data-raw '@it'\\''s \\ $x\n' \\\n"), "{script}");
        let script = export(&curl::EXPORTER, ("X-A", b""), b"\xff\0").expect("it is written");
        assert!(script.starts_with("printf %s '/wA=' | base64 -d |") && script.contains("-H 'X-A;'"), "{script}");
    }

    #[test]
    fn hurl_sees_no_comment_and_no_template() {
        let entry = export(&hurl::EXPORTER, ("X-A", b"a#b\\{{c}}"), b"{}").expect("it is written");
        assert!(entry.contains("\nX-A: a\\#b\\\\\\u{7b}\\u{7b}c\\u{7d}\\u{7d}\n"), "{entry}");
        assert!(entry.contains("\nbase64,e30=;\n"), "{entry}");
    }

    #[test]
    fn a_header_that_a_format_cannot_express_is_an_error() {
        let error = export(&k6::EXPORTER, ("X-A", b"\xff"), b"").expect_err("it is not text");
        assert_eq!(error.to_string(), "k6 cannot send the header `X-A`: its value is not text");
        assert!(matches!(export(&http::EXPORTER, ("X A", b""), b""), Err(ExportError::Send(SendError::Header(_)))));
    }
}
