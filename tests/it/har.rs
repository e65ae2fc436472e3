//! HTTP archives: exported deliveries are replayed byte for byte, and other tools read them.

use std::io::Write;
use std::process::{Command, Stdio};

use cfwh::models::recorded_response::RecordedResponse;
use cfwh::models::request::{Headers, Request};
use cfwh::models::response::Response;
use cfwh::store::har::{Archive, ArchivedDelivery};

use crate::raw_server::RawServer;
use crate::support::{Sandbox, tool};

/// Deliveries with bodies that text cannot have, repeated fields and fields in odd cases.
fn requests() -> Vec<Request> {
    let bodies =
        [&b""[..], b"\r\n{}\r\n", "{\"a\":\"é😀\\u0000\\/\"}\n".as_bytes(), b"\xff\xfe\0", b"\x1f\x8b\x08\0\0"];
    let request = |body: &'static [u8]| {
        let mut headers = Headers::new();
        headers.append("Content-Type", "application/json; charset=utf-8");
        headers.append("x-request-ID", "1");
        headers.append("X-Odd", &b"caf\xe9"[..]);
        headers.append("x-odd", "");
        headers.append("X-Hub-Signature", "sha256=00");
        Request::post("/hooks/a%2Fb?token=a%2Bb&x&y=%ff", headers, body)
    };
    bodies.map(request).into()
}

fn archive() -> Vec<u8> {
    let response = Response::text(401, "no");
    let response = RecordedResponse::from(&response);
    let requests = requests();
    let deliveries = requests.iter().enumerate().map(|(index, request)| ArchivedDelivery {
        request,
        at: "2026-01-15T09:30:00.125Z".parse().expect("a time"),
        response: (index % 2 == 0).then_some((&response, 1.5)),
    });
    serde_json::to_vec(&Archive::new(deliveries)).expect("JSON")
}

#[test]
fn an_exported_archive_is_sent_byte_for_byte() {
    let server = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let sandbox = Sandbox::new();
    sandbox.write("x.har", archive());
    sandbox.run(&["send", "x.har", "--to", &server.url_of("/hooks/a%2Fb?token=a%2Bb&x&y=%ff")]).expect(0);
    let received = server.requests();
    let requests = requests();
    assert_eq!(received.len(), requests.len());
    for (received, request) in received.iter().zip(&requests) {
        let end = received.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4;
        assert_eq!(&received[end..], request.body());
        let lines: Vec<&[u8]> = received[..end - 4].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).collect();
        assert_eq!(lines[0], format!("POST {} HTTP/1.1", request.target()).as_bytes());
        let of_connection = |line: &&[u8]| {
            let line = line.to_ascii_lowercase();
            ["host:", "content-length:", "accept", "user-agent:"].iter().any(|name| line.starts_with(name.as_bytes()))
        };
        // `send` writes names with capitals, as HTTP/1.1 has them; archives keep their case.
        let field = |name: &[u8], value: &[u8]| (name.to_ascii_lowercase(), value.trim_ascii().to_vec());
        let fields = lines[1..].iter().filter(|line| !of_connection(line)).map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').expect("a field");
            field(&line[..colon], &line[colon + 1..])
        });
        let expected: Vec<_> = request.headers().iter().map(|(name, value)| field(name.as_bytes(), value)).collect();
        assert_eq!(fields.collect::<Vec<_>>(), expected);
    }
}

#[test]
#[ignore = "needs node, har-validator"]
fn har_validator_accepts_an_exported_archive() {
    let program = "const { har } = require('har-validator'), archive = require('fs').readFileSync(0, 'utf8');
har(JSON.parse(archive)).catch(error => console.log(JSON.stringify(error.errors)));";
    let mut child = Command::new(tool("node"));
    let mut child =
        child.args(["-e", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node runs");
    child.stdin.take().expect("a pipe").write_all(&archive()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}
