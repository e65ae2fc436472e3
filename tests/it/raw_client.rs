//! HTTP by hand, for what no well-behaved client sends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use cfwh::auth::secret::Secret;

/// The secret that these tests share with the receiver.
pub const SECRET: &str = "s3cret";
/// A body with no mistake except missing members.
pub const BODY: &str = r#"{"event":"page_created","page":{"id":"1","title":"Plan"}}"#;

/// Host and port of a URL.
pub fn address(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().expect("a host")
}

/// A connection to where a URL points.
pub fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(address(url)).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream
}

/// A signed delivery to `target` with these further header lines.
pub fn request(target: &str, lines: &str, body: &str) -> Vec<u8> {
    let signature = Secret::new(SECRET).expect("a secret").sign(body.as_bytes());
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         X-Hub-Signature: {signature}\r\n{lines}\r\n{body}"
    )
    .into_bytes()
}

/// A response as it was received.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Reads the next response on a connection; `None` when the connection ends without one.
pub fn read_response(stream: &mut TcpStream) -> Option<Response> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head in text");
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response { status, head, body: String::new() };
    let length = response.header("Content-Length").map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    response.body = String::from_utf8(body).expect("a body in text");
    Some(response)
}

/// Sends bytes on a new connection. The receiver may close it early.
pub fn exchange(url: &str, bytes: &[u8]) -> Option<Response> {
    let mut stream = connect(url);
    let _ = stream.write_all(bytes);
    read_response(&mut stream)
}

/// Sends a good delivery and says how it was answered.
pub fn good(url: &str) -> u16 {
    exchange(url, &request("/webhooks/confluence", "", BODY)).expect("an answer").status
}
