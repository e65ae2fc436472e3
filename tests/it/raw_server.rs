//! An endpoint on a raw socket, which can respond with any bytes.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Handles request `n` (from 0, over all connections). `false` closes the connection.
pub type Conduct = dyn Fn(usize, &mut TcpStream) -> bool + Send + Sync;

pub struct RawServer {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl RawServer {
    pub fn start(conduct: impl Fn(usize, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            stopped: Arc::default(),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (stopped, connections, requests) =
            (Arc::clone(&server.stopped), Arc::clone(&server.connections), Arc::clone(&server.requests));
        let (conduct, count): (Arc<Conduct>, _) = (Arc::new(conduct), Arc::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                let (requests, conduct, count) = (Arc::clone(&requests), Arc::clone(&conduct), Arc::clone(&count));
                thread::spawn(move || {
                    let mut stream = stream.expect("a connection");
                    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
                    while let Some(request) = read_request(&mut reader) {
                        requests.lock().expect("nobody panicked").push(request);
                        if !conduct(count.fetch_add(1, Ordering::SeqCst), &mut stream) {
                            return;
                        }
                    }
                });
            }
        });
        server
    }

    /// Responds to every request with these bytes, and keeps the connection open.
    pub fn answering(reply: &'static str) -> Self {
        Self::start(move |_, stream| stream.write_all(reply.as_bytes()).is_ok())
    }

    /// Responds to every request with 200, and then sends a second, unexpected response.
    pub fn answering_twice() -> Self {
        Self::start(|_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            thread::sleep(Duration::from_millis(2));
            let _ = stream.write_all(b"HTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n");
            true
        })
    }

    pub fn url(&self) -> String {
        self.url_of("/hook")
    }

    /// Its URL, with this path.
    pub fn url_of(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the received requests, byte for byte.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().expect("nobody panicked").clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

pub fn read_request(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut request).ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8_lossy(&request).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a length"));
    let start = request.len();
    request.resize(start + length, 0);
    reader.read_exact(&mut request[start..]).ok()?;
    Some(request)
}

/// Path and header value of a request, for looking at it.
pub fn header(request: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(request);
    let head = text.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned)
}

pub fn body(request: &[u8]) -> &[u8] {
    let end = request.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    &request[end + 4..]
}
