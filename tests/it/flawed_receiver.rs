//! A correct receiver on a different HTTP implementation, and variants with one bug each.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use cfwh::auth::secret::Secret;
use cfwh::auth::{Credentials, faults, hub_signature};
use cfwh::profiles::published;
use serde_json::Value;
use tiny_http::{Header, Method, Request, Response, Server};

pub const SECRET: &str = "s3cret";

/// One thing that a receiver does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    IgnoresSignature,
    OnlyLooksForSignature,
    TakesUnsigned,
    TakesEmptySignature,
    TakesEmptyKey,
    Reserialises,
    SignsIndentedJson,
    ExpectsGitHubsHeader,
    SecretWithLineEnd,
    OtherSecret,
    AnyCase,
    NoPrefix,
    Prefix,
    Sha1,
    Base64,
    AnyOfTwo,
    FailsOnBadSignature,
    AsciiOnly,
    EmptyIsFatal,
    NotJsonIsFatal,
    DepthIsFatal,
    SizeIsFatal,
    NoChunks,
    Impatient,
    UnknownEventIsFatal,
    ClosedFields,
    EventInBodyOnly,
    RefusesDuplicates,
    RefusesLate,
    OneAtATime,
    LosesTheConnection,
    CaseOfHeaders,
    AnyMethod,
    ExactContentType,
    ContentTypeIsFatal,
    RoutesByQuery,
    WrongPath,
    Redirects,
    Hangs,
}

/// The state between requests.
#[derive(Default)]
struct Memory {
    in_hand: AtomicUsize,
    seen: Mutex<HashSet<String>>,
    newest: Mutex<HashMap<String, i64>>,
    refused: Mutex<HashSet<SocketAddr>>,
}

pub struct Receiver {
    server: Arc<Server>,
}

impl Receiver {
    pub fn start(flaw: Flaw) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let memory = Arc::new(Memory::default());
        thread::spawn({
            let server = Arc::clone(&server);
            move || {
                for request in server.incoming_requests() {
                    let memory = Arc::clone(&memory);
                    thread::spawn(move || serve(request, flaw, &memory));
                }
            }
        });
        Self { server }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.server.server_addr())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

fn serve(mut request: Request, flaw: Flaw, memory: &Memory) {
    let start = Instant::now();
    let mut body = Vec::new();
    let whole = request.as_reader().read_to_end(&mut body).is_ok();
    let together = memory.in_hand.fetch_add(1, Ordering::SeqCst) + 1;
    let peer = request.remote_addr().copied();
    let lost = flaw == Flaw::LosesTheConnection
        && peer.is_some_and(|peer| memory.refused.lock().expect("nobody panicked").contains(&peer));
    let status = match flaw {
        _ if !whole || lost => 400,
        Flaw::Hangs => loop {
            thread::park();
        },
        Flaw::OneAtATime => {
            // Long enough that concurrent requests overlap.
            thread::sleep(Duration::from_millis(30));
            if together > 2 { 503 } else { judge(&request, &body, flaw, memory) }
        }
        Flaw::Impatient if start.elapsed() > Duration::from_millis(700) => 408,
        _ => judge(&request, &body, flaw, memory),
    };
    memory.in_hand.fetch_sub(1, Ordering::SeqCst);
    if let Some(peer) = peer.filter(|_| status / 100 == 4) {
        memory.refused.lock().expect("nobody panicked").insert(peer);
    }
    let mut response = Response::from_string("").with_status_code(status);
    if status / 100 == 3 {
        response.add_header(Header::from_bytes("Location", "/elsewhere").expect("a header"));
    }
    let _ = request.respond(response);
}

fn judge(request: &Request, body: &[u8], flaw: Flaw, memory: &Memory) -> u16 {
    let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
    let name_in_path = path.strip_prefix("/hook/");
    if (path != "/hook" && name_in_path.is_none()) || flaw == Flaw::WrongPath {
        return 404;
    }
    match flaw {
        Flaw::Redirects => return 308,
        Flaw::RoutesByQuery if !query.is_empty() => return 404,
        Flaw::AnyMethod if *request.method() != Method::Post => return 200,
        Flaw::NoChunks if header(request, "Content-Length").is_none() => return 411,
        _ if *request.method() != Method::Post => return 405,
        _ => {}
    }
    let media_type = header(request, "Content-Type").unwrap_or_default();
    match flaw {
        Flaw::ExactContentType if media_type != "application/json" => return 415,
        Flaw::ContentTypeIsFatal if !media_type.starts_with("application/json") => return 500,
        _ if !media_type.starts_with("application/json") => return 415,
        _ => {}
    }
    if flaw == Flaw::SizeIsFatal && body.len() > 100_000 {
        return 500;
    }
    if !is_verified(request, body, flaw) {
        return if flaw == Flaw::FailsOnBadSignature { 500 } else { 401 };
    }
    accept(request, body, name_in_path, flaw, memory)
}

fn accept(request: &Request, body: &[u8], name_in_path: Option<&str>, flaw: Flaw, memory: &Memory) -> u16 {
    if flaw == Flaw::AsciiOnly && !body.is_ascii() {
        return 500;
    }
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(_) if flaw == Flaw::NotJsonIsFatal => return 500,
        Err(_) if flaw == Flaw::EmptyIsFatal && body.is_empty() => return 500,
        Err(_) if flaw == Flaw::DepthIsFatal && body.len() > 1000 => return 500,
        Err(_) => return 400,
    };
    let named = if flaw == Flaw::EventInBodyOnly { None } else { name_in_path };
    let Some(event) = value["event"].as_str().or(named) else { return 400 };
    match flaw {
        Flaw::UnknownEventIsFatal if published::PROFILE.events.find(event).is_none() => return 500,
        Flaw::ClosedFields if value.get("accountType").is_some() => return 422,
        _ => {}
    }
    let identifier = header(request, "X-Atlassian-Webhook-Identifier").unwrap_or_default();
    let is_new = memory.seen.lock().expect("nobody panicked").insert(identifier);
    if flaw == Flaw::RefusesDuplicates && !is_new {
        return 409;
    }
    if let (Some(id), Some(timestamp)) = (value["page"]["id"].as_str(), value["timestamp"].as_i64()) {
        let mut newest = memory.newest.lock().expect("nobody panicked");
        let newest = newest.entry(id.to_owned()).or_insert(timestamp);
        if flaw == Flaw::RefusesLate && timestamp < *newest {
            return 409;
        }
        *newest = timestamp;
    }
    200
}

fn header(request: &Request, name: &'static str) -> Option<String> {
    request.headers().iter().find(|header| header.field.equiv(name)).map(|header| header.value.to_string())
}

fn is_verified(request: &Request, body: &[u8], flaw: Flaw) -> bool {
    let name = if flaw == Flaw::ExpectsGitHubsHeader { "X-Hub-Signature-256" } else { "X-Hub-Signature" };
    let is_it = |header: &&Header| match flaw {
        Flaw::CaseOfHeaders => header.field.as_str().as_str() == name,
        _ => header.field.as_str().as_str().eq_ignore_ascii_case(name),
    };
    let values: Vec<String> = request.headers().iter().filter(is_it).map(|header| header.value.to_string()).collect();
    let secret = match flaw {
        Flaw::SecretWithLineEnd => format!("{SECRET}\n"),
        Flaw::OtherSecret => "another".to_owned(),
        _ => SECRET.to_owned(),
    };
    let secret = Secret::new(secret.into_bytes()).expect("a secret");
    let rewritten;
    let signed = match serde_json::from_slice::<Value>(body) {
        Ok(value) if flaw == Flaw::Reserialises => {
            rewritten = value.to_string();
            rewritten.as_bytes()
        }
        Ok(value) if flaw == Flaw::SignsIndentedJson => {
            rewritten = format!("{value:#}");
            rewritten.as_bytes()
        }
        _ => body,
    };
    let right = secret.sign(signed).to_string();
    let digest = &right["sha256=".len()..];
    match (flaw, values.as_slice()) {
        (Flaw::IgnoresSignature, _) | (Flaw::TakesUnsigned, []) => true,
        (Flaw::OnlyLooksForSignature, values) => values.iter().any(|value| !value.is_empty()),
        (Flaw::TakesEmptySignature, [empty]) if empty.is_empty() => true,
        (Flaw::AnyOfTwo, several) => several.contains(&right),
        (Flaw::AnyCase, [value]) => value.eq_ignore_ascii_case(&right),
        (Flaw::NoPrefix, [value]) => *value == right || value == digest,
        (Flaw::Prefix, [value]) => value.len() > "sha256=".len() + 8 && right.starts_with(value.as_str()),
        (Flaw::TakesEmptyKey, [value]) => *value == right || *value == faulty_signature(&secret, signed, "empty-key"),
        (Flaw::Sha1, [value]) => *value == right || *value == faulty_signature(&secret, signed, "sha1"),
        (Flaw::Base64, [value]) => *value == right || *value == faulty_signature(&secret, signed, "base64"),
        (_, [value]) => *value == right,
        _ => false,
    }
}

/// The signature of a body with one of the faults of the scheme.
fn faulty_signature(secret: &Secret, body: &[u8], fault: &str) -> String {
    let scheme = (hub_signature::INFO.with)(Credentials::from_secrets(vec![secret.clone()]));
    let fault = faults::find(scheme.info(), fault).expect("a fault");
    let request = cfwh::models::request::Request::post("", cfwh::models::request::Headers::new(), body.to_vec());
    let request = faults::inject(fault, request, scheme.as_ref());
    request.headers().text(hub_signature::HEADER).expect("a signature").into_owned()
}
