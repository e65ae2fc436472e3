//! Receivers that others wrote accept what we send: Debian's `webhook`, and Node's `x-hub-signature`.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::support::{Sandbox, tool, wait_until};

/// A process that ends with the test.
pub struct Guarded(pub Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns a port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// Waits until the port accepts connections.
pub fn wait_for(port: u16) {
    wait_until(&format!("somebody listens on port {port}"), || TcpStream::connect(("127.0.0.1", port)).is_ok());
}

/// All nineteen are taken, and one with each of these faults is not.
fn expect_right(sandbox: &Sandbox, url: &str) {
    let all = sandbox.run(&["send", "all", "--secret", "s3cret", "--to", url, "--json"]).expect(0).json();
    assert_eq!(all.len(), 19);
    for fault in ["unsigned", "bad-signature", "tampered-body", "other-secret"] {
        // Debian's webhook responds with 500 if verification fails.
        let forgery = ["send", "page_created", "--secret", "s3cret", "--to", url, "--fault", fault];
        sandbox.run(&[&forgery[..], &["--expect", "4xx", "--expect", "5xx"]].concat()).expect(0);
    }
    sandbox.run(&["send", "all", "--secret", "s3cret", "--to", url, "--concurrency", "4"]).expect(0);
}

#[test]
#[ignore = "needs webhook"]
fn debians_webhook_accepts_our_deliveries() {
    let sandbox = Sandbox::new();
    let hooks = sandbox.write("hooks.json", r#"[{
  "id": "confluence",
  "execute-command": "/bin/true",
  "trigger-rule-mismatch-http-response-code": 403,
  "trigger-rule": { "match": { "type": "payload-hmac-sha256", "secret": "s3cret", "parameter": { "source": "header", "name": "X-Hub-Signature" } } }
}]"#);
    // It takes a port and tells none: ask the system for a free one first.
    let port = free_port();
    let mut command = Command::new(tool("webhook"));
    command.args(["-ip", "127.0.0.1", "-port", &port.to_string(), "-hooks"]).arg(hooks);
    let _webhook = Guarded(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts"));
    wait_for(port);
    expect_right(&sandbox, &format!("http://127.0.0.1:{port}/hooks/confluence"));
}

/// `NODE_PATH` names the folder where npm installed the library.
const NODE: &str = "
import http from 'node:http';
import { createRequire } from 'node:module';
const XHubSignature = createRequire(import.meta.url)('x-hub-signature');
const signature = new XHubSignature('sha256', 's3cret');
const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const given = request.headers['x-hub-signature'];
    response.statusCode = given && signature.verify(given, Buffer.concat(pieces)) ? 204 : 401;
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
";

#[test]
#[ignore = "needs node, x-hub-signature"]
fn nodes_x_hub_signature_accepts_our_deliveries() {
    let sandbox = Sandbox::new();
    let script = sandbox.write("receiver.mjs", NODE);
    let mut child = Command::new(tool("node")).arg(script).stdout(Stdio::piped()).spawn().expect("node runs");
    let mut port = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut port).expect("it tells its port");
    let _node = Guarded(child);
    expect_right(&sandbox, &format!("http://127.0.0.1:{}/", port.trim()));
}
