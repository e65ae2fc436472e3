//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

#![allow(unreachable_pub, reason = "the crate is a program of tests; nobody reaches anything")]

mod export;
mod load;
mod probe;
mod receiver;
mod send_options;
mod strangers;
mod support;
mod tls;
mod wire;
