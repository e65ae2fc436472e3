//! Why the token of a Connect app is not valid.
//!
//! A cause is reported only if it reproduces the signature or the `qsh` of the token, or if a claim proves it.

use std::borrow::Cow;
use std::time::SystemTime;

use http::Method;

use super::qsh::{canonical_path, canonical_query, hash};
use super::scheme::{Connect, HS256, RS256};
use crate::auth::authorization::{CONNECT, time_causes};
use crate::auth::explanation::{Cause, Explanation};
use crate::auth::hub_signature::keys;
use crate::auth::jwt::token::{UnverifiedToken, exact_seconds};
use crate::auth::url_token::parameters;
use crate::models::request::Request;

/// Explains why the token of a request is not valid.
pub(super) fn explain(scheme: &Connect, request: &Request, at: SystemTime) -> Explanation {
    let mut explanation = Explanation {
        otherwise: "the secret is different, or the token is for a request with some other difference",
        ..Explanation::default()
    };
    let Some(token) = CONNECT.find(request, &mut explanation) else { return explanation };
    let algorithm = if Connect::is_signed_callback(request) { RS256 } else { HS256 };
    explanation.count("the algorithm", 1, &[OTHER_ALGORITHM.id]);
    if token.algorithm() != algorithm {
        let message = format!("`alg` of the token is {:?}, not {algorithm:?}", token.algorithm());
        explanation.causes.push(Cause { message: message.into(), ..OTHER_ALGORITHM });
    } else if algorithm == HS256 {
        secret_causes(scheme, &token, &mut explanation);
    }
    explanation.count("the issuer", 1, &[OTHER_ISSUER.id]);
    if let (Some(issuer), Some(client_key)) = (token.text("iss"), &scheme.client_key)
        && issuer != client_key
    {
        let message = format!("the token is from the installation {issuer:?}, not {client_key:?}");
        explanation.causes.push(Cause { message: message.into(), ..OTHER_ISSUER });
    }
    time_causes(&token, exact_seconds(at), &mut explanation);
    if let Some(received) = token.text("qsh").filter(|received| *received != scheme.hash(request)) {
        hash_causes(scheme, request, received, &mut explanation);
    }
    explanation
}

/// Compares the signature with the signatures of changed secrets.
fn secret_causes(scheme: &Connect, token: &UnverifiedToken, explanation: &mut Explanation) {
    if scheme.secrets.iter().any(|secret| token.is_signed_with_secret(secret.bytes())) {
        return;
    }
    for secret in &scheme.secrets {
        let varied: Vec<_> = keys::varied(secret.bytes()).collect();
        let ids: Vec<_> = varied.iter().map(|(cause, _)| cause.id).collect();
        explanation.count("the secret", varied.len(), &ids);
        let found = varied.into_iter().find(|(_, varied)| token.is_signed_with_secret(varied));
        explanation.causes.extend(found.map(|(cause, _)| cause));
    }
}

/// A part of the canonical request as the sender may have written it, and the cause.
type PartVariant = (Option<Cause>, String);

/// Compares `qsh` with the hashes of requests with a different method, path or query, or several of these.
fn hash_causes(scheme: &Connect, request: &Request, received: &str, explanation: &mut Explanation) {
    explanation.count("the form of `qsh`", 2, &[UPPER_CASE.id, CONTEXT.id]);
    if received == "context-qsh" {
        return explanation.causes.push(CONTEXT);
    }
    let lower = received.to_lowercase();
    let (methods, paths, queries) = (methods(request), paths(scheme, request), queries(request));
    let ids: Vec<_> =
        methods.iter().chain(&paths).chain(&queries).filter_map(|(cause, _)| Some(cause.as_ref()?.id)).collect();
    explanation.count("`qsh`: the method, the path, the query", methods.len() * paths.len() * queries.len(), &ids);
    for (method_cause, method) in &methods {
        for (path_cause, path) in &paths {
            for (query_cause, query) in &queries {
                if hash(&format!("{method}&{path}&{query}")) == lower {
                    explanation.causes.extend([method_cause, path_cause, query_cause].into_iter().flatten().cloned());
                    if lower != received {
                        explanation.causes.push(UPPER_CASE);
                    }
                    return;
                }
            }
        }
    }
}

fn methods(request: &Request) -> Vec<PartVariant> {
    let method = request.method();
    let others = [Method::GET, Method::POST, Method::PUT].into_iter().filter(|other| other != method).map(|other| {
        let message = format!("`qsh` is for {other}, but the request is a {method}");
        (Some(Cause { message: message.into(), ..OTHER_METHOD }), other.to_string())
    });
    let lower = (Some(LOWER_CASE_METHOD), method.as_str().to_lowercase());
    std::iter::once((None, method.to_string())).chain(others).chain([lower]).collect()
}

fn paths(scheme: &Connect, request: &Request) -> Vec<PartVariant> {
    let target = request.target();
    let right = canonical_path(target, &scheme.base_path);
    let raw = target.split('?').next().unwrap_or_default();
    let mut paths = vec![(None, right.clone())];
    if !scheme.base_path.is_empty() {
        paths.push((Some(WITH_BASE_PATH), canonical_path(target, "")));
    }
    // Each prefix of the path may be the path of the base URL.
    for (end, _) in right.match_indices('/').skip(1) {
        let message = format!("`qsh` omits {:?} at the start of the path", &right[..end]);
        paths.push((Some(Cause { message: message.into(), ..WITHOUT_BASE_PATH }), right[end..].to_owned()));
    }
    let decoded = percent_encoding::percent_decode_str(&right).decode_utf8_lossy();
    paths.extend([
        (Some(FINAL_SLASH), format!("{right}/")),
        (Some(RAW_PATH), raw.to_owned()),
        (Some(DECODED_PATH), decoded.into_owned()),
        (Some(NO_PATH), "/".to_owned()),
    ]);
    distinct(paths)
}

fn queries(request: &Request) -> Vec<PartVariant> {
    let target = request.target();
    let path = target.split('?').next().unwrap_or_default();
    let right = canonical_query(target);
    let of = |parameters: &[&str]| canonical_query(&format!("{path}?{}", parameters.join("&")));
    let others: Vec<_> = parameters(target).filter(|parameter| !parameter.starts_with("lic=")).collect();
    let raw = target.split_once('?').map_or("", |(_, query)| query);
    let mut queries = vec![(None, right.clone()), (Some(WITHOUT_LICENCE), of(&others))];
    for licence in ["lic=active", "lic=none"] {
        let message = format!("`qsh` includes `{licence}` in the query, but the request does not");
        let parameters = [others.as_slice(), &[licence]].concat();
        queries.push((Some(Cause { message: message.into(), ..WITH_LICENCE }), of(&parameters)));
    }
    queries.extend([
        (Some(WITHOUT_QUERY), String::new()),
        (Some(RAW_QUERY), raw.to_owned()),
        (Some(PLUS), right.replace("%20", "+")),
        (Some(LOWER_CASE_ESCAPES), lower_case_escapes(&right)),
    ]);
    distinct(queries)
}

/// Removes the variants that equal the first one or an earlier one.
fn distinct(varied: Vec<PartVariant>) -> Vec<PartVariant> {
    let mut kept: Vec<PartVariant> = Vec::new();
    for (cause, text) in varied {
        if !kept.iter().any(|(_, other)| *other == text) {
            kept.push((cause, text));
        }
    }
    kept
}

/// `%2A` as `%2a`
fn lower_case_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        format!("{text}%{}{rest}", digits.to_lowercase())
    })
}

const fn qsh(id: &'static str, message: &'static str) -> Cause {
    Cause {
        id,
        message: Cow::Borrowed(message),
        help: "compute `qsh` from the received method, the path after the app's base URL, and the whole query",
    }
}

const OTHER_ALGORITHM: Cause = Cause::new(
    "other-algorithm",
    "the token has the wrong algorithm",
    "use HS256 for webhooks, and RS256 for `installed` and `uninstalled`",
);
const OTHER_ISSUER: Cause = Cause::new(
    "other-issuer",
    "the token is from a different installation",
    "look up the secret by the client key in `iss`",
);
const OTHER_METHOD: Cause = qsh("qsh-other-method", "`qsh` is for a different method");
const LOWER_CASE_METHOD: Cause = qsh("qsh-lower-case-method", "`qsh` uses the method in lower case");
const WITH_BASE_PATH: Cause = qsh("qsh-with-base-path", "`qsh` includes the path of the app's base URL");
const WITHOUT_BASE_PATH: Cause = Cause::new(
    "qsh-without-base-path",
    "`qsh` omits the start of the path",
    "`qsh` excludes the path of the app's base URL: set it with --app-path",
);
const FINAL_SLASH: Cause = qsh("qsh-final-slash", "`qsh` includes a slash at the end of the path");
const RAW_PATH: Cause = qsh("qsh-raw-path", "`qsh` uses the path exactly as it was sent");
const DECODED_PATH: Cause = qsh("qsh-decoded-path", "`qsh` uses the decoded path");
const NO_PATH: Cause = qsh("qsh-without-path", "`qsh` omits the path");
const WITHOUT_LICENCE: Cause = qsh("qsh-without-licence", "`qsh` omits `lic` in the query");
const WITH_LICENCE: Cause = qsh("qsh-with-licence", "`qsh` includes `lic` in the query");
const WITHOUT_QUERY: Cause = qsh("qsh-without-query", "`qsh` omits the query");
const RAW_QUERY: Cause = qsh("qsh-raw-query", "`qsh` uses the query exactly as it was sent, not sorted and encoded");
const PLUS: Cause = qsh("qsh-plus", "`qsh` encodes a space in the query as `+`");
const LOWER_CASE_ESCAPES: Cause = qsh("qsh-lower-case-escapes", "`qsh` uses lower-case percent-encoding");
const UPPER_CASE: Cause = qsh("qsh-upper-case", "`qsh` is in upper-case hex");
const CONTEXT: Cause = Cause::new(
    "context-token",
    "the token is a context token: its `qsh` is the text `context-qsh`",
    "context tokens are for requests from pages: a webhook needs the hash of the request",
);
