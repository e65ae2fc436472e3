//! What a server asks of its caller: which requests it handles, and how it responds to them.

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
    /// Decides from its head whether a request is handled. The body is not read before.
    ///
    /// # Errors
    /// Returns the response to a request that is not handled.
    fn accept(&self, head: &RequestHead) -> Result<(), Response>;

    /// Responds to a request that was read whole. Its head was received at `received_at`. Other requests are
    /// received meanwhile. When the connection ends, the future is dropped where it stands; `client` says so to what goes on
    /// elsewhere. A client that closes only its sending half still gets the response.
    fn handle(
        self: Arc<Self>,
        request: Request,
        received_at: Instant,
        client: Client,
    ) -> impl Future<Output = ServerResponse> + Send;

    /// Completes what is still being handled, because the server stops. It has less than a second.
    fn complete(&self) -> impl Future<Output = ()> + Send {
        ready(())
    }

    /// Reports a request that was refused before it was handled, by [`Handler::accept`] or by the server. It need not be
    /// HTTP.
    fn report_refusal(&self, refusal: Refusal);
}

/// What a handler responds with.
pub enum ServerResponse {
    /// A whole response.
    Full(Response),
    /// A response that does not reach the client as it should, to test clients.
    Broken(Response, WriteFault),
    /// A response with a body that is sent piece by piece, in chunks.
    Stream {
        /// The status, 200 to 599.
        status: u16,
        /// The header fields; those that belong to the connection are added.
        headers: Headers,
        /// The body. Each piece is sent as soon as it is there. A client that reads none of them for ten seconds is
        /// disconnected, and so is one when the server has no room for another connection.
        body: BodyStream,
    },
}

/// How a response fails on its way to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    /// The connection is closed, and nothing of the response is sent.
    Close,
    /// The connection is closed after the head and half of the body.
    Truncate,
    /// The response is sent one byte at a time, with a pause before each.
    Drip,
}

/// The pieces of a body.
pub type BodyStream = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

impl From<Response> for ServerResponse {
    fn from(response: Response) -> Self {
        Self::Full(response)
    }
}
