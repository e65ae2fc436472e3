//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

mod differential;
mod fresh;
mod reports;
mod support;
mod validate;
