//! A minimal receiver on hyper: reads the body, verifies its HMAC-SHA256, and responds with 200 or 401. `benches/listen.py` compares
//! `cfwh listen` with it. The secret is `s3cret`, and the first argument is the port.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use sha2::Sha256;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("the first argument is the port")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(check)),
        );
    }
}

async fn check(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let header = request.headers().get("x-hub-signature").cloned();
    let Ok(body) = request.into_body().collect().await.map(http_body_util::Collected::to_bytes) else {
        return Ok(answer(400));
    };
    let digest = header.and_then(|value| hex::decode(value.as_bytes().strip_prefix(b"sha256=")?).ok());
    let mac = Hmac::<Sha256>::new_from_slice(b"s3cret").expect("HMAC takes a key of any length").chain_update(&body);
    Ok(answer(if digest.is_some_and(|digest| mac.verify_slice(&digest).is_ok()) { 200 } else { 401 }))
}

fn answer(status: u16) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"ok\n")));
    *response.status_mut() = status.try_into().unwrap_or_default();
    response
}
