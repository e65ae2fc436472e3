//! The interface of a server: which requests are handled, and how.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::Stream;
pub use http::request::Parts as RequestHead;

use crate::models::request::{Headers, Request};
use crate::models::response::Response;

use super::client::Client;
use super::refusal::Refusal;

/// Responds to the requests of a server.
pub trait Handler: Send + Sync + 'static {
    /// Decides from the head of a request whether it is handled. This is called before the body is read.
    ///
    /// # Errors
    /// Returns the response if the request is not handled.
    fn accept(&self, head: &RequestHead) -> Result<(), Response>;

    /// Responds to a complete request. `received_at` is the time when its head was received. Other requests are handled at the
    /// same time.
    ///
    /// When the connection ends, the future is dropped, and `client` informs other tasks. A client that closes only its
    /// sending half still gets the response.
    fn handle(
        self: Arc<Self>,
        request: Request,
        received_at: Instant,
        client: Client,
    ) -> impl Future<Output = ServerResponse> + Send;

    /// Completes open requests in less than a second, because the server stops.
    fn complete(&self) -> impl Future<Output = ()> + Send {
        ready(())
    }

    /// Reports a request that [`Handler::accept`] or the server refused. It may not be HTTP.
    fn report_refusal(&self, refusal: Refusal);
}

/// The response of a handler.
pub enum ServerResponse {
    /// A whole response.
    Full(Response),
    /// A response that fails on its way to the client, to test clients.
    Broken(Response, WriteFault),
    /// A response with a body that is sent piece by piece, in chunks.
    Stream {
        /// The status, 200 to 599.
        status: u16,
        /// The header fields. The server adds those that belong to the connection.
        headers: Headers,
        /// The body. Each piece is sent as soon as it is available. A client that reads nothing for ten seconds is
        /// disconnected. The server also disconnects such clients to accept other connections.
        body: BodyStream,
    },
}

/// How a response fails on its way to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    /// Closes the connection without sending anything.
    Close,
    /// Closes the connection after the head and half of the body.
    Truncate,
    /// Sends the response one byte at a time, with a pause before each byte.
    Drip,
}

/// The pieces of a body.
pub type BodyStream = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

impl From<Response> for ServerResponse {
    fn from(response: Response) -> Self {
        Self::Full(response)
    }
}
