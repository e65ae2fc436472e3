//! Takes deliveries in over HTTP/1. It decides only what HTTP itself demands; what a delivery is worth, its caller says.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::models::delivery::{self, Delivery, Headers};

/// 1 MiB: well over any delivery seen.
pub const MAX_BODY: usize = 1024 * 1024;
/// For the request line and all header lines together; real deliveries have less than 2 KiB.
const MAX_HEAD: usize = 64 * 1024;
/// How many header lines a request may have; real deliveries have about fifteen.
const MAX_HEADERS: usize = 100;
/// From the end of the last request, or the start of the connection, to the end of the next head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// From the end of the head to the end of the body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// After a failed accept, for want of descriptors mostly, before the next: connections end in the meantime.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// What is in hand when the receiver stops has so long to be answered: it ends within a second.
const GRACE: Duration = Duration::from_millis(800);

/// Takes deliveries in at one address.
#[derive(Debug)]
pub struct Receiver {
    listener: TcpListener,
    address: SocketAddr,
    max_body: usize,
}

/// Why a receiver cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}{}", hint(source))]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The system gives no threads, no timers or no signals.
    #[error("cannot start receiving")]
    Start(#[source] io::Error),
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => " (another program has the port; `--port 0` picks a free one)",
        _ => "",
    }
}

/// What is answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// A sentence for the one who sent it.
    pub text: String,
}

impl Answer {
    /// A status and a sentence.
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

/// What a receiver's caller says to what comes in.
pub trait Reception: Send + Sync + 'static {
    /// Is this a path that deliveries are posted to?
    fn serves(&self, path: &str) -> bool;

    /// A delivery is there, whole, its head since `arrived`. The answer is sent when this returns.
    fn receive(&self, delivery: Delivery, arrived: Instant) -> Answer;

    /// A request was turned away for HTTP's sake, before it was a delivery.
    fn refused(&self, method: &str, target: &str, answer: &Answer);
}

/// Stops a receiver from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Notify>);

impl Stop {
    /// Stops accepting, lets what is in hand be answered, and ends.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Receiver {
    /// Binds an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address is taken, not ours or not allowed.
    pub fn bind(address: SocketAddr, max_body: usize) -> Result<Self, ReceiveError> {
        let error = |source| ReceiveError::Bind { address, source };
        let listener = TcpListener::bind(address).map_err(error)?;
        listener.set_nonblocking(true).map_err(error)?;
        let address = listener.local_addr().map_err(error)?;
        Ok(Self { listener, address, max_body })
    }

    /// Where it listens, with the real port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Receives until `stop`, SIGINT or SIGTERM; then answers what is in hand and ends within a second. `ready` is
    /// called once the signals are caught and requests are taken.
    ///
    /// # Errors
    /// When the system gives no threads, no timers or no signals.
    pub fn serve(self, reception: Arc<impl Reception>, stop: &Stop, ready: impl FnOnce()) -> Result<(), ReceiveError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ReceiveError::Start)?;
        let result = runtime.block_on(self.accept(reception, stop, ready));
        // A connection that outlasts the grace does not hold the process up.
        runtime.shutdown_background();
        result
    }

    async fn accept(
        self,
        reception: Arc<impl Reception>,
        stop: &Stop,
        ready: impl FnOnce(),
    ) -> Result<(), ReceiveError> {
        let listener = tokio::net::TcpListener::from_std(self.listener).map_err(ReceiveError::Start)?;
        let connections = GracefulShutdown::new();
        let mut signal = pin!(interrupt().map_err(ReceiveError::Start)?);
        ready();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => converse(stream, &connections, Arc::clone(&reception), self.max_body),
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
                () = stop.0.notified() => break,
                () = &mut signal => break,
            }
        }
        drop(listener);
        // Too late is as good as done: there is nobody left to tell.
        let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
        Ok(())
    }
}

/// Ends with the first SIGINT or SIGTERM.
#[cfg(unix)]
fn interrupt() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interrupt() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Serves one connection to its end, beside the others.
fn converse(stream: TcpStream, connections: &GracefulShutdown, reception: Arc<impl Reception>, max_body: usize) {
    // Without this an answer may wait 40 ms for the next packet. A socket that refuses is merely slower.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let reception = Arc::clone(&reception);
        async move { Ok::<_, hyper::Error>(answer(request, reception.as_ref(), max_body).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends, well or badly, is its peer's affair.
    tokio::spawn(connections.watch(connection));
}

async fn answer(request: Request<Incoming>, reception: &impl Reception, max_body: usize) -> Response<Full<Bytes>> {
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), ToString::to_string);
    let refusal = match refusal(reception, &head.method, head.uri.path(), &head.headers, &body, max_body) {
        Some(answer) => answer,
        None => match read(body, max_body).await {
            Ok(body) => {
                let answer = reception.receive(Delivery::new(target, headers(&head.headers), body), arrived);
                return response(&answer);
            }
            Err(answer) => answer,
        },
    };
    reception.refused(head.method.as_str(), &target, &refusal);
    response(&refusal)
}

/// What HTTP itself has against a request, told from its head.
fn refusal(
    reception: &impl Reception,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: &Incoming,
    max_body: usize,
) -> Option<Answer> {
    if !reception.serves(path) {
        return Some(Answer::new(404, "nothing is received at this path"));
    }
    if *method != Method::POST {
        return Some(Answer::new(405, "webhooks are POSTs"));
    }
    if !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        return Some(Answer::new(411, "the Content-Length is missing"));
    }
    if body.size_hint().lower() > max_body as u64 {
        return Some(too_large(max_body));
    }
    let json = headers.get(CONTENT_TYPE).is_some_and(|value| value.to_str().is_ok_and(delivery::is_json));
    (!json).then(|| Answer::new(415, "the Content-Type must be application/json"))
}

fn too_large(max_body: usize) -> Answer {
    Answer::new(413, format!("the body is larger than {max_body} bytes"))
}

async fn read(body: Incoming, max_body: usize) -> Result<Bytes, Answer> {
    let whole = Limited::new(body, max_body).collect();
    match tokio::time::timeout(BODY_DEADLINE, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(max_body)),
        Ok(Err(_)) => Err(Answer::new(400, "the body broke off")),
        Err(_) => Err(Answer::new(408, "the body took too long")),
    }
}

fn headers(fields: &HeaderMap) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in fields {
        headers.append(name.as_str(), value.as_bytes());
    }
    headers
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{}\n", answer.text))));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if answer.status == 405 {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}
