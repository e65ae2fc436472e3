//! Writes header names in their original case. hyper writes all names in one case. HTTP ignores the case, but a forwarder
//! should not change more than it must.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::HeaderMap;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::models::request::Request;

/// A stream that replaces the first head that hyper writes. The two differ only in the case of letters.
pub(super) struct OriginalCase<S> {
    stream: S,
    /// The rest of the head.
    head: Vec<u8>,
}

/// Returns the head of a request with these `outgoing` fields, in the case of `request` where it has the same fields.
pub(super) fn head(target: &str, outgoing: &HeaderMap, request: &Request) -> Vec<u8> {
    let mut head = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    for name in outgoing.keys() {
        let name = name.as_str();
        let mut originals = request.headers().iter().map(|(other, _)| other).filter(|o| o.eq_ignore_ascii_case(name));
        for value in outgoing.get_all(name) {
            let name = originals.next().map_or_else(|| super::outgoing::title_case(name), str::to_owned);
            head.extend([name.as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    head.extend(b"\r\n");
    head
}

impl<S> OriginalCase<S> {
    pub(super) const fn new(stream: S, head: Vec<u8>) -> Self {
        Self { stream, head }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for OriginalCase<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let length = this.head.len().min(bytes.len());
        if length == 0 || !this.head[..length].eq_ignore_ascii_case(&bytes[..length]) {
            this.head.clear();
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        }
        let written = Pin::new(&mut this.stream).poll_write(context, &this.head[..length]);
        if let Poll::Ready(Ok(count)) = written {
            this.head.drain(..count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for OriginalCase<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
