//! The program as its users meet it: the real binary, real sockets on 127.0.0.1, real files.

#![allow(unreachable_pub, reason = "the modules of a test crate have nobody to hide from")]

mod atomic_write;
mod auth_schemes;
mod authentication;
mod body_mutator;
mod captures;
mod catalogue;
mod cloud;
mod committed_files;
mod coverage;
mod delivery;
mod differential;
#[cfg(unix)]
mod docs;
mod documents;
mod drift;
mod expectations;
mod fake;
mod flawed_receiver;
mod help;
mod hostile_clients;
mod house;
mod interop;
mod invalid_input;
mod json_lines;
mod listen;
mod listen_faults;
mod listen_forwarding;
mod listen_responses;
mod packages;
mod pictures;
mod probe;
mod properties;
mod property_tests;
mod raw_client;
mod raw_server;
mod receiver_example;
mod reports;
mod secret_leaks;
mod send;
mod send_export;
mod send_load;
mod send_options;
mod send_request;
mod server;
mod sign;
mod story;
mod story_mutations;
mod streams;
mod supply_chain;
mod support;
mod terminal;
mod tls;
mod validate;
mod verify;
