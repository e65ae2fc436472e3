//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

mod load;
mod send_options;
mod support;
mod wire;
