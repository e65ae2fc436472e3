//! The server with another handler than `cfwh listen`: a GET, and a body that is streamed.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use bytes::Bytes;
use cfwh::models::request::{Headers, Request};
use cfwh::models::response::Response;
use cfwh::server::{Client, Handler, Refusal, RequestHead, Server, ServerResponse, Stop, StopReason};
use futures_util::stream;
use http::Method;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Serves a page at `/` and server-sent events at `/events`.
struct Page {
    events: Mutex<Option<UnboundedReceiver<Bytes>>>,
    refusals: Mutex<Vec<String>>,
}

impl Handler for Page {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        let is_known = head.method == Method::GET && matches!(head.uri.path(), "/" | "/events");
        if is_known { Ok(()) } else { Err(Response::text(404, "there is no such page")) }
    }

    async fn handle(self: Arc<Self>, request: Request, _: Instant, _: Client) -> ServerResponse {
        let events = self.events.lock().expect("nobody panicked").take().filter(|_| request.target() == "/events");
        let Some(mut events) = events else { return Response::text(200, "a page").into() };
        let headers = [("Content-Type", "text/event-stream")].into_iter().collect::<Headers>();
        let body = Box::pin(stream::poll_fn(move |context| events.poll_recv(context)));
        ServerResponse::Stream { status: 200, headers, body }
    }

    fn report_refusal(&self, refusal: Refusal) {
        let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let status = text(refusal.status.map(|status| status.to_string()));
        let refusal = format!("{} {} {status}", text(refusal.method), text(refusal.target));
        self.refusals.lock().expect("nobody panicked").push(refusal);
    }
}

struct Running {
    address: SocketAddr,
    page: Arc<Page>,
    events: UnboundedSender<Bytes>,
    stop: Stop,
    thread: thread::JoinHandle<StopReason>,
}

fn start() -> Running {
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)), 1024).expect("a free port");
    let (address, stop) = (server.address(), Stop::default());
    let (events, receiver) = unbounded_channel();
    let page = Arc::new(Page { events: Mutex::new(Some(receiver)), refusals: Mutex::default() });
    let thread = thread::spawn({
        let (page, stop) = (Arc::clone(&page), stop.clone());
        move || server.serve(page, &stop, || ()).expect("it serves")
    });
    Running { address, page, events, stop, thread }
}

/// Reads a head, to the empty line.
fn read_head(reader: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).expect("a line") > 0, "the head ends early: {head:?}");
    }
    head.to_lowercase()
}

fn read_line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    line
}

#[test]
fn a_get_with_a_streamed_body_is_sent_piece_by_piece() {
    let server = start();
    let mut stream = TcpStream::connect(server.address).expect("it listens");
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
    let head = read_head(&mut reader);
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    // Each piece arrives before the next one exists.
    for piece in ["data: 1\n\n", "data: 22\n\n"] {
        server.events.send(Bytes::from_static(piece.as_bytes())).expect("it streams");
        assert_eq!(read_line(&mut reader), format!("{:X}\r\n", piece.len()));
        assert_eq!(read_line(&mut reader) + &read_line(&mut reader) + &read_line(&mut reader), format!("{piece}\r\n"));
    }
    // When the stream ends, the connection serves the next request.
    drop(server.events);
    assert_eq!(read_line(&mut reader) + &read_line(&mut reader), "0\r\n\r\n");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
    let head = read_head(&mut reader);
    assert!(head.contains("content-type: text/plain; charset=utf-8") && head.contains("content-length: 7"), "{head}");
    assert_eq!(read_line(&mut reader), "a page\n");
    server.stop.stop();
    assert_eq!(server.thread.join().expect("it ends"), StopReason::Stopped);
}

#[test]
fn the_handler_decides_from_the_head_and_http_is_enforced_before() {
    let server = start();
    for (request, status) in [
        ("GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", "404"),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", "413"),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
    ] {
        let mut stream = TcpStream::connect(server.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let head = read_head(&mut BufReader::new(stream));
        assert_eq!(head.split(' ').nth(1), Some(status), "{request:?}: {head}");
    }
    let refusals = server.page.refusals.lock().expect("nobody panicked").clone();
    assert_eq!(refusals, ["GET /elsewhere 404", "POST / 404", "GET / 413", "GET / 400", "GET / 400"]);
    // A stream without an end does not keep the server alive.
    let mut stream = TcpStream::connect(server.address).expect("it listens");
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
    read_head(&mut BufReader::new(stream.try_clone().expect("a handle")));
    let start = Instant::now();
    server.stop.stop();
    server.thread.join().expect("it ends");
    assert!(start.elapsed().as_millis() < 2000);
}
