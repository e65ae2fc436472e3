//! Measures the maximum rate of `listen --capture` on a file system: two threads save deliveries of 900 bytes for one second and do
//! nothing else. `benches/listen.py` runs it. The arguments are a folder and a method:
//!
//!     bare_captures FOLDER kept       like `listen`: a file gets its name when it is complete
//!     bare_captures FOLDER created    a file is created under its name and then written
//!
//! It prints files per second. The files are not deleted. On ext4, wait five minutes after you delete them: the file system does not
//! reuse recently deleted files at once, and skips them one by one.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use cfwh::auth::hub_signature::HEADER;
use cfwh::models::request::{CONTENT_TYPE, Headers, JSON, Request};
use cfwh::store::capture_format::message;
use cfwh::store::captures::Captures;

const THREADS: usize = 2;
const TIME: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(how)) = (arguments.next(), arguments.next()) else {
        return Err("the arguments are a folder and `kept` or `created`".into());
    };
    let folder = PathBuf::from(folder);
    let captures = Captures::open(&folder)?;
    let delivery = delivery();
    let start = Instant::now();
    let files: u64 = thread::scope(|scope| {
        let keep = |number| match how.as_str() {
            "kept" => captures.save(&delivery, Some("page_updated")).is_ok(),
            _ => create(&folder, number, &delivery).is_ok(),
        };
        let count = move |thread| {
            let mut files = 0;
            while start.elapsed() < TIME && keep(files * THREADS as u64 + thread) {
                files += 1;
            }
            files
        };
        let threads: Vec<_> = (0..THREADS as u64).map(|thread| scope.spawn(move || count(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    });
    writeln!(std::io::stdout(), "{files}")?;
    Ok(())
}

fn create(folder: &Path, number: u64, delivery: &Request) -> std::io::Result<()> {
    File::create_new(folder.join(format!("{number:06}-page_updated.http")))?.write_all(&message(delivery))
}

fn delivery() -> Request {
    let signature = format!("sha256={}", "0".repeat(64));
    let fields = [("Host", "127.0.0.1:8080"), (CONTENT_TYPE, JSON), ("Content-Length", "900"), (HEADER, &signature)];
    let headers: Headers = fields.into_iter().collect();
    Request::post("/webhooks/confluence", headers, vec![b'x'; 900])
}
