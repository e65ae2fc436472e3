//! A receiver with one flaw, for `cfwh probe` to find.
//!
//!     cargo run --example flawed_receiver -- --list
//!     cargo run --example flawed_receiver -- IgnoresSignature
//!
//! `--list` prints a line of JSON for each flaw: the cases that fail, the root causes and the grade. With the name of a flaw, or
//! with None, it listens on a free port, prints a line of JSON with its URL and its secret, and ends with its standard input.

#![allow(unreachable_pub, reason = "the tests share these modules")]

#[path = "../tests/it/flawed_receiver.rs"]
mod flawed_receiver;
#[path = "../tests/it/flaws.rs"]
mod flaws;

use std::io::{Read, Write};

use flawed_receiver::{Flaw, Receiver, SECRET};
use flaws::{EXPECTED, Expected};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).ok_or("give --list or the name of a flaw")?;
    if name == "--list" {
        for Expected { flaw, cases, causes, grade } in EXPECTED {
            let line = json!({"flaw": format!("{flaw:?}"), "cases": cases, "causes": causes, "grade": grade});
            writeln!(std::io::stdout(), "{line}")?;
        }
        return Ok(());
    }
    let mut flaws = EXPECTED.iter().map(|expected| expected.flaw).chain([Flaw::None]);
    let flaw = flaws.find(|flaw| format!("{flaw:?}") == name).ok_or("unknown flaw: --list lists the flaws")?;
    let receiver = Receiver::start(flaw);
    writeln!(std::io::stdout(), "{}", json!({"url": receiver.url(), "secret": SECRET}))?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
