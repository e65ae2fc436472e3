//! `cfwh listen`: a receiver that keeps, verifies and validates what arrives, and says so.
//!
//! The receiver's threads judge and answer at the [`desk`]; what they have to say goes through a channel to this
//! thread, which keeps the [`minutes`] and alone has the terminal.

mod demo;
mod desk;
mod keys;
mod minutes;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::Context;

use crate::captures::Captures;
use crate::cli;
use crate::models::event::EventKind;
use crate::terminal::Terminal;
use crate::terminal::results::Ready;
use crate::transport::receiver::{Receiver, Stop};
use crate::validation::Validator;

use super::exit::Exit;
use super::input;
use desk::{Desk, Tally};
use keys::Keys;
use minutes::Note;

const DEFAULT_PORT: u16 = 8080;
/// Lines that may wait for a slow terminal before deliveries have to.
const BACKLOG: usize = 1024;
/// A hostile body may break a rule in every other byte; nobody reads more than this.
const MAX_FINDINGS: usize = 100;

pub(super) fn run(arguments: cli::Listen, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::stdin_at_most_once(&arguments.secret_file)?;
    let keys = Keys::gather(&arguments)?;
    let captures = arguments.capture.as_deref().map(Captures::open).transpose()?;
    let port = arguments.port.unwrap_or(if arguments.demo { 0 } else { DEFAULT_PORT });
    let receiver = Receiver::bind(SocketAddr::new(arguments.address, port), arguments.max_body)?;
    let path = if arguments.path.is_empty() { "/" } else { arguments.path.as_str() };
    let url = format!("http://{}{path}", reachable(receiver.address()));
    if !arguments.address.is_loopback() && keys.secrets.is_empty() {
        terminal.warn("others can reach this address, and without a secret everything is accepted");
    }

    let (notes, inbox) = sync_channel(BACKLOG);
    let stop = Stop::default();
    let desk = Arc::new(Desk {
        path: arguments.path,
        secrets: keys.secrets.clone(),
        validator: Validator::published().strict(arguments.strict).limit(MAX_FINDINGS),
        strict: arguments.strict,
        captures,
        count: arguments.count,
        tally: Tally::default(),
        stop: stop.clone(),
        notes: notes.clone(),
        silent: terminal.is_silent(),
    });
    thread::Builder::new()
        .name("receiver".to_owned())
        .spawn({
            let (desk, stop, notes) = (Arc::clone(&desk), stop.clone(), notes.clone());
            move || {
                let result = receiver.serve(desk, &stop, || drop(notes.send(Note::Ready)));
                // The inbox is gone first only when nobody wants to hear any more.
                let _ = notes.send(Note::Ended(result));
            }
        })
        .context("cannot start receiving")?;

    let kept = minutes::keep(&inbox, terminal, |terminal| {
        terminal.ready(&Ready { r#type: "ready", url: &url, secret: keys.origin() })?;
        if let Some(made) = &keys.made {
            terminal.made_secret(made, &url);
        }
        if arguments.demo {
            let (url, secret, stop, notes) = (url.clone(), keys.secrets[0].clone(), stop.clone(), notes.clone());
            thread::spawn(move || {
                if let Err(error) = demo::run(&url, &secret) {
                    let _ = notes.send(Note::DemoFailed(error));
                }
                stop.stop();
            });
        }
        Ok(())
    });
    let summary = desk.tally.summary();
    kept?;
    terminal.summary(&summary)?;
    if arguments.demo {
        terminal.say("That was one of each. `cfwh listen --secret` waits for yours.");
        return Ok(Exit::when(summary.accepted == EventKind::all().len() as u64 && summary.refused == 0));
    }
    Ok(Exit::Yes)
}

/// An address that a sender on this machine can use: the wildcard is no destination everywhere.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(host, address.port())
}
