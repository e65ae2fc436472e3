//! The receiver on the front page of the library documentation. Run `cargo run --example receiver`, then in another terminal
//! `cfwh probe http://127.0.0.1:3000/ --secret s3cret`. The argument is the port; the default is 3000.
use cfwh::models::request::Request;
use cfwh::{auth::Verdict, auth::secret::Secret, profiles::cloud, validation::Validator};
use tiny_http::{Method, Response, Server};

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (secret, validator) = (Secret::new("s3cret")?, Validator::new(&cloud::PROFILE));
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:3000".into());
    for mut request in Server::http(address)?.incoming_requests() {
        let headers = request.headers().iter().map(|header| (header.field.as_str().as_str(), header.value.as_bytes()));
        let (headers, mut body) = (headers.collect(), Vec::new());
        request.as_reader().read_to_end(&mut body)?;
        let delivery = Request::post(request.url(), headers, body);
        // First whether it is genuine, over the raw bytes; then what it says. A finding is no reason to refuse it.
        let verdict = secret.verify(delivery.headers().iter(), delivery.body());
        let (status, findings) = match (request.method(), verdict) {
            (Method::Post, Verdict::Valid) => (200, validator.validate(&delivery, None).findings.len()),
            (Method::Post, _) => (401, 0),
            _ => (405, 0),
        };
        request.respond(Response::from_string(format!("{findings} findings\n")).with_status_code(status))?;
    }
    Ok(())
}
