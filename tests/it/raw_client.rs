//! HTTP by hand, for what no well-behaved client sends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use cfwh::auth::secret::Secret;

/// The secret that these tests share with the receiver.
pub const SECRET: &str = "s3cret";
/// A body that nothing is wrong with but what it lacks.
pub const BODY: &str = r#"{"event":"page_created","page":{"id":"1","title":"Plan"}}"#;

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A connection to where a URL points.
pub fn connect(url: &str) -> TcpStream {
    let address = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).expect("a URL");
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream
}

/// A signed delivery to `target` with these further header lines.
pub fn request(target: &str, lines: &str, body: &str) -> Vec<u8> {
    let signature = Secret::new(SECRET).expect("a secret").sign(body.as_bytes());
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         X-Hub-Signature: {signature}\r\n{lines}\r\n{body}"
    )
    .into_bytes()
}

/// The next answer on a connection; `None` when it ends without one.
pub fn answer(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let lower = head.to_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Answer { status, body })
}

/// Sends bytes on a connection of their own; a receiver that refuses them early is no error.
pub fn exchange(url: &str, bytes: &[u8]) -> Option<Answer> {
    let mut stream = connect(url);
    let _ = stream.write_all(bytes);
    answer(&mut stream)
}

/// Sends a good delivery and says how it was answered.
pub fn good(url: &str) -> u16 {
    exchange(url, &request("/webhooks/confluence", "", BODY)).expect("an answer").status
}
