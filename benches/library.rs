//! Measures the library functions with one delivery: `cargo bench`.

use bytes::Bytes;
use cfwh::auth::Effort;
use cfwh::auth::hub_signature::HEADER;
use cfwh::auth::hub_signature::explain::explain;
use cfwh::auth::secret::Secret;
use cfwh::generator::Generator;
use cfwh::models::request::{Headers, Request};
use cfwh::output::escape;
use cfwh::profiles::{Profile, cloud, find_event, published};
use cfwh::store::capture_format;
use cfwh::validation::Validator;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

/// 2026-01-15T09:30:00Z, in milliseconds since the Unix epoch.
const NOW: i64 = 1_768_469_400_000;

fn main() {
    divan::main();
}

fn secret() -> Secret {
    Secret::new(b"s3cret".to_vec()).expect("it is not empty")
}

/// Returns a body of about 600 bytes.
fn body() -> Vec<u8> {
    let mut body = Vec::new();
    Generator::new(1, NOW, &published::PROFILE).write(find_event("page_updated").expect("an event"), &mut body);
    body
}

fn delivery() -> Request {
    let body = body();
    let mut headers = Headers::new();
    headers.append("Host", "127.0.0.1:8080");
    headers.append(HEADER, secret().sign(&body).to_string());
    Request::post("/webhooks/confluence", headers, body)
}

#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let (secret, body) = (secret(), body());
    bencher.counter(BytesCount::of_slice(&body)).bench(|| secret.sign(black_box(&body)));
}

#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let (secret, delivery) = (secret(), delivery());
    bencher.bench(|| secret.verify(black_box(&delivery).headers().iter(), delivery.body()));
}

#[divan::bench(args = [&published::PROFILE, &cloud::PROFILE])]
fn start_a_validator(bencher: Bencher<'_, '_>, profile: &'static Profile) {
    bencher.bench(|| Validator::new(black_box(profile)));
}

#[divan::bench]
fn validate_the_fast_way(bencher: Bencher<'_, '_>) {
    let (validator, delivery) = (Validator::new(&published::PROFILE), delivery());
    bencher.bench(|| validator.validate_fast(black_box(&delivery), None).is_some());
}

#[divan::bench]
fn validate_in_full(bencher: Bencher<'_, '_>) {
    let (validator, delivery) = (Validator::new(&published::PROFILE), delivery());
    bencher.bench(|| validator.validate_thoroughly(black_box(&delivery), None));
}

#[divan::bench]
fn explain_in_vain(bencher: Bencher<'_, '_>) {
    let secret = secret();
    let mut request = Request::post("", Headers::new(), body());
    request.headers_mut().set(HEADER, format!("sha256={}", "0".repeat(64)));
    bencher.bench(|| explain(std::slice::from_ref(&secret), black_box(&request), Effort::Thorough).tried);
}

#[divan::bench(args = [&published::PROFILE, &cloud::PROFILE])]
fn fake(bencher: Bencher<'_, '_>, profile: &'static Profile) {
    let (mut generator, mut body) = (Generator::new(1, NOW, profile), Vec::new());
    bencher.bench_local(|| {
        body.clear();
        generator.write(black_box(find_event("page_updated").expect("an event")), &mut body);
    });
}

#[divan::bench]
fn read_a_capture(bencher: Bencher<'_, '_>) {
    let bytes = Bytes::from(capture_format::message(&delivery()));
    bencher.bench(|| capture_format::parse(black_box(&bytes)));
}

#[divan::bench]
fn escape_a_line(bencher: Bencher<'_, '_>) {
    let text = String::from_utf8(body()).expect("it is text");
    bencher.counter(BytesCount::of_str(&text)).bench(|| escape::line(black_box(&text)));
}
