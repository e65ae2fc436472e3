//! A Hurl file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter, text_headers};

pub(super) static EXPORTER: Exporter = Exporter::new("hurl", write);

fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let mut entry = format!("{} {}\n", request.method().as_str(), escape(url.as_str()));
    for (name, value) in text_headers("Hurl", request)? {
        entry.extend([&escape(name), ": ", &escape(value), "\n"]);
    }
    entry.extend(["base64,", &STANDARD.encode(request.body()), ";\n"]);
    entry.push_str("HTTP *\n[Asserts]\nstatus >= 200\nstatus < 300\n\n");
    Ok(entry.into_bytes())
}

/// Escapes characters that Hurl interprets as comments, escapes or templates.
fn escape(text: &str) -> String {
    let escape = |letter| match letter {
        '\\' | '#' => format!("\\{letter}"),
        '{' | '}' => format!("\\u{{{:x}}}", u32::from(letter)),
        letter => letter.to_string(),
    };
    text.chars().map(escape).collect()
}
