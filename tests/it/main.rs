//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

#![allow(unreachable_pub, reason = "the modules of a test crate have nobody to hide from")]
#![allow(clippy::print_stderr, reason = "a test that was skipped says so")]

mod answers;
mod bad_input;
mod bad_receiver;
mod bare;
mod capturing;
mod catalogue;
mod cloud;
mod coverage;
mod delivery;
mod differential;
#[cfg(unix)]
mod docs;
mod documents;
mod drift;
mod export;
mod fake;
mod forwarding;
mod fresh;
mod front_page;
mod help;
mod hostile;
mod house;
mod listen;
mod load;
mod mutants;
mod mutations;
mod oracle;
mod outputs;
mod packages;
mod pictures;
mod probe;
mod properties;
mod raw;
mod receiver;
mod reports;
mod request;
mod secrets;
mod send;
mod send_options;
mod server;
mod sign;
mod story;
mod strangers;
mod strangers_bytes;
mod streams;
mod supply_chain;
mod support;
mod terminal;
mod tls;
mod validate;
mod verify;
mod whole_file;
mod wire;
