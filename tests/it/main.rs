//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

#![allow(unreachable_pub, reason = "the modules of a test crate have nobody to hide from")]
#![allow(clippy::print_stderr, reason = "a test that was skipped says so")]

mod answers;
mod bad_input;
mod bad_receiver;
mod bare;
mod capturing;
mod catalogue;
mod coverage;
mod delivery;
mod differential;
mod documents;
mod export;
mod fake;
mod forwarding;
mod fresh;
mod help;
mod hostile;
mod house;
mod listen;
mod load;
mod mutations;
mod oracle;
mod outputs;
mod probe;
mod raw;
mod receiver;
mod reports;
mod request;
mod send;
mod send_options;
mod sign;
mod story;
mod strangers;
mod streams;
mod support;
mod terminal;
mod tls;
mod validate;
mod verify;
mod wire;
