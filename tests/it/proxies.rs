//! Proxies from the environment, for single requests, loads and forwarding.

use std::io::Write;
use std::net::TcpStream;
use std::thread;

use crate::raw_client::{BODY, SECRET, exchange, request};
use crate::raw_server::{RawServer, header};
use crate::support::{ClosedPort, Endpoint, Listener, Run, Sandbox};
use crate::tls;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn send(to: &str, more: &[&str], variables: &[(&str, &str)]) -> Run {
    let sandbox = Sandbox::new();
    let arguments = [&["send", "page_created", "--seed", "1", "--auth", "none", "--to", to], more].concat();
    let mut command = sandbox.command(&arguments);
    command.envs(variables.iter().copied());
    sandbox.finish(command)
}

#[test]
fn http_goes_to_the_proxy_with_the_whole_url() {
    let proxy = RawServer::answering(OK);
    let address = proxy.url_of("").replace("http://", "http://user:pw@");
    for load in [&[][..], &["--concurrency", "1"]] {
        send("http://receiver.test/h?a=b", load, &[("http_proxy", &address)]).expect(0);
        let sent = proxy.requests().pop().expect("a request");
        assert!(sent.starts_with(b"POST http://receiver.test"), "{}", String::from_utf8_lossy(&sent));
        assert_eq!(header(&sent, "Proxy-Authorization").as_deref(), Some("Basic dXNlcjpwdw=="));
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&[
        "listen",
        "--json",
        "--port",
        "0",
        "--secret",
        SECRET,
        "--forward",
        "http://receiver.test/f",
    ]);
    command.env("http_proxy", &address);
    let listener = Listener::spawn(&sandbox, command);
    let response = exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("a response");
    assert_eq!(response.status, 200);
    let sent = proxy.requests().pop().expect("a request");
    assert!(sent.starts_with(b"POST http://receiver.test:80/f HTTP/1.1\r\n"), "{}", String::from_utf8_lossy(&sent));
}

#[test]
fn https_goes_through_a_tunnel() {
    let (_, port) = tls::server();
    let proxy = RawServer::start(move |_, stream| {
        let mut endpoint = TcpStream::connect(("127.0.0.1", port)).expect("the endpoint");
        let _ = stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n");
        let (mut from, mut to) = (endpoint.try_clone().expect("a handle"), stream.try_clone().expect("a handle"));
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        let _ = std::io::copy(stream, &mut endpoint);
        false
    });
    for load in [&["--insecure"][..], &["--insecure", "--concurrency", "1"]] {
        send("https://receiver.test/h", load, &[("HTTPS_PROXY", &proxy.url_of(""))]).expect(0);
        assert!(proxy.requests().pop().expect("a request").starts_with(b"CONNECT receiver.test:443 HTTP/1.1\r\n"));
    }
    let refusing = RawServer::answering("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    let run =
        send("https://receiver.test/h", &["--concurrency", "1"], &[("HTTPS_PROXY", &refusing.url_of(""))]).expect(2);
    let address = refusing.url_of("").replace("http://", "");
    assert!(run.text().contains(&format!("the proxy {address} responded with status 407")), "{}", run.text());
}

/// The receiver may be running all the time.
#[test]
fn a_proxy_that_does_not_connect_is_named() {
    let closed = ClosedPort::new();
    let address = closed.url("").replace("http://", "");
    for (url, variable) in [("https://receiver.test/h", "HTTPS_PROXY"), ("http://receiver.test/h", "http_proxy")] {
        for load in [&[][..], &["--concurrency", "1"]] {
            let run = send(url, load, &[(variable, &closed.url(""))]).expect(2);
            assert!(run.text().contains(&format!("the proxy {address} refused the connection")), "{}", run.text());
        }
    }
}

#[test]
fn a_variable_that_names_no_proxy_is_an_error() {
    for (url, variable) in [("https://receiver.test/h", "HTTPS_PROXY"), ("http://receiver.test/h", "ALL_PROXY")] {
        for load in [&[][..], &["--concurrency", "1"]] {
            for wrong in ["http://", "http://us er:hunter2@proxy/", "://"] {
                let run = send(url, load, &[(variable, wrong)]).expect(2);
                let error = format!(
                    "error: {variable} is not the URL of a proxy\n  fix: set it to http://HOST:PORT, or unset it\n"
                );
                assert_eq!((run.text(), run.stderr.as_str()), ("", error.as_str()), "{wrong}");
            }
        }
    }
    let endpoint = Endpoint::start(&[]);
    send(&endpoint.url("/h"), &[], &[("HTTP_PROXY", "://")]).expect(0);
}

#[test]
fn this_machine_and_the_hosts_of_no_proxy_have_no_proxy() {
    let proxy = RawServer::answering(OK);
    let address = proxy.url_of("");
    for load in [&[][..], &["--concurrency", "1"]] {
        let endpoint = Endpoint::start(&[]);
        send(&endpoint.url("/h"), load, &[("http_proxy", &address)]).expect(0);
        assert_eq!(endpoint.received().len(), 1);
        send("http://receiver.invalid/h", load, &[("http_proxy", &address), ("NO_PROXY", "receiver.invalid")])
            .expect(2);
    }
    assert_eq!(proxy.requests().len(), 0);
}
