//! A delivery kept in a file, in the form of an HTTP request message: request line, header lines, an empty line, and
//! the body to the end of the file. It can be read with `cat`, compared, replayed, and run by editors that know `.http`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use crate::models::delivery::{Delivery, Headers};
use crate::models::event::EventKind;

/// The ending of a capture's name.
pub const EXTENSION: &str = "http";

/// A folder that deliveries are kept in. Names are numbers in the order of arrival and the event:
/// `000001-page_created.http`; nothing that a stranger sent becomes part of one.
#[derive(Debug)]
pub struct Captures {
    folder: PathBuf,
    /// The number that was given last.
    last: AtomicU64,
}

/// Why a capture cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The folder cannot be made or listed.
    #[error("cannot keep captures in {}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A capture cannot be written: the disk is full, the folder is gone or not writable.
    #[error("cannot keep a capture in {}", .folder.display())]
    Keep {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What was read is no capture.
    #[error("it is no capture: {0}")]
    Form(&'static str),
}

impl Captures {
    /// Opens a folder, making it where it is not there (for its owner alone, 0700), and goes on behind the highest
    /// number in it. This is the only time that the folder is listed.
    ///
    /// # Errors
    /// When the folder cannot be made or listed.
    pub fn open(folder: &Path) -> Result<Self, CaptureError> {
        let error = |source| CaptureError::Folder { folder: folder.to_owned(), source };
        create(folder).map_err(error)?;
        let mut last = 0;
        for entry in folder.read_dir().map_err(error)? {
            last = last.max(number(&entry.map_err(error)?.file_name().to_string_lossy()).unwrap_or(0));
        }
        Ok(Self { folder: folder.to_owned(), last: AtomicU64::new(last) })
    }

    /// Keeps a delivery. When this returns, the file is whole under its final name, readable by its owner alone (0600):
    /// it is written under a temporary name and then renamed, and never takes the place of another. The bytes are with
    /// the operating system, so the end of this process, even `kill -9`, cannot lose them.
    ///
    /// # Errors
    /// When it cannot be written; then nothing stands under a final name.
    pub fn keep(&self, delivery: &Delivery, kind: Option<EventKind>) -> Result<PathBuf, CaptureError> {
        let error = |source| CaptureError::Keep { folder: self.folder.clone(), source };
        let mut file = tempfile::Builder::new().prefix(".capture-").tempfile_in(&self.folder).map_err(error)?;
        file.write_all(&message(delivery)).map_err(error)?;
        loop {
            let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
            let name = format!("{number:06}-{}.{EXTENSION}", kind.map_or("unknown", EventKind::name));
            let path = self.folder.join(name);
            match file.persist_noclobber(&path) {
                Ok(_) => return Ok(path),
                // Somebody else keeps captures here too and took the name: the next number is free.
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => file = taken.file,
                Err(failed) => return Err(error(failed.error)),
            }
        }
    }
}

#[cfg(unix)]
fn create(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn number(name: &str) -> Option<u64> {
    name.strip_suffix(".http")?.split('-').next()?.parse().ok()
}

/// The delivery as an HTTP request message. The request line has the absolute form, which editors need to send it.
#[must_use]
pub fn message(delivery: &Delivery) -> Vec<u8> {
    let host = delivery.headers().text("Host").unwrap_or("localhost".into());
    let target = if delivery.target().is_empty() { "/" } else { delivery.target() };
    let mut message = format!("POST http://{host}{target} HTTP/1.1\r\n").into_bytes();
    for (name, value) in delivery.headers().iter() {
        message.extend_from_slice(name.as_bytes());
        message.extend_from_slice(b": ");
        message.extend_from_slice(value);
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(delivery.body());
    message
}

/// A capture that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The delivery.
    pub delivery: Delivery,
    /// The line of the file that the body begins on, from 1.
    pub body_line: usize,
}

/// Does this text begin as a capture does?
#[must_use]
pub fn is_capture(bytes: &[u8]) -> bool {
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    request_target(line.strip_suffix(b"\r").unwrap_or(line)).is_ok()
}

/// Reads a capture. Lines of the head may end with CRLF or LF; the body is taken as it is.
///
/// # Errors
/// When the request line is not `POST … HTTP/1.1`, a header line has no colon or the empty line is missing.
pub fn parse(bytes: &Bytes) -> Result<Capture, CaptureError> {
    const CUT_OFF: CaptureError = CaptureError::Form("the empty line before the body is missing");
    let mut at = 0;
    let mut lines = 0;
    let mut next_line = || {
        let rest = &bytes[at..];
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        at += end + 1;
        lines += 1;
        Some((rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]), at, lines))
    };
    let (line, ..) = next_line().ok_or(CUT_OFF)?;
    let target = request_target(line)?;
    let mut headers = Headers::new();
    loop {
        let (line, body, lines) = next_line().ok_or(CUT_OFF)?;
        if line.is_empty() {
            let delivery = Delivery::new(target, headers, bytes.slice(body..));
            return Ok(Capture { delivery, body_line: lines + 1 });
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let colon = colon.ok_or(CaptureError::Form("a header line has no colon"))?;
        let name =
            std::str::from_utf8(&line[..colon]).map_err(|_| CaptureError::Form("a header's name is not text"))?;
        if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic()) {
            return Err(CaptureError::Form("a header line has no name"));
        }
        headers.append(name, line[colon + 1..].trim_ascii());
    }
}

/// Path and query of a request line, in origin form (`/path`) or absolute form (`http://host/path`).
fn request_target(line: &[u8]) -> Result<String, CaptureError> {
    const NOT_ONE: CaptureError = CaptureError::Form("the first line is not `POST … HTTP/1.1`");
    let line = std::str::from_utf8(line).map_err(|_| NOT_ONE)?;
    let (target, version) = line.strip_prefix("POST ").and_then(|rest| rest.rsplit_once(' ')).ok_or(NOT_ONE)?;
    if !version.starts_with("HTTP/") || target.contains(' ') {
        return Err(NOT_ONE);
    }
    if target.starts_with('/') {
        return Ok(target.to_owned());
    }
    let rest = target.strip_prefix("http://").or_else(|| target.strip_prefix("https://")).ok_or(NOT_ONE)?;
    Ok(rest.find('/').map_or("/", |slash| &rest[slash..]).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(body: &'static [u8]) -> Delivery {
        let mut headers = Headers::new();
        headers.append("Host", "127.0.0.1:8080");
        headers.append("X-Odd", &b"caf\xe9"[..]);
        headers.append("X-Odd", "");
        Delivery::new("/webhooks/confluence?lic=active", headers, body)
    }

    #[test]
    fn what_was_kept_reads_back_the_same() {
        for body in [&b""[..], b"\r\n\r\n", b"{}\n", b"\xff\xfe\0", b"POST / HTTP/1.1\r\n\r\n"] {
            let kept = delivery(body);
            let capture = parse(&message(&kept).into()).expect("it is a capture");
            assert_eq!(capture, Capture { delivery: kept, body_line: 6 });
        }
    }

    #[test]
    fn a_capture_written_by_hand_may_have_plain_line_ends() {
        let capture = parse(&Bytes::from_static(b"POST /x HTTP/1.1\nA:1\n\n{}")).expect("it is a capture");
        assert_eq!(capture.delivery.target(), "/x");
        assert_eq!(capture.delivery.headers().get("a"), Some(&b"1"[..]));
        assert_eq!((capture.delivery.body(), capture.body_line), (&b"{}"[..], 4));
    }

    #[test]
    fn what_is_no_capture_is_told_why() {
        for (text, reason) in [
            ("", "the empty line before the body is missing"),
            ("GET / HTTP/1.1\r\n\r\n", "the first line is not `POST … HTTP/1.1`"),
            ("POST / HTTP/1.1\r\nA: 1\r\n", "the empty line before the body is missing"),
            ("POST / HTTP/1.1\r\nno colon\r\n\r\n", "a header line has no colon"),
            ("POST / HTTP/1.1\r\n: x\r\n\r\n", "a header line has no name"),
        ] {
            let error = parse(&Bytes::from_static(text.as_bytes())).expect_err("it is none");
            assert_eq!(error.to_string(), format!("it is no capture: {reason}"));
        }
    }

    #[test]
    fn numbers_go_on_behind_the_highest_and_names_are_never_taken_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = |path: PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
        let keep = |captures: &Captures| name(captures.keep(&delivery(b"x"), None).expect("it is kept"));
        let first = Captures::open(folder.path()).expect("a folder");
        assert_eq!(keep(&first), "000001-unknown.http");
        let second = Captures::open(folder.path()).expect("a folder");
        assert_eq!(keep(&second), "000002-unknown.http");
        assert_eq!(keep(&first), "000003-unknown.http");
    }
}
