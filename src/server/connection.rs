//! Serves one connection from its first request to its last response: checks what HTTP requires, reads bodies, and converts
//! each [`ServerResponse`] to hyper's type.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::{StatusCode, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::models::request::Request;
use crate::models::response::Response;

use super::body::BodyBuffer;
use super::client::Client;
use super::connection_limiter::{Phase, Slot, lock};
use super::handler::{Handler, RequestHead, ServerResponse};
use super::heads::{Head, HeadScanner};
use super::refusal::Refusal;
use super::stream::{GuardedStream, SharedFault};
use super::write_fault::FaultyWriter;

/// The most bytes of the request line and header lines together. Real deliveries have less than 2 KiB.
const MAX_HEAD: usize = 64 * 1024;
/// The most header lines of a request. Real deliveries have about fifteen.
const MAX_HEADERS: usize = 100;
/// The longest time from the end of the head to the end of the body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

type ServerBody = Either<Full<Bytes>, UnsyncBoxBody<Bytes, Infallible>>;

/// Serves one connection until it ends.
pub(super) async fn serve_connection(
    stream: std::net::TcpStream,
    connections: Watcher,
    handler: Arc<impl Handler>,
    slot: Arc<Slot>,
    is_ending: Arc<AtomicBool>,
    max_body: usize,
) {
    let Ok(stream) = TcpStream::from_std(stream) else { return slot.release() };
    let heads = Arc::new(Mutex::new(HeadScanner::default()));
    let stream = Arc::new(Mutex::new(stream));
    let fault = SharedFault::default();
    let (for_stream, for_heads) = (Arc::clone(&stream), Arc::clone(&heads));
    let io = GuardedStream::new(for_stream, Arc::clone(&slot), for_heads, Arc::clone(&fault), Arc::clone(&is_ending));
    let service = service_fn({
        let (handler, slot, heads) = (Arc::clone(&handler), Arc::clone(&slot), Arc::clone(&heads));
        move |request: hyper::Request<Incoming>| {
            let (handler, slot, stream) = (Arc::clone(&handler), Arc::clone(&slot), Arc::clone(&stream));
            let (received, fault) = (lock(&heads).next_head().unwrap_or_default(), Arc::clone(&fault));
            async move {
                let response = respond(request, received, handler, &stream, &slot, max_body).await;
                // It is set before hyper writes anything of the response.
                *lock(&fault) = match &response {
                    (ServerResponse::Broken(response, fault), _) => {
                        Some(FaultyWriter::new(*fault, response.body.len()))
                    }
                    _ => None,
                };
                Ok::<_, Infallible>(to_hyper(response.0, response.1, &slot))
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        // A client may close its sending half and wait for the response, as `nc -N` does.
        .half_close(true)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(io), service);
    let unhandled = || lock(&heads).unhandled_head();
    let refusal = tokio::select! {
        // After its last request, the client may end the connection in any way.
        ended = connections.watch(connection) => {
            ended.err().and_then(|error| Refusal::from_parse_error(&error, &unhandled()?))
        }
        () = slot.must_close() => {
            let reason = "the head was not complete in time, and the connection was closed".to_owned();
            unhandled().map(|head| Refusal::from_head(&head, None, reason))
        }
    };
    // A head that is cut off because this server stops is not an error of the client.
    if let Some(refusal) = refusal.filter(|_| !is_ending.load(Ordering::Relaxed)) {
        handler.report_refusal(refusal);
    }
    slot.release();
}

/// Returns the response, and whether the connection ends after it.
async fn respond(
    request: hyper::Request<Incoming>,
    received: Head,
    handler: Arc<impl Handler>,
    stream: &Mutex<TcpStream>,
    slot: &Arc<Slot>,
    max_body: usize,
) -> (ServerResponse, bool) {
    let received_at = Instant::now();
    let (head, body) = request.into_parts();
    slot.enter(Phase::Reading, received_at);
    let target = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), |target| target.as_str().to_owned());
    let is_chunked = head.headers.contains_key(TRANSFER_ENCODING);
    let accepted = check_head(&head, received.is_ambiguous)
        .and_then(|()| handler.accept(&head))
        .and_then(|()| if body.size_hint().lower() > max_body as u64 { Err(too_large(max_body)) } else { Ok(()) });
    let body = match accepted {
        // Most bodies are received together with the head. Then no timer is needed.
        Ok(()) => timeout(BODY_DEADLINE, read_body(body, slot, max_body))
            .await
            .unwrap_or_else(|_| Err(Response::text(408, "the body was not complete within ten seconds"))),
        Err(refusal) => Err(refusal),
    };
    match body {
        Ok(body) => {
            slot.enter(Phase::Responding, received_at);
            let request = Request::new(head.method, target, received.headers, body);
            // The lengths of requests after a chunked body are not checked.
            let client = Client::default();
            let response = tokio::select! {
                biased;
                response = handler.handle(request, received_at.into_std(), client.clone()) => response,
                () = client.watch(stream) => {
                    slot.close();
                    Response::text(500, "the client has disconnected").into()
                }
            };
            (response, is_chunked)
        }
        Err(refusal) => {
            handler.report_refusal(Refusal::new(head.method.as_str(), &target, refusal.status, refusal.body_text()));
            // Part of the body may be unread, so the start of the next request is unknown.
            (refusal.into(), is_chunked || head.headers.contains_key(CONTENT_LENGTH))
        }
    }
}

/// Checks what HTTP requires of every request, for all handlers.
fn check_head(head: &RequestHead, is_ambiguous: bool) -> Result<(), Response> {
    let headers = &head.headers;
    // hyper limits its buffer, and accepts heads of nearly twice this size.
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let only = |name, value: &[u8]| headers.get_all(name).iter().all(|v| v.as_bytes().eq_ignore_ascii_case(value));
    let refusal = if size > MAX_HEAD {
        Response::text(431, format!("the headers are larger than {MAX_HEAD} bytes"))
    } else if is_ambiguous {
        Response::text(400, "the request has both Content-Length and Transfer-Encoding: send one of them")
    } else if head.version == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
        Response::text(400, "a request needs exactly one Host header")
    } else if !only(TRANSFER_ENCODING, b"chunked") {
        Response::text(501, "the only supported Transfer-Encoding is chunked")
    } else if !only(EXPECT, b"100-continue") {
        Response::text(417, "the only supported expectation is 100-continue")
    } else {
        return Ok(());
    };
    Err(refusal)
}

fn too_large(max_body: usize) -> Response {
    Response::text(413, format!("the body is larger than {max_body} bytes"))
}

async fn read_body(mut body: Incoming, slot: &Slot, max_body: usize) -> Result<Bytes, Response> {
    // Most bodies are one piece, which is not copied. Several pieces are copied into one buffer, so that a client that
    // sends byte by byte does not use a buffer for each byte.
    let announced = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
    let mut whole = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Response::text(400, "the connection was closed before the body was complete"))?;
        // Trailers belong to the connection.
        let Ok(piece) = frame.into_data() else { continue };
        if whole.as_ref().map_or(0, BodyBuffer::len) + piece.len() > max_body {
            return Err(too_large(max_body));
        }
        if whole.is_none() && body.is_end_stream() {
            return Ok(piece);
        }
        slot.hold(piece.len());
        let no_memory = |_| Response::text(503, "not enough memory for the body");
        let buffer = match &mut whole {
            Some(buffer) => buffer,
            none => none.insert(BodyBuffer::new(announced.unwrap_or_default()).map_err(no_memory)?),
        };
        buffer.append(&piece).map_err(no_memory)?;
    }
    Ok(whole.map(BodyBuffer::freeze).unwrap_or_default())
}

fn to_hyper(response: ServerResponse, closes: bool, slot: &Arc<Slot>) -> hyper::Response<ServerBody> {
    let (status, headers, body) = match response {
        ServerResponse::Full(response) | ServerResponse::Broken(response, _) => {
            // Only the client's reading of the response is left.
            slot.enter(Phase::Waiting, Instant::now());
            (response.status, response.headers, Either::Left(Full::new(response.body)))
        }
        ServerResponse::Stream { status, headers, body } => {
            slot.enter(Phase::Streaming, Instant::now());
            let guard = StreamGuard(Arc::clone(slot));
            let frames = body.map(move |piece| {
                let _ = &guard;
                Ok(Frame::data(piece))
            });
            (status, headers, Either::Right(StreamBody::new(frames).boxed_unsync()))
        }
    };
    let mut response = hyper::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers.iter() {
        // A field that HTTP forbids is left out.
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
            response.headers_mut().append(name, value);
        }
    }
    if closes {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Ends the streaming phase of a connection when its body is dropped.
struct StreamGuard(Arc<Slot>);

impl Drop for StreamGuard {
    fn drop(&mut self) {
        self.0.enter(Phase::Waiting, Instant::now());
    }
}
