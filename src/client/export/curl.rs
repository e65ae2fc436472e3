//! A shell script with one `curl` for each request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter};

pub(super) static EXPORTER: Exporter = Exporter { head: "#!/bin/sh\n", ..Exporter::new("curl", write) };

/// The longest body that is written as an argument. Linux allows at most 128 KiB per argument.
const MAX_ARGUMENT: usize = 100_000;

#[allow(clippy::unnecessary_wraps, reason = "all exporters have this type")]
fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let body = request.body();
    let is_text = body.len() < MAX_ARGUMENT && !body.contains(&0) && std::str::from_utf8(body).is_ok();
    let mut script = Vec::new();
    if !is_text {
        // Bytes that cannot be in an argument go through a pipe.
        script.extend(format!("printf %s '{}' | base64 -d | \\\n", STANDARD.encode(body)).bytes());
    }
    let options = "-sS -o /dev/null -w '%{http_code}\\n' --globoff --path-as-is";
    script.extend(format!("curl {options} -X {} \\\n", request.method().as_str()).bytes());
    let mut option = |name: &str, value: &[u8]| {
        script.extend([b"  ", name.as_bytes(), b" ", quote(value).as_slice(), b" \\\n"].concat());
    };
    for (name, value) in request.headers().iter() {
        // curl drops a header without a value unless it ends with a semicolon.
        let field =
            if value.is_empty() { [name.as_bytes(), b";"].concat() } else { [name.as_bytes(), b": ", value].concat() };
        option("-H", &field);
    }
    // curl would add a media type if the request has none, and `Expect` before a large body.
    if request.headers().get("Content-Type").is_none() {
        option("-H", b"Content-Type:");
    }
    option("-H", b"Expect:");
    if is_text {
        option("--data-raw", body);
    } else {
        option("--data-binary", b"@-");
    }
    script.extend([b"  ", quote(url.as_str().as_bytes()).as_slice(), b"\n"].concat());
    Ok(script)
}

/// Quotes bytes for a POSIX shell: between single quotes, every byte but the single quote stands for itself.
fn quote(bytes: &[u8]) -> Vec<u8> {
    let parts: Vec<_> = bytes.split(|&byte| byte == b'\'').collect();
    [b"'".as_slice(), &parts.join(br"'\''".as_slice()), b"'"].concat()
}
