//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

#![allow(unreachable_pub, reason = "the modules share their items, and there is no outside")]
#![allow(dead_code, reason = "support has what the tests of every command need")]

mod bad_receiver;
mod capturing;
mod forwarding;
mod hostile;
mod oracle;
mod support;
mod wire;
