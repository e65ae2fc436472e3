//! One connection, from its first request to its last answer: what HTTP itself demands of a request, the body, the answer.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Method, StatusCode, Version};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;

use crate::models::request::{self, Request};

use super::Handler;
use super::connection_limiter::{Phase, Slot};
use super::response::Answer;
use super::stream::GuardedStream;
use crate::client::endpoint::received;

/// For the request line and all header lines together; real deliveries have less than 2 KiB.
const MAX_HEAD: usize = 64 * 1024;
/// How many header lines a request may have; real deliveries have about fifteen.
const MAX_HEADERS: usize = 100;
/// From the end of the head to the end of the body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// Serves one connection to its end.
pub(super) async fn serve_connection(
    stream: std::net::TcpStream,
    connections: Watcher,
    handler: Arc<impl Handler>,
    peer: Arc<Slot>,
    ending: Arc<AtomicBool>,
    max_body: usize,
) {
    let Ok(stream) = TcpStream::from_std(stream) else {
        peer.leave();
        return;
    };
    let ambiguous = Arc::new(AtomicU64::new(u64::MAX));
    let io = GuardedStream::new(stream, Arc::clone(&peer), Arc::clone(&ambiguous), ending);
    let service = service_fn({
        let peer = Arc::clone(&peer);
        let requests = AtomicU64::new(0);
        move |request: hyper::Request<Incoming>| {
            let (handler, peer) = (Arc::clone(&handler), Arc::clone(&peer));
            let ambiguous = requests.fetch_add(1, Ordering::Relaxed) >= ambiguous.load(Ordering::Relaxed);
            async move {
                let answer = answer(request, handler, &peer, ambiguous, max_body).await;
                // What is left to do is the peer's: to read its answer.
                peer.enters(Phase::Waiting, Instant::now());
                Ok::<_, hyper::Error>(answer)
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(io), service);
    let connection = connections.watch(connection);
    tokio::select! {
        // How a connection ends, well or badly, is its peer's affair.
        _ = connection => {}
        () = peer.has_to_go() => {}
    }
    peer.leave();
}

async fn answer(
    request: hyper::Request<Incoming>,
    handler: Arc<impl Handler>,
    peer: &Slot,
    ambiguous: bool,
    max_body: usize,
) -> hyper::Response<Full<Bytes>> {
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    peer.enters(Phase::Reading, arrived);
    let target = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), |target| target.as_str().to_owned());
    let chunked = head.headers.contains_key(TRANSFER_ENCODING);
    let refusal = match refusal(handler.as_ref(), &head, &body, ambiguous, max_body) {
        Some(answer) => answer,
        None => match read(body, peer, max_body).await {
            Ok(body) => {
                peer.enters(Phase::Answering, arrived);
                let answer = handler.receive(Request::new(target, received(&head.headers), body), arrived).await;
                // Behind a chunked body the body_lengths is no longer followed.
                return response(answer, chunked);
            }
            Err(answer) => answer,
        },
    };
    handler.refused(head.method.as_str(), &target, &refusal);
    // Part of the body may be unread, so the next request cannot be found.
    let closes = chunked || head.headers.contains_key(CONTENT_LENGTH);
    response(refusal, closes)
}

/// What HTTP itself has against a request, told from its head.
fn refusal(handler: &impl Handler, head: &Parts, body: &Incoming, ambiguous: bool, max_body: usize) -> Option<Answer> {
    // hyper's limit is for what it holds at once, and lets through nearly twice as much.
    let size: usize = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEAD {
        return Some(Answer::new(431, format!("the headers are larger than {MAX_HEAD} bytes")));
    }
    if ambiguous {
        return Some(Answer::new(400, "Content-Length and Transfer-Encoding contradict each other: send one of them"));
    }
    if head.version == Version::HTTP_11 && head.headers.get_all(HOST).iter().count() != 1 {
        return Some(Answer::new(400, "the Host header must be there once"));
    }
    if head.headers.get_all(TRANSFER_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        return Some(Answer::new(501, "the only Transfer-Encoding that is understood is chunked"));
    }
    if head.headers.get_all(EXPECT).iter().any(|what| !what.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
        return Some(Answer::new(417, "nothing can be expected but 100-continue"));
    }
    if !handler.serves(head.uri.path()) {
        return Some(Answer::new(404, "nothing is received at this path"));
    }
    if head.method != Method::POST {
        let mut answer = Answer::new(405, "webhooks are POSTs");
        answer.headers.append(ALLOW.as_str(), "POST");
        return Some(answer);
    }
    if !head.headers.contains_key(CONTENT_LENGTH) && !head.headers.contains_key(TRANSFER_ENCODING) {
        return Some(Answer::new(411, "the Content-Length is missing"));
    }
    if body.size_hint().lower() > max_body as u64 {
        return Some(too_large(max_body));
    }
    let mut media_types = head.headers.get_all(CONTENT_TYPE).iter().peekable();
    let json = media_types.peek().is_some() && media_types.all(|value| value.to_str().is_ok_and(request::is_json));
    (!json).then(|| Answer::new(415, "the Content-Type must be application/json"))
}

fn too_large(max_body: usize) -> Answer {
    Answer::new(413, format!("the body is larger than {max_body} bytes"))
}

async fn read(body: Incoming, peer: &Slot, max_body: usize) -> Result<Bytes, Answer> {
    let mut collected = pin!(collect(body, peer, max_body));
    // Nearly every body is there with its head, and needs no timer.
    if let Some(read) = collected.as_mut().now_or_never() {
        return read;
    }
    match tokio::time::timeout(BODY_DEADLINE, collected).await {
        Ok(read) => read,
        Err(_) => Err(Answer::new(408, "the body took too long")),
    }
}

async fn collect(mut body: Incoming, peer: &Slot, max_body: usize) -> Result<Bytes, Answer> {
    // Nearly every body comes in one piece and is passed on as it is; pieces are copied together, so that a client
    // that sends byte by byte does not cost a buffer a byte.
    let mut whole: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Answer::new(400, "the body broke off"))?;
        // Trailers belong to the connection.
        let Ok(piece) = frame.into_data() else { continue };
        if whole.as_ref().map_or(0, BytesMut::len) + piece.len() > max_body {
            return Err(too_large(max_body));
        }
        if whole.is_none() && body.is_end_stream() {
            return Ok(piece);
        }
        peer.holds(piece.len());
        whole.get_or_insert_default().extend_from_slice(&piece);
    }
    Ok(whole.map(BytesMut::freeze).unwrap_or_default())
}

fn response(answer: Answer, closes: bool) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::new(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if answer.is_sentence {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    for (name, value) in answer.headers.iter() {
        // What cannot be a header was none when an endpoint sent it.
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
            response.headers_mut().append(name, value);
        }
    }
    if closes {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
