//! Committed files that the program generates must be up to date.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cfwh::auth::secret::Secret;
use cfwh::auth::{Credentials, SchemeInfo, connect, forge as forge_auth, hub_signature};
use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use cfwh::models::event::{EventKind, in_file_name};
use cfwh::models::request::{Headers, Request};
use cfwh::profiles::{ALL, DeliveryContext, Profile, cloud, datacenter, forge, published};
use cfwh::store::capture_format;
use clap::CommandFactory;

use crate::support::Sandbox;

/// Stated in samples/README.md, which a reader verifies the capture with.
const SECRET: &str = "It's a Secret to Everybody";

const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "cfwh.bash"),
    ("zsh", "_cfwh"),
    ("fish", "cfwh.fish"),
    ("powershell", "_cfwh.ps1"),
    ("elvish", "cfwh.elv"),
];

/// Compares, or with `CFWH_UPDATE=1` writes.
pub fn fresh(path: impl Into<PathBuf>, now: &[u8], stale: &mut Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path.into());
    if std::env::var_os("CFWH_UPDATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&path, now).expect("the file is written");
    } else if std::fs::read(&path).ok().as_deref() != Some(now) {
        stale.push(path.display().to_string());
    }
}

/// Fails when a file was stale, with the remedy.
pub fn expect_none(stale: &[String]) {
    assert!(
        stale.is_empty(),
        "stale: {}\nrun `CFWH_UPDATE=1 cargo test committed_files` and commit the result",
        stale.join(", ")
    );
}

fn sample(sandbox: &Sandbox, profile: &Profile, kind: EventKind, format: &str) -> Vec<u8> {
    let fake = ["fake", kind.name(), "--profile", profile.name, "--seed", "1", "--at", "2026-01-15T09:30:00Z"];
    sandbox.run(&[&fake[..], &["--format", format]].concat()).expect(0).stdout
}

/// A delivery of a profile as `listen` saves it.
fn signed_capture(profile: &Profile, event: &str, body: Vec<u8>) -> Vec<u8> {
    let signature = Secret::new(SECRET).expect("it is not empty").sign(&body).to_string();
    let mut headers = Headers::new();
    headers.append("Host", "127.0.0.1:8080");
    let identifier = "5f0c1d7e-3f3c-4a3e-9d42-6f2b7a9c8e11";
    (profile.write_headers)(&DeliveryContext { event: Some(event), identifier }, &mut headers);
    headers.append(hub_signature::HEADER, signature);
    capture_format::message(&Request::post("/webhooks/confluence", headers, body))
}

/// When the tokens of samples were made: 2026-01-15T09:30:00Z.
fn sample_time() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_768_469_400)
}

/// A delivery with a token as `listen` saves it. A token has an id of its own each time that it is made, so the committed one
/// is kept as long as it is valid for this delivery.
fn capture_with_token(
    info: &SchemeInfo,
    profile: &Profile,
    event: &str,
    target: &str,
    body: Vec<u8>,
    path: &str,
) -> Vec<u8> {
    let scheme = (info.with)(Credentials::from_secrets(vec![Secret::new(SECRET).expect("it is not empty")]));
    let header = info.header.expect("the token is in a header");
    let mut headers = Headers::new();
    headers.append("Host", "127.0.0.1:8080");
    let identifier = "5f0c1d7e-3f3c-4a3e-9d42-6f2b7a9c8e11";
    (profile.write_headers)(&DeliveryContext { event: Some(event), identifier }, &mut headers);
    let mut request = Request::post(target, headers, body);
    let committed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_default();
    if let Ok(capture) = capture_format::parse(&committed.into()) {
        let token = capture.delivery.headers().text(header).unwrap_or_default().into_owned();
        let mut kept = request.clone();
        kept.headers_mut().append(header, token);
        if scheme.verify(&kept, sample_time()).is_valid() {
            return capture_format::message(&kept);
        }
    }
    scheme.authenticate(&mut request, sample_time());
    capture_format::message(&request)
}

#[test]
fn the_samples_with_tokens_are_valid_when_they_were_made_and_expired_now() {
    let sandbox = Sandbox::new();
    for (scheme, more, path) in [
        ("connect", &["--secret", SECRET][..], "samples/cloud/captures/page_created-connect.http"),
        ("forge", &[], "samples/forge/captures/page_created.http"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let verify = [&["verify", path.to_str().expect("a path in UTF-8"), "--auth", scheme], more].concat();
        let run = sandbox.run(&[&verify[..], &["--at", "2026-01-15T09:30:10Z"]].concat()).expect(0);
        assert!(run.text().starts_with("valid"), "{}", run.text());
        assert!(sandbox.run(&verify).expect(1).text().contains("expired"));
    }
}

#[test]
fn committed_files_are_up_to_date() {
    let sandbox = Sandbox::new();
    let mut stale = Vec::new();
    for (profile, name) in [
        (&published::PROFILE, "published/confluence-webhooks"),
        (&cloud::PROFILE, "cloud/confluence-cloud-observed"),
        (&datacenter::PROFILE, "datacenter/confluence-datacenter"),
        (&forge::PROFILE, "forge/confluence-forge"),
    ] {
        let document: serde_json::Value = serde_saphyr::from_str(profile.yaml).expect("it is YAML");
        fresh(format!("src/profiles/{name}.json"), format!("{document}\n").as_bytes(), &mut stale);
    }
    for profile in ALL {
        let folder = if profile.is_default() { "samples".to_owned() } else { format!("samples/{profile}") };
        for kind in profile.events.all() {
            // Windows has no colons in names of files.
            let name = in_file_name(kind.name());
            fresh(format!("{folder}/{name}.json"), &sample(&sandbox, profile, kind, "pretty"), &mut stale);
        }
        if profile.signs && profile.scheme == hub_signature::INFO.name {
            let kind = profile.events.find("page_created").expect("every sender has it");
            let format = if profile.is_default() { "pretty" } else { "ndjson" };
            let mut body = sample(&sandbox, profile, kind, format);
            if !profile.is_default() {
                body.truncate(body.trim_ascii_end().len());
            }
            let capture = signed_capture(profile, kind.name(), body);
            fresh(format!("{folder}/captures/page_created.http"), &capture, &mut stale);
        }
    }
    for (info, profile, target, path) in [
        (
            &connect::INFO,
            &cloud::PROFILE,
            "/webhooks/confluence/page_created?lic=active",
            "samples/cloud/captures/page_created-connect.http",
        ),
        (&forge_auth::INFO, &forge::PROFILE, "/webhooks/confluence", "samples/forge/captures/page_created.http"),
    ] {
        let alias = |kind: &EventKind| kind.name() == "page_created" || kind.row().alias == Some("page_created");
        let kind = profile.events.all().find(alias).expect("every sender has it");
        let body = sample(&sandbox, profile, kind, "ndjson").trim_ascii_end().to_vec();
        fresh(path, &capture_with_token(info, profile, kind.name(), target, body, path), &mut stale);
    }
    for (shell, name) in COMPLETIONS {
        let script = sandbox.run(&["completions", shell]).expect(0).stdout;
        fresh(format!("completions/{name}"), &script, &mut stale);
    }
    fresh("man/cfwh.1", &sandbox.run(&["man"]).expect(0).stdout, &mut stale);
    for (words, _) in all_commands(&Cli::command()) {
        let page = sandbox.run(&format!("man {words}").split(' ').collect::<Vec<_>>()).expect(0).stdout;
        fresh(format!("man/cfwh-{}.1", words.replace(' ', "-")), &page, &mut stale);
    }
    expect_none(&stale);
}
