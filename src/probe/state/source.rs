//! Reads the state of the receiver.

use std::fmt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::client::endpoint::Endpoint;
use crate::client::error::SendError;
use crate::client::tls::Trust;
use crate::client::url::{self, Url, UrlTemplate};
use crate::models::request::{Headers, Request};
use crate::models::text::truncate;

/// The largest state that is read from a URL, in bytes.
const MAX_STATE: usize = 64 * 1024 * 1024;
/// How long a state may change before the probe gives up waiting, at least.
const MIN_LIMIT: Duration = Duration::from_secs(10);
/// Without `--settle`: how long after the last response the state is read again.
const LATER: Duration = Duration::from_millis(150);
/// The most characters of an error that are shown.
const MAX_CHARACTERS: usize = 200;

/// The state of the receiver cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The URL or the command does not print a state.
    #[error("cannot read the state from {0}: {1}")]
    Unreadable(String, String),
    /// The state does not stop changing.
    #[error("the state still changes after {0:.0?}; leave out values that change without a delivery")]
    Unsettled(Duration),
    /// The state changes after the last response.
    #[error(
        "the receiver still changes its state after it has responded; give --settle, longer than one delivery takes"
    )]
    Asynchronous,
    /// Deliveries do not change the state.
    #[error(
        "deliveries do not change the state; let --state print what the receiver stores, and give --settle if it works after it responds"
    )]
    Unchanged,
    /// The plain story is not accepted.
    #[error("the receiver accepts no delivery of the plain story: {0}")]
    Refused(String),
    /// Two runs of the plain story have two effects.
    #[error(
        "two runs of the same story had different effects on the state ({0}); give --settle if the receiver works after it responds, and leave out values that change without a delivery"
    )]
    Unstable(String),
    /// The receiver does not start again.
    #[error("cannot restart the receiver: {0}")]
    Restart(std::io::Error),
}

/// A URL or a command that prints the state of the receiver.
#[derive(Debug)]
pub struct StateSource {
    kind: SourceKind,
    settle: Option<Duration>,
}

#[derive(Debug)]
enum SourceKind {
    Url(Box<(Endpoint, Url)>),
    Command(String),
}

impl fmt::Display for StateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SourceKind::Url(at) => f.write_str(url::without_credentials(&at.1).as_str()),
            SourceKind::Command(command) => write!(f, "`{command}`"),
        }
    }
}

impl StateSource {
    /// Returns a source that reads a URL if the text is one, or runs a shell command. With `settle`, a state counts only if two
    /// readings that far apart are equal.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub fn new(text: &str, settle: Option<Duration>, timeout: Duration, trust: &Trust) -> Result<Self, SendError> {
        let is_url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        let kind = if is_url {
            let url = UrlTemplate::parse(text)?.url().clone();
            let endpoint = Endpoint::new(&url, timeout, trust)?.with_max_body(MAX_STATE);
            SourceKind::Url(Box::new((endpoint, url)))
        } else {
            SourceKind::Command(text.to_owned())
        };
        Ok(Self { kind, settle })
    }

    /// Reads the state.
    ///
    /// # Errors
    /// Returns an error if the response is not 2xx, or the command fails.
    pub fn read(&self) -> Result<Value, StateError> {
        let result = match &self.kind {
            SourceKind::Url(at) => get(&at.0, &at.1),
            SourceKind::Command(command) => output(command),
        };
        let bytes = result.map_err(|reason| {
            StateError::Unreadable(self.to_string(), truncate(&reason, MAX_CHARACTERS).into_owned())
        })?;
        Ok(parse(&String::from_utf8_lossy(&bytes)))
    }

    /// Checks that the state does not change after the last response. With `settle`, waits until it does not change.
    pub(super) fn expect_settled(&self) -> Result<(), StateError> {
        if self.settle.is_some() {
            self.read_settled()?;
            return Ok(());
        }
        let first = self.read()?;
        thread::sleep(LATER);
        let second = self.read()?;
        if first != second {
            thread::sleep(LATER);
            if second == self.read()? {
                return Err(StateError::Asynchronous);
            }
        }
        Ok(())
    }

    /// Reads the state once it has settled.
    pub(super) fn read_settled(&self) -> Result<Value, StateError> {
        let mut state = self.read()?;
        let Some(settle) = self.settle else { return Ok(state) };
        let (start, limit) = (Instant::now(), (settle * 20).max(MIN_LIMIT));
        loop {
            thread::sleep(settle);
            let next = self.read()?;
            if next == state {
                return Ok(state);
            }
            if start.elapsed() > limit {
                return Err(StateError::Unsettled(limit));
            }
            state = next;
        }
    }
}

fn get(endpoint: &Endpoint, url: &Url) -> Result<Vec<u8>, String> {
    let request = Request::new(http::Method::GET, url::target(url), Headers::new(), Vec::new());
    let response = endpoint.send(url, &request).map_err(|error| error.to_string())?;
    if response.is_truncated {
        return Err(format!("it is larger than {} MiB", MAX_STATE >> 20));
    }
    if !response.is_success() {
        return Err(format!("the response is {}", response.status));
    }
    Ok(response.body.to_vec())
}

fn output(command: &str) -> Result<Vec<u8>, String> {
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let output = Command::new(shell[0]).args([shell[1], command]).stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} {}", output.status, said.lines().last().unwrap_or_default()));
    }
    Ok(output.stdout)
}

/// JSON, lines of JSON, or lines of text.
fn parse(text: &str) -> Value {
    let text = text.trim_end();
    serde_json::from_str(text).unwrap_or_else(|_| Value::Array(text.lines().map(parse_line).collect()))
}

/// A line of JSON, or the cells of a table as `sqlite3` and others print it.
fn parse_line(line: &str) -> Value {
    let cell = |text: &str| match text.parse::<i64>() {
        // `007` is text.
        Ok(number) if number.to_string() == text => Value::from(number),
        _ => Value::from(text),
    };
    match serde_json::from_str(line) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
        _ if line.contains(['|', '\t']) => {
            let cells = line.split(['|', '\t']).enumerate();
            Value::Object(cells.map(|(at, text)| ((at + 1).to_string(), cell(text))).collect::<Map<_, _>>())
        }
        _ => cell(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_state_is_json_or_lines_or_a_table() {
        assert_eq!(parse("{\"b\":1,\"a\":[2]}\n"), json!({"a": [2], "b": 1}));
        assert_eq!(parse("12\n"), json!(12));
        assert_eq!(parse("{\"a\":1}\n{\"a\":2}\n"), json!([{"a": 1}, {"a": 2}]));
        assert_eq!(parse("7|Plan|007\nend"), json!([{"1": 7, "2": "Plan", "3": "007"}, "end"]));
        assert_eq!(parse(""), json!([]));
    }
}
