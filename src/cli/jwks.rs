//! `cfwh jwks`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// `cfwh jwks`
#[derive(Debug, Args)]
pub struct Jwks {
    /// Print the public half of this RSA key, a PEM or JWKS file; repeatable [default: the public example key of RFC 7515 A.2]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key: Vec<PathBuf>,
    /// Serve the keys on 127.0.0.1: the JWKS at /.well-known/jwks.json, and each key as PEM at /KID
    #[arg(long)]
    pub serve: bool,
    /// Serve on this port; 0 picks a free port [default: 8081]
    #[arg(long, value_name = "N", requires = "serve")]
    pub port: Option<u16>,
}
