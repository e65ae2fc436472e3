//! The same requests for the tools that people have already: a shell with curl, editors that run `.http` files, and the
//! load engines that go beyond one machine. Each request carries its own signature over its own bytes, so a tool that
//! changes a body is found out by any receiver that verifies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::models::request::{Headers, Request};

use super::endpoint;
use super::url::Url;

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A shell script, one `curl` a delivery.
    Curl,
    /// The form of editors that run `.http` files; a single delivery is a capture too.
    Http,
    /// Vegeta's targets in JSON, one a line.
    Vegeta,
    /// A k6 script.
    K6,
    /// A Hurl file.
    Hurl,
}

/// Why a delivery cannot be written down for a tool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The tool's form has one field of a name.
    #[error("k6 cannot send the header `{0}` twice")]
    Repeated(String),
    /// The tool's form is text.
    #[error("{tool} cannot send the header `{name}`: its value is not text")]
    NotText {
        /// The tool.
        tool: &'static str,
        /// The header.
        name: String,
    },
}

/// The longest body that stands in the script as text: Linux takes no argument over 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;

const K6_HEAD: &str = "\
// Run it with `k6 run FILE`. More at once: raise `vus`; every delivery again: raise `iterations`.
import http from 'k6/http';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import { check } from 'k6';

const deliveries = [
";

const K6_TAIL: &str = "\
];

export const options = {
  scenarios: { deliveries: { executor: 'shared-iterations', vus: 1, iterations: deliveries.length } },
};

export default function () {
  const delivery = deliveries[exec.scenario.iterationInTest % deliveries.length];
  const reply = http.request('POST', delivery.url, encoding.b64decode(delivery.body), {
    headers: delivery.headers,
    redirects: 0,
  });
  check(reply, { 'the status is 2xx': (reply) => reply.status >= 200 && reply.status < 300 });
}
";

/// What stands before the first delivery.
#[must_use]
pub const fn head(format: Format) -> &'static str {
    match format {
        Format::Curl => "#!/bin/sh\n",
        Format::K6 => K6_HEAD,
        Format::Http | Format::Vegeta | Format::Hurl => "",
    }
}

/// What stands behind the last one.
#[must_use]
pub const fn tail(format: Format) -> &'static str {
    match format {
        Format::K6 => K6_TAIL,
        Format::Curl | Format::Http | Format::Vegeta | Format::Hurl => "",
    }
}

/// One delivery; `first` tells whether none stands before it.
///
/// # Errors
/// When the tool's form cannot hold it.
pub fn delivery(format: Format, url: &Url, delivery: &Request, first: bool) -> Result<Vec<u8>, ExportError> {
    let body = delivery.body();
    let mut headers = endpoint::fields(url, delivery);
    if format != Format::Http {
        // Every tool counts the bytes itself, and takes the host from the URL.
        headers.remove("Content-Length");
        headers.remove("Host");
    }
    match format {
        Format::Curl => Ok(curl(url, &headers, body)),
        Format::Http => Ok(http(url, &headers, body, first)),
        Format::Vegeta => vegeta(url, &headers, body),
        Format::K6 => k6(url, &headers, body),
        Format::Hurl => hurl(url, &headers, body),
    }
}

fn curl(url: &Url, headers: &Headers, body: &[u8]) -> Vec<u8> {
    let text = body.len() < LONGEST_ARGUMENT && !body.contains(&0) && std::str::from_utf8(body).is_ok();
    let mut script = Vec::new();
    if !text {
        // Bytes that no argument can hold go through a pipe.
        script.extend_from_slice(format!("printf %s '{}' | base64 -d | \\\n", STANDARD.encode(body)).as_bytes());
    }
    script.extend_from_slice(b"curl -sS -o /dev/null -w '%{http_code}\\n' --globoff --path-as-is -X POST \\\n");
    for (name, value) in headers.iter() {
        // A header without a value is written with a semicolon, or curl takes it away.
        let field =
            if value.is_empty() { format!("{name};").into_bytes() } else { [name.as_bytes(), b": ", value].concat() };
        argument(&mut script, b"-H", &field);
    }
    // What curl would add of its own: a media type where there is none, and `Expect` before a large body.
    if headers.get("Content-Type").is_none() {
        argument(&mut script, b"-H", b"Content-Type:");
    }
    argument(&mut script, b"-H", b"Expect:");
    if text {
        argument(&mut script, b"--data-raw", body);
    } else {
        argument(&mut script, b"--data-binary", b"@-");
    }
    script.extend_from_slice(b"  ");
    quote(&mut script, url.as_str().as_bytes());
    script.push(b'\n');
    script
}

fn argument(script: &mut Vec<u8>, option: &[u8], value: &[u8]) {
    script.extend_from_slice(b"  ");
    script.extend_from_slice(option);
    script.push(b' ');
    quote(script, value);
    script.extend_from_slice(b" \\\n");
}

/// For a POSIX shell: between single quotes everything stands for itself, except a single quote.
fn quote(script: &mut Vec<u8>, bytes: &[u8]) {
    script.push(b'\'');
    for &byte in bytes {
        match byte {
            b'\'' => script.extend_from_slice(b"'\\''"),
            other => script.push(other),
        }
    }
    script.push(b'\'');
}

/// Request line, header lines, an empty line, the body; `###` between two.
fn http(url: &Url, headers: &Headers, body: &[u8], first: bool) -> Vec<u8> {
    let mut message = if first { Vec::new() } else { b"\r\n###\r\n".to_vec() };
    message.extend_from_slice(format!("POST {url} HTTP/1.1\r\n").as_bytes());
    for (name, value) in headers.iter() {
        message.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(body);
    message
}

fn vegeta(url: &Url, headers: &Headers, body: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut fields: Map<String, Value> = Map::new();
    for (name, value) in headers.iter() {
        let value = Value::from(text("vegeta", name, value)?);
        match fields.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            _ => drop(fields.insert(name.to_owned(), Value::Array(vec![value]))),
        }
    }
    let target = json!({ "method": "POST", "url": url.as_str(), "header": fields, "body": STANDARD.encode(body) });
    Ok(format!("{target}\n").into_bytes())
}

fn k6(url: &Url, headers: &Headers, body: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut fields: Map<String, Value> = Map::new();
    for (name, value) in headers.iter() {
        let value = text("k6", name, value)?.into();
        if fields.insert(name.to_owned(), value).is_some() {
            return Err(ExportError::Repeated(name.to_owned()));
        }
    }
    // JSON is JavaScript.
    let delivery = json!({ "url": url.as_str(), "headers": fields, "body": STANDARD.encode(body) });
    Ok(format!("  {delivery},\n").into_bytes())
}

fn hurl(url: &Url, headers: &Headers, body: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut entry = format!("POST {}\n", hurl_text(url.as_str()));
    for (name, value) in headers.iter() {
        let value = text("Hurl", name, value)?;
        entry.extend([&hurl_text(name), ": ", &hurl_text(value), "\n"]);
    }
    entry.extend(["base64,", &STANDARD.encode(body), ";\n"]);
    entry.push_str("HTTP *\n[Asserts]\nstatus >= 200\nstatus < 300\n\n");
    Ok(entry.into_bytes())
}

/// Without what means something to Hurl: comments, escapes, templates.
fn hurl_text(text: &str) -> String {
    text.chars().fold(String::new(), |mut written, character| {
        match character {
            '\\' | '#' => written.extend(['\\', character]),
            '{' => written.push_str("\\u{7b}"),
            '}' => written.push_str("\\u{7d}"),
            other => written.push(other),
        }
        written
    })
}

fn text<'v>(tool: &'static str, name: &str, value: &'v [u8]) -> Result<&'v str, ExportError> {
    std::str::from_utf8(value).map_err(|_| ExportError::NotText { tool, name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, header: (&str, &[u8]), body: &'static [u8]) -> Result<String, ExportError> {
        let url = crate::client::url::parse_url("http://127.0.0.1:8080/hook?x={y}#z").expect("a URL");
        let mut headers = Headers::new();
        headers.append(header.0, header.1);
        let bytes = super::delivery(format, &url, &Request::new("", headers, body), true)?;
        Ok(String::from_utf8(bytes).expect("it is text"))
    }

    #[test]
    fn a_shell_gets_the_bytes_as_they_are() {
        let script = written(Format::Curl, ("X-A", b"it's"), b"@it's \\ $x\n").expect("it is written");
        assert!(script.contains("-H 'X-A: it'\\''s' \\\n"), "{script}");
        assert!(script.contains("--data-raw '@it'\\''s \\ $x\n' \\\n"), "{script}");
        let script = written(Format::Curl, ("X-A", b""), b"\xff\0").expect("it is written");
        assert!(script.starts_with("printf %s '/wA=' | base64 -d |") && script.contains("-H 'X-A;'"), "{script}");
    }

    #[test]
    fn hurl_sees_no_comment_and_no_template() {
        let entry = written(Format::Hurl, ("X-A", b"a#b\\{{c}}"), b"{}").expect("it is written");
        assert!(entry.contains("\nX-A: a\\#b\\\\\\u{7b}\\u{7b}c\\u{7d}\\u{7d}\n"), "{entry}");
        assert!(entry.contains("\nbase64,e30=;\n"), "{entry}");
    }

    #[test]
    fn what_a_form_cannot_hold_is_said() {
        assert!(matches!(written(Format::K6, ("X-A", b"\xff"), b""), Err(ExportError::NotText { tool: "k6", .. })));
    }
}
