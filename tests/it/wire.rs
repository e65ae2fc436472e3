//! HTTP without any HTTP library: what went over the wire, byte for byte, and answers that no library would give.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Host and port of a URL.
pub fn address(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().expect("a host")
}

/// What a receiver answered, read without any HTTP library.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// Reads to the end of the connection.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // After the answer a connection may be reset; what came counts.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).expect("an answer in text");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// An endpoint without any HTTP library: it takes one request, keeps its bytes and does with the connection what the
/// test wants.
pub struct RawEndpoint {
    url: String,
    thread: thread::JoinHandle<Vec<u8>>,
}

impl RawEndpoint {
    /// Takes one request whole, then calls `answer` with its connection.
    pub fn start(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let request = read_request(&mut stream);
            answer(&mut stream);
            request
        });
        Self { url, thread }
    }

    /// Its URL, with this path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The request as it came; waits for it.
    pub fn received(self) -> Vec<u8> {
        self.thread.join().expect("a request came")
    }
}

/// Reads to the end that the `Content-Length` states.
fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut buffer = vec![0; 65536];
    loop {
        let count = stream.read(&mut buffer).expect("a request");
        request.extend_from_slice(&buffer[..count]);
        let Some(head) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(count > 0, "the request breaks off");
            continue;
        };
        let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if count == 0 || request.len() >= head + 4 + length {
            return request;
        }
    }
}
