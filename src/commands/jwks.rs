//! `cfwh jwks`: prints public keys as a key set, or serves them to a receiver.

use crate::auth::jwt::keys::RsaKey;
use crate::cli;
use crate::output::Terminal;
use crate::server::Stop;

use super::authentication::{BUILT_IN_KEY_IDS, read_keys};
use super::exit::Exit;
use super::key_server::{BoundKeySet, key_set};

const DEFAULT_PORT: u16 = 8081;

pub(super) fn run(arguments: &cli::jwks::Jwks, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut keys = read_keys(&arguments.key)?;
    let mut others = Vec::new();
    if keys.is_empty() {
        let [forge, connect] = BUILT_IN_KEY_IDS.map(RsaKey::example);
        keys.push(forge);
        others.push(connect);
    }
    if !arguments.serve {
        terminal.print(&key_set(&keys))?;
        return Ok(Exit::Yes);
    }
    let bound = BoundKeySet::new(arguments.port.unwrap_or(DEFAULT_PORT), &keys, &others)?;
    let BoundKeySet { server, key_server, ready } = bound;
    let mut shown = Ok(());
    let stop = Stop::default();
    server.serve(key_server, &stop, || {
        shown = terminal.print_always(&ready).and_then(|()| terminal.flush());
        if shown.is_err() {
            stop.stop();
        }
    })?;
    shown.map(|()| Exit::Yes)
}
