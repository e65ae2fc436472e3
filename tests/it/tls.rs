//! `cfwh send` over HTTPS, to a server with a self-signed certificate.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedKey, IsCa, KeyPair, generate_simple_self_signed,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::raw_client::{BODY, SECRET, exchange, request};
use crate::raw_server::read_request;
use crate::support::{Listener, Sandbox};

/// Starts a server that responds with 200 to every request. Returns its certificate in PEM and its port.
pub fn server() -> (String, u16) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    serve(&cert, &signing_key)
}

/// The same, with a certificate that says that it is an authority, as `openssl req -x509` makes them.
fn authority() -> (String, u16) {
    let mut parameters = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signing_key = KeyPair::generate().expect("a key");
    serve(&parameters.self_signed(&signing_key).expect("a certificate"), &signing_key)
}

fn serve(cert: &Certificate, signing_key: &KeyPair) -> (String, u16) {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("they fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let config = Arc::clone(&config);
            thread::spawn(move || {
                let connection = ServerConnection::new(config).expect("a connection");
                let mut stream = std::io::BufReader::new(StreamOwned::new(connection, stream.expect("a socket")));
                while read_request(&mut stream).is_some() {
                    let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                    if stream.get_mut().write_all(reply).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (cert.pem(), port)
}

#[test]
fn an_unknown_certificate_is_refused_and_can_be_trusted() {
    for (pem, port) in [server(), authority()] {
        let sandbox = Sandbox::new();
        sandbox.write("ca.pem", pem);
        let url = format!("https://localhost:{port}/hook");
        for load in [&[][..], &["--concurrency", "2"]] {
            let send = |more: &[&str]| sandbox.run(&[&["send", "page_created", "--to", &url], load, more].concat());
            let refused = send(&[]).expect(2);
            assert!(refused.text().contains("invalid peer certificate: it is self-signed"), "{}", refused.text());
            assert!(refused.text().contains("--cacert"), "{}", refused.text());
            send(&["--cacert", "ca.pem"]).expect(0);
            send(&["--insecure"]).expect(0);
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (pem, port) = authority();
    let sandbox = Sandbox::new();
    sandbox.write("ca.pem", pem);
    let url = format!("https://127.0.0.1:{port}/hook");
    for load in [&[][..], &["--concurrency", "2"]] {
        let send = |more: &[&str]| sandbox.run(&[&["send", "page_created", "--to", &url], load, more].concat());
        let run = send(&["--cacert", "ca.pem"]).expect(2);
        for part in [
            "invalid peer certificate: it is for localhost, not for 127.0.0.1",
            "\n  fix: use a host of the certificate, or trust any certificate with --insecure\n",
        ] {
            assert!(run.text().contains(part) && !run.text().contains("--cacert"), "{}", run.text());
        }
        send(&["--insecure"]).expect(0);
    }
}

#[test]
fn a_cacert_file_without_a_certificate_exits_2() {
    let sandbox = Sandbox::new();
    sandbox.write("ca.pem", "nothing");
    let run = sandbox.run(&["send", "page_created", "--to", "https://localhost:1/", "--cacert", "ca.pem"]).expect(2);
    assert!(run.stderr.contains("cannot use ca.pem: it does not contain a PEM certificate"), "{}", run.stderr);
}

#[test]
fn probe_and_forwarding_have_a_fix_for_certificate_errors() {
    let (pem, port) = server();
    let sandbox = Sandbox::new();
    sandbox.write("ca.pem", pem);
    let url = format!("https://localhost:{port}/hook");
    let probe = |more: &[&str]| sandbox.run(&[&["probe", &url, "--only", "deliver/duplicate"], more].concat());
    let refused = probe(&[]).expect(2);
    let advice = "  fix: trust it with --cacert FILE, or trust any certificate with --insecure
";
    assert!(
        refused.stderr.contains("error: cannot reach the receiver: invalid peer certificate: it is"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.ends_with(advice), "{}", refused.stderr);
    probe(&["--cacert", "ca.pem"]).expect(0);
    probe(&["--insecure"]).expect(0);

    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &url, "--count", "1"]);
    let response = exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("a response");
    assert_eq!(response.status, 502);
    let line = listener.next();
    let error = line["forwarded"][0]["error"].as_str().unwrap_or_default();
    assert!(
        error.contains("it is self-signed") && error.contains("add its authority to the trusted certificates"),
        "{error}"
    );
}

/// `/dev/zero` has no end.
#[cfg(unix)]
#[test]
fn a_cacert_file_that_is_too_large_exits_2() {
    let run = Sandbox::new().run(&["send", "page_created", "--to", "https://localhost:1/", "--cacert", "/dev/zero"]);
    assert_eq!(run.expect(2).stderr, "error: cannot read /dev/zero: it is larger than 16 MiB\n");
}

#[test]
fn tls_and_plain_http_are_distinguished() {
    let (_, port) = server();
    let sandbox = Sandbox::new();
    let plain = Listener::start(&sandbox, &[]);
    for load in [&[][..], &["--concurrency", "1"]] {
        let send = |url: &str| Sandbox::new().run(&[&["send", "page_created", "--to", url], load].concat()).expect(2);
        let run = send(&plain.url.replace("http://", "https://"));
        assert!(run.text().contains("does not use TLS on this port\n  fix: use http:// in the URL"), "{run:?}");
        let run = send(&format!("http://localhost:{port}/hook"));
        assert!(run.text().contains("if the endpoint uses TLS, use https:// in the URL"), "{run:?}");
    }
    let probe = Sandbox::new().run(&["probe", &plain.url.replace("http://", "https://")]).expect(2);
    assert!(probe.stderr.contains("fix: use http:// in the URL"), "{probe:?}");
}
