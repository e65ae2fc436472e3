//! Receives a response within limits of time and size, because an endpoint may hang or send without end.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::Version;
use http::response::Parts;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use hyper::ext::ReasonPhrase;
use tokio::time::timeout;

use crate::models::response::{Response, StatusLine};

use super::error::SendError;
use super::outgoing::title_case;

/// A received response.
pub(super) struct ReceivedResponse {
    pub(super) head: Parts,
    pub(super) body: Bytes,
    pub(super) end: BodyEnd,
}

/// How the receiving of a body ended.
pub(super) enum BodyEnd {
    Complete,
    /// The body is larger than the limit.
    TooLarge,
    Broken(SendError),
}

/// Receives a response and at most `max_body` bytes of its body, all within `limit`.
pub(super) async fn receive<B>(
    response: impl Future<Output = Result<http::Response<B>, SendError>>,
    limit: Duration,
    max_body: usize,
) -> Result<ReceivedResponse, SendError>
where
    B: Body<Data = Bytes, Error: Error + 'static> + Unpin,
{
    let start = Instant::now();
    let (head, body) = timeout(limit, response).await.map_err(|_| SendError::Timeout(limit))??.into_parts();
    let late = |_| SendError::BodyTimeout { status: head.status.as_u16(), timeout: limit };
    let read = read_body(body, max_body);
    let (body, end) = timeout(limit.saturating_sub(start.elapsed()), read).await.map_err(late)?;
    Ok(ReceivedResponse { head, body, end })
}

/// Collects pieces of a body into one buffer, because an endpoint may send byte by byte.
async fn read_body<B>(mut body: B, limit: usize) -> (Bytes, BodyEnd)
where
    B: Body<Data = Bytes, Error: Error + 'static> + Unpin,
{
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let piece = match frame.map(Frame::into_data) {
            Ok(Ok(piece)) => piece,
            // Trailers belong to the connection.
            Ok(Err(_)) => continue,
            Err(error) => {
                return (whole.freeze(), BodyEnd::Broken(SendError::from_network(&error, SendError::Other)));
            }
        };
        let room = limit - whole.len();
        whole.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            return (whole.freeze(), BodyEnd::TooLarge);
        }
    }
    (whole.freeze(), BodyEnd::Complete)
}

/// Returns a response even if its body is cut off, because its status was received. Header names are written in title case,
/// as most servers do, because hyper does not report their original case.
impl From<ReceivedResponse> for Response {
    fn from(ReceivedResponse { head, body, end }: ReceivedResponse) -> Self {
        let reason = head.extensions.get::<ReasonPhrase>();
        let reason = reason.map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
        let is_usual = head.version == Version::HTTP_11 && reason.is_none();
        let status_line = (!is_usual).then(|| Box::new(StatusLine { version: head.version, reason }));
        let fields = head.headers.iter().map(|(name, value)| (title_case(name.as_str()), value));
        Self {
            status_line,
            is_truncated: !matches!(end, BodyEnd::Complete),
            ..Self::new(head.status.as_u16(), fields.collect(), body)
        }
    }
}
