//! `cfwh probe` of receivers that verify tokens: the right one passes everything; each flaw fails its own cases, and is named.
//! These receivers check claims themselves, so that they do not share a fault with the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cfwh::auth::connect::qsh::query_string_hash;
use cfwh::auth::forge::{APP_ID, KEY_ID, second_key};
use cfwh::auth::jwt::keys::RsaKey;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Value, json};
use tiny_http::{Method, Request, Response, Server};

use crate::flawed_receiver::{self, Flaw};
use crate::support::{Listener, Sandbox};

const SECRET: &str = "cfwh-test-shared-secret-0123456789abcdef";
const CLIENT_KEY: &str = "client-1";

/// What decides about a delivery: its target, its Authorization and its body.
type Judge = dyn Fn(&str, Option<&str>, &Value) -> bool + Send + Sync;

/// A receiver that is right in everything but what its judge decides.
struct TokenReceiver {
    server: Arc<Server>,
}

impl TokenReceiver {
    fn start(judge: impl Fn(&str, Option<&str>, &Value) -> bool + Send + Sync + 'static) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let judge: Arc<Judge> = Arc::new(judge);
        thread::spawn({
            let server = Arc::clone(&server);
            move || {
                for request in server.incoming_requests() {
                    let judge = Arc::clone(&judge);
                    thread::spawn(move || respond(request, judge.as_ref()));
                }
            }
        });
        Self { server }
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.server.server_addr())
    }
}

impl Drop for TokenReceiver {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

fn respond(mut request: Request, judge: &Judge) {
    let mut body = Vec::new();
    let is_whole = request.as_reader().read_to_end(&mut body).is_ok();
    let header = |name: &'static str| {
        request.headers().iter().find(|header| header.field.equiv(name)).map(|header| header.value.to_string())
    };
    let is_json = header("Content-Type").is_some_and(|value| value.starts_with("application/json"));
    let status = match serde_json::from_slice(&body) {
        _ if *request.method() != Method::Post => 405,
        _ if !is_json => 415,
        Ok(body) if is_whole => {
            if judge(request.url(), header("Authorization").as_deref(), &body) {
                200
            } else {
                401
            }
        }
        _ => 400,
    };
    let _ = request.respond(Response::from_string("").with_status_code(status));
}

/// One thing that a verifier of tokens does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenFlaw {
    None,
    DoesNotVerify,
    OnlyDecodes,
    TakesMissing,
    AlgorithmOfToken,
    TakesNone,
    Hs256WithPublicKey,
    FirstKey,
    AnyKey,
    OneKey,
    NoAudience,
    NoIssuer,
    NoExpiry,
    NoBeginning,
    OtherApp,
    RefusesRetries,
    EmptyKey,
    NoHash,
    HashWithoutMethod,
    HashWithoutQuery,
    PageTokens,
}

use TokenFlaw::{
    AlgorithmOfToken, AnyKey, DoesNotVerify, EmptyKey, FirstKey, HashWithoutMethod, HashWithoutQuery,
    Hs256WithPublicKey, NoAudience, NoBeginning, NoExpiry, NoHash, NoIssuer, OneKey, OnlyDecodes, OtherApp, PageTokens,
    RefusesRetries, TakesMissing, TakesNone,
};

/// The parts of a token. One without a signature has two.
struct Parts<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: &'a str,
    is_whole: bool,
}

fn parts(token: &str) -> Option<Parts<'_>> {
    let json = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let ends: Vec<usize> = token.match_indices('.').map(|(at, _)| at).collect();
    let end = ends.get(1).copied().unwrap_or(token.len());
    Some(Parts {
        header: json(&token[..*ends.first()?])?,
        claims: json(&token[ends[0] + 1..end])?,
        signed: &token[..end],
        signature: token.get(end + 1..).unwrap_or_default(),
        is_whole: ends.len() == 2,
    })
}

fn is_signed(parts: &Parts<'_>, key: &DecodingKey, algorithm: Algorithm) -> bool {
    parts.is_whole && crypto::verify(parts.signature, parts.signed.as_bytes(), key, algorithm).unwrap_or(false)
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs_f64()
}

fn verifying(key: &RsaKey) -> DecodingKey {
    let key = serde_json::to_value(key.json_web_key()).expect("JSON");
    let decode = |member: &str| URL_SAFE_NO_PAD.decode(key[member].as_str().expect("text")).expect("base64url");
    DecodingKey::from_rsa_raw_components(&decode("n"), &decode("e"))
}

fn is_right_for_forge(flaw: TokenFlaw, keys: &[RsaKey], authorization: Option<&str>, body: &Value) -> bool {
    let Some(token) = authorization.and_then(|value| value.strip_prefix("Bearer ")) else {
        return flaw == DoesNotVerify || (flaw == TakesMissing && authorization.is_none());
    };
    let Some(parts) = parts(token).filter(|_| flaw != DoesNotVerify) else { return flaw == DoesNotVerify };
    let kid = parts.header["kid"].as_str();
    let candidates: Vec<&RsaKey> = match flaw {
        FirstKey => keys.iter().take(1).collect(),
        AnyKey => keys.iter().collect(),
        OneKey => keys.iter().take(1).filter(|key| key.id() == kid).collect(),
        _ => keys.iter().filter(|key| key.id() == kid).collect(),
    };
    let is_verified = match (parts.header["alg"].as_str(), flaw) {
        (_, OnlyDecodes) | (Some("none"), AlgorithmOfToken | TakesNone) => true,
        (Some("HS256"), AlgorithmOfToken | Hs256WithPublicKey) => candidates
            .iter()
            .any(|key| is_signed(&parts, &DecodingKey::from_secret(key.public_pem().as_bytes()), Algorithm::HS256)),
        (Some("RS256"), _) => candidates.iter().any(|key| is_signed(&parts, &verifying(key), Algorithm::RS256)),
        _ => false,
    };
    let app = if flaw == OtherApp { "ari:cloud:ecosystem::app/another" } else { APP_ID };
    let claims = &parts.claims;
    is_verified
        && (flaw == NoAudience || claims["aud"] == app)
        && (flaw == NoIssuer || claims["iss"] == "forge/invocation-token")
        && (flaw == NoExpiry || claims["exp"].as_f64().is_some_and(|time| now() < time))
        && (flaw == NoBeginning || claims["nbf"].as_f64().is_some_and(|time| now() >= time))
        && (flaw != RefusesRetries || body.get("retryContext").is_none())
}

fn is_right_for_connect(flaw: TokenFlaw, target: &str, authorization: Option<&str>) -> bool {
    let Some(token) = authorization.and_then(|value| value.strip_prefix("JWT ")) else {
        return flaw == DoesNotVerify || (flaw == TakesMissing && authorization.is_none());
    };
    let Some(parts) = parts(token).filter(|_| flaw != DoesNotVerify) else { return flaw == DoesNotVerify };
    let is_signed_with =
        |secret: &str| is_signed(&parts, &DecodingKey::from_secret(secret.as_bytes()), Algorithm::HS256);
    let is_verified = match parts.header["alg"].as_str() {
        _ if flaw == OnlyDecodes => true,
        Some("none") => flaw == TakesNone,
        Some("HS256") => is_signed_with(SECRET) || (flaw == EmptyKey && is_signed_with("")),
        _ => false,
    };
    let claims = &parts.claims;
    let path = target.split('?').next().unwrap_or_default();
    let hashes = [
        query_string_hash("POST", target, ""),
        if flaw == HashWithoutMethod { query_string_hash("GET", target, "") } else { String::new() },
        if flaw == HashWithoutQuery {
            query_string_hash("POST", &format!("{path}?other=query"), "")
        } else {
            String::new()
        },
        if flaw == PageTokens { "context-qsh".to_owned() } else { String::new() },
    ];
    is_verified
        && (flaw == NoIssuer || claims["iss"] == CLIENT_KEY)
        && (flaw == NoExpiry || claims["exp"].as_f64().is_some_and(|time| now() < time))
        && (flaw == NoHash || claims["qsh"].as_str().is_some_and(|qsh| hashes.iter().any(|hash| hash == qsh)))
}

/// The keys of a receiver of Forge.
fn forge_keys() -> Vec<RsaKey> {
    vec![RsaKey::example(KEY_ID), second_key()]
}

fn forge_receiver(flaw: TokenFlaw) -> TokenReceiver {
    let keys = forge_keys();
    TokenReceiver::start(move |_, authorization, body| is_right_for_forge(flaw, &keys, authorization, body))
}

/// The cases that fail, in order of their names, the causes that are named, and the grade.
fn probe(arguments: &[&str]) -> (Vec<String>, Vec<String>, Value) {
    let run = Sandbox::new().run(&[&["probe", "--json", "--skip", "body/slow"], arguments].concat());
    assert!(run.code < 2, "{}", run.stderr);
    let mut lines = run.json();
    let grade = lines.pop().expect("a grade");
    let failed = lines.iter().filter(|line| line["verdict"] == "fail");
    let mut failed: Vec<_> = failed.map(|line| line["case"].as_str().expect("a name").to_owned()).collect();
    failed.sort_unstable();
    let causes = grade["causes"].as_array().expect("a list").iter();
    let causes = causes.map(|cause| cause["cause"].as_str().expect("text").to_owned()).collect();
    (failed, causes, grade)
}

/// The flaw, the cases that fail, the cause that is named.
type Expected = (TokenFlaw, &'static [&'static str], &'static str);

fn expect(mutants: &[Expected], run: impl Fn(TokenFlaw) -> (Vec<String>, Vec<String>, Value) + Sync) {
    let wrong = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for mutants in mutants.chunks(mutants.len().div_ceil(2)) {
            let (wrong, run) = (&wrong, &run);
            scope.spawn(move || {
                for (flaw, cases, cause) in mutants {
                    let (failed, causes, _) = run(*flaw);
                    let mut expected = cases.to_vec();
                    expected.sort_unstable();
                    if failed != expected || causes != [*cause] {
                        let line = format!("{flaw:?}: {failed:?} instead of {expected:?}, {causes:?}");
                        wrong.lock().expect("nobody panicked").push(line);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[rustfmt::skip]
const FORGE: &[Expected] = &[
    (DoesNotVerify, &["fit/missing", "fit/malformed", "fit/bad-signature", "fit/other-key", "fit/unknown-kid", "fit/wrong-kid", "fit/alg-none", "fit/hs256-with-public-key", "fit/other-audience", "fit/other-issuer", "fit/expired", "fit/not-yet-valid"], "does not verify tokens"),
    (OnlyDecodes, &["fit/malformed", "fit/bad-signature", "fit/other-key", "fit/unknown-kid", "fit/wrong-kid", "fit/alg-none", "fit/hs256-with-public-key"], "does not verify the signature of tokens"),
    (TakesMissing, &["fit/missing"], "accepts deliveries without a token"),
    (AlgorithmOfToken, &["fit/alg-none", "fit/hs256-with-public-key"], "trusts `alg` of the token"),
    (TakesNone, &["fit/alg-none"], "accepts tokens without a signature, with `alg` set to `none`"),
    (Hs256WithPublicKey, &["fit/hs256-with-public-key"], "accepts HS256 with the public key as the secret"),
    (FirstKey, &["fit/rotated-key", "fit/wrong-kid"], "always uses the first key of the JWKS"),
    (AnyKey, &["fit/wrong-kid"], "ignores kid"),
    (OneKey, &["fit/rotated-key"], "finds only the first key of the JWKS"),
    (NoAudience, &["fit/other-audience"], "does not check the audience"),
    (NoIssuer, &["fit/other-issuer"], "does not check the issuer"),
    (NoExpiry, &["fit/expired"], "does not check exp"),
    (NoBeginning, &["fit/not-yet-valid"], "does not check nbf"),
    (OtherApp, &["fit/valid", "fit/retry", "fit/rotated-key"], "refuses valid tokens"),
    (RefusesRetries, &["fit/retry"], "refuses retries"),
];

#[test]
fn each_flaw_of_a_verifier_for_forge_fails_its_cases_and_is_named() {
    expect(FORGE, |flaw| {
        let receiver = forge_receiver(flaw);
        probe(&[&receiver.url(), "--profile", "forge", "--jwks-port", "0", "--only", "fit"])
    });
}

#[test]
fn a_correct_receiver_of_forge_passes_every_case() {
    let receiver = forge_receiver(TokenFlaw::None);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["probe", &receiver.url(), "--profile", "forge", "--jwks-port", "0", "--strict", "--json"]);
    let mut lines = run.expect(0).json();
    let grade = lines.pop().expect("a grade");
    assert_eq!((&grade["grade"], &grade["failed"], &grade["causes"]), (&json!("A"), &json!(0), &json!([])));
    assert!(lines.iter().any(|line| line["case"] == "fit/rotated-key"), "{lines:?}");
    // A receiver that accepts tokens for other apps is not secure.
    let receiver = forge_receiver(NoAudience);
    let run = sandbox.run(&["probe", &receiver.url(), "--profile", "forge", "--json"]).expect(1);
    let lines = run.json();
    assert_eq!(lines.last().expect("a grade")["grade"], "F");
    assert!(lines.iter().all(|line| line["case"] != "fit/rotated-key"), "only a served key set has a second key");
}

#[test]
fn listen_passes_the_probe_of_every_sender() {
    let sandbox = Sandbox::new();
    let connect = ["--auth", "connect", "--secret", SECRET, "--client-key", CLIENT_KEY];
    for (profile, auth) in [
        ("forge", &[][..]),
        ("cloud", &connect),
        ("cloud", &["--token", "t=s3cret"]),
        ("datacenter", &["--secret", SECRET]),
    ] {
        let arguments = [&["--profile", profile], auth].concat();
        let listener = Listener::start(&sandbox, &[&arguments[..], &["-q"]].concat());
        let url = if profile == "cloud" { format!("{}/{{event}}", listener.url) } else { listener.url.clone() };
        let run =
            sandbox.run(&[&["probe", &url, "--skip", "body/slow", "--json", "--strict"], &arguments[..]].concat());
        assert_eq!(run.code, 0, "{profile} {auth:?}: {}{}", run.text(), run.stderr);
    }
}

#[rustfmt::skip]
const CONNECT: &[Expected] = &[
    (DoesNotVerify, &["jwt/missing", "jwt/malformed", "jwt/bad-signature", "jwt/other-secret", "jwt/empty-key", "jwt/alg-none", "jwt/expired", "jwt/other-issuer", "jwt/qsh-other-path", "jwt/qsh-other-method", "jwt/qsh-other-query", "jwt/qsh-missing", "jwt/qsh-context"], "does not verify tokens"),
    (OnlyDecodes, &["jwt/malformed", "jwt/bad-signature", "jwt/other-secret", "jwt/empty-key", "jwt/alg-none"], "does not verify the signature of tokens"),
    (TakesMissing, &["jwt/missing"], "accepts deliveries without a token"),
    (TakesNone, &["jwt/alg-none"], "trusts `alg` of the token"),
    (EmptyKey, &["jwt/empty-key"], "accepts tokens signed with an empty secret"),
    (NoExpiry, &["jwt/expired"], "does not check exp"),
    (NoIssuer, &["jwt/other-issuer"], "does not check the issuer"),
    (NoHash, &["jwt/qsh-other-path", "jwt/qsh-other-method", "jwt/qsh-other-query", "jwt/qsh-missing", "jwt/qsh-context"], "does not check qsh"),
    (HashWithoutMethod, &["jwt/qsh-other-method"], "ignores the method when it checks qsh"),
    (HashWithoutQuery, &["jwt/qsh-other-query"], "ignores the query when it checks qsh"),
    (PageTokens, &["jwt/qsh-context"], "accepts context tokens"),
];

#[test]
fn each_flaw_of_a_verifier_for_connect_fails_its_cases_and_is_named() {
    let run = |flaw| {
        // A key that is read makes the cryptography ready.
        drop(forge_keys());
        let receiver =
            TokenReceiver::start(move |target, authorization, _| is_right_for_connect(flaw, target, authorization));
        let url = format!("{}/{{event}}?lic=active", receiver.url());
        let sender = ["--profile", "cloud", "--auth", "connect", "--secret", SECRET, "--client-key", CLIENT_KEY];
        probe(&[&[url.as_str(), "--only", "jwt"], &sender[..]].concat())
    };
    expect(CONNECT, run);
    let (failed, causes, grade) = run(TokenFlaw::None);
    assert!(failed.is_empty() && causes.is_empty() && grade["passed"] == 14, "{failed:?} {grade}");
}

#[test]
fn the_installation_of_a_token_is_tested_only_if_it_is_known() {
    drop(forge_keys());
    let receiver =
        TokenReceiver::start(|target, authorization, _| is_right_for_connect(NoIssuer, target, authorization));
    let sender = ["--profile", "cloud", "--auth", "connect", "--secret", SECRET];
    let (failed, _, grade) = probe(&[&[receiver.url().as_str(), "--only", "jwt"], &sender[..]].concat());
    assert!(failed.is_empty() && grade["passed"] == 13, "{failed:?} {grade}");
}

#[test]
fn each_flaw_of_a_check_of_the_token_in_the_url_fails_its_cases_and_is_named() {
    type Check = fn(Option<&str>, bool) -> bool;
    #[rustfmt::skip]
    let mutants: &[(Check, &[&str], &[&str])] = &[
        (|value, _| value == Some("s3cret"), &[], &[]),
        (|_, _| true, &["token/empty", "token/in-header", "token/missing", "token/wrong"], &["does not check the token"]),
        (|value, _| value.is_some(), &["token/empty", "token/wrong"], &["only checks whether the URL has a token"]),
        (|value, _| value.is_some_and(|value| !value.is_empty()), &["token/wrong"], &["does not compare the token"]),
        (|value, _| value.is_some_and(|value| "s3cret".starts_with(value)), &["token/empty"], &["accepts an empty token"]),
        (|value, in_header| value == Some("s3cret") || in_header, &["token/in-header"], &["accepts the token in a header"]),
        (|value, _| value == Some("another"), &["token/valid"], &["refuses the correct token"]),
    ];
    for (check, cases, causes) in mutants {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let url = format!("http://{}/hook?lic=active", server.server_addr());
        let serving = Arc::clone(&server);
        let check = *check;
        let thread = thread::spawn(move || {
            for request in serving.incoming_requests() {
                let in_header = request.headers().iter().any(|header| header.value.as_str() == "s3cret");
                let target = request.url().to_owned();
                let value = target.split(['?', '&']).find_map(|parameter| parameter.strip_prefix("t="));
                let status = if check(value, in_header) { 200 } else { 401 };
                let _ = request.respond(Response::from_string("").with_status_code(status));
            }
        });
        let only = ["--only", "token/*", "--skip", "token/none"];
        let (failed, named, _) =
            probe(&[&[url.as_str(), "--profile", "cloud", "--token", "t=s3cret"], &only[..]].concat());
        assert_eq!((failed, named), (owned(cases), owned(causes)));
        server.unblock();
        thread.join().expect("it ends");
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_test_of_a_connection_is_sent_by_senders_that_have_one_only() {
    let receiver = flawed_receiver::Receiver::start(Flaw::None);
    let sender = ["--profile", "datacenter", "--secret", flawed_receiver::SECRET];
    let (failed, causes, _) = probe(&[&[receiver.url().as_str(), "--only", "ping"], &sender[..]].concat());
    assert_eq!(
        (failed, causes),
        (vec!["ping/accepted".to_owned()], vec!["refuses the test of the connection".to_owned()])
    );
    let run = Sandbox::new().run(&["probe", &receiver.url(), "--only", "ping"]).expect(2);
    assert!(run.stderr.contains("unknown case `ping`"), "{}", run.stderr);
    let sandbox = Sandbox::new();
    let list = |profile: &str| {
        let lines = sandbox.run(&["probe", "--list", "--profile", profile, "--json"]).expect(0).json();
        lines.iter().any(|line| line["case"] == "ping/accepted")
    };
    assert!(list("datacenter") && !list("spec"));
}

#[test]
fn a_receiver_fetches_the_keys_that_the_probe_serves() {
    let url = Arc::new(OnceLock::<String>::new());
    let keys = Arc::new(OnceLock::<Vec<RsaKey>>::new());
    let (shared, fetched) = (Arc::clone(&url), Arc::clone(&keys));
    let receiver = TokenReceiver::start(move |_, authorization, body| {
        let keys = fetched.get_or_init(|| RsaKey::read(&get(shared.wait())).expect("a key set"));
        is_right_for_forge(TokenFlaw::None, keys, authorization, body)
    });
    let sandbox = Sandbox::new();
    let arguments = ["probe", &receiver.url(), "--profile", "forge", "--jwks-port", "0", "--only", "fit", "--json"];
    let mut command = sandbox.command(&arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("/.well-known/jwks.json") {
        line.clear();
        assert!(stderr.read_line(&mut line).expect("UTF-8") > 0, "it names no URL");
    }
    let start = line.find("http://").expect("a URL");
    let end = line.find(".json").expect("a URL") + ".json".len();
    url.set(line[start..end].to_owned()).expect("once");
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("UTF-8");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}{rest}", String::from_utf8_lossy(&output.stdout));
    let ids: Vec<_> = keys.get().expect("they were fetched").iter().map(|key| key.id().expect("an id")).collect();
    assert_eq!(ids, forge_keys().iter().map(|key| key.id().expect("an id")).collect::<Vec<_>>());
    // The server ends with the probe.
    let address = line[start..end].split('/').nth(2).expect("an address").to_owned();
    assert!(TcpStream::connect(address).is_err());
}

/// The content at a URL.
fn get(url: &str) -> Vec<u8> {
    let (address, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a URL");
    let mut stream = TcpStream::connect(address).expect("a server");
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response");
    response.split_once("\r\n\r\n").expect("a body").1.as_bytes().to_vec()
}

#[test]
fn keys_are_served_to_receivers_of_forge_only() {
    let sandbox = Sandbox::new();
    for (auth, expected) in [
        (&["--secret", "s"][..], "--jwks-port applies only to --auth forge\n  fix: leave it out with --auth hmac"),
        (&["--auth", "none"], "--jwks-port does not apply to --auth none"),
    ] {
        let run = sandbox.run(&[&["probe", "http://127.0.0.1:1/", "--jwks-port", "0"], auth].concat()).expect(2);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let receiver = forge_receiver(TokenFlaw::None);
    let run = sandbox.run(&["probe", &receiver.url(), "--profile", "forge", "--jwks-port", &port]).expect(2);
    assert!(run.stderr.contains("cannot listen on"), "{}", run.stderr);
}
