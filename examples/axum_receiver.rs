//! A receiver on axum. Run `cargo run --example axum_receiver`, then in another terminal
//! `cfwh probe http://127.0.0.1:3000/ --secret s3cret`. The argument is the port; the default is 3000.
use std::io::Write;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE};
use axum::{Router, body::Bytes, routing::post};
use cfwh::models::request::{Request, is_json};
use cfwh::{auth::secret::Secret, profiles::cloud, validation::Validator};

/// The maximum size of a body, in bytes. Larger bodies get 413 Content Too Large.
const LARGEST_BODY: usize = 4 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tools = Arc::new((Secret::new("s3cret")?, Validator::new(&cloud::PROFILE)));
    // axum responds to other methods with 405 Method Not Allowed.
    let router =
        Router::new().fallback_service(post(receive).layer(DefaultBodyLimit::max(LARGEST_BODY)).with_state(tools));
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    writeln!(std::io::stdout(), "http://{}/", listener.local_addr()?)?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn receive(
    State(tools): State<Arc<(Secret, Validator)>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<String, (StatusCode, String)> {
    let (secret, validator) = &*tools;
    // Verify the raw bytes first. Nothing must read the body before that.
    secret.check(&headers, &body).map_err(|rejection| (StatusCode::UNAUTHORIZED, format!("{rejection}\n")))?;
    if !headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(is_json) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the Content-Type must be application/json\n".into()));
    }
    // Accept a verified delivery even if it has findings.
    let report = validator.validate(&Request::post(uri.to_string(), (&headers).into(), body), None);
    Ok(format!("{} findings\n", report.findings.len()))
}
