//! `cfwh probe`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::output::emit::ReportFormat;
use crate::profiles::Profile;

use super::authentication::{Auth, Secret};
use super::completion::probe_cases;
use super::given::GivenOptions;
use super::parsers::{duration, profile, profile_help, report_format};

/// `cfwh probe`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Probe {
    /// What was typed.
    #[command(flatten)]
    pub given: GivenOptions,
    /// The receiver [or: CFWH_URL]
    #[arg(value_hint = ValueHint::Url, env = "CFWH_URL", hide_env = true, required_unless_present = "list")]
    pub url: Option<String>,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// The sender.
    #[arg(long, help = profile_help("Send bodies of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Serve the keys on this port of this machine while the probe runs: /.well-known/jwks.json (--auth forge)
    #[arg(long, value_name = "N")]
    pub jwks_port: Option<u16>,
    /// List the cases, and send nothing
    #[arg(long, conflicts_with_all = ["url", "secret", "secret_file", "client_key", "app_path", "app_id", "key", "jwks_port", "save", "strict", "yes", "timeout", "insecure", "cacert", "state", "settle", "command", "record", "against", "only_failed", "all"])]
    pub list: bool,
    /// Run these cases only: sig/missing, body/*; repeatable
    #[arg(long, value_name = "ID", add = probe_cases())]
    pub only: Vec<String>,
    /// Leave out these cases: deliver/*; repeatable
    #[arg(long, value_name = "ID", add = probe_cases())]
    pub skip: Vec<String>,
    /// Compare the state of the receiver, which this URL or shell command prints, after stories in order and in disorder
    #[arg(long, value_name = "URL|CMD")]
    pub state: Option<String>,
    /// Read the state until two readings this far apart are the same: 300ms
    #[arg(long, value_name = "TIME", requires = "state", allow_hyphen_values = true, value_parser = duration)]
    pub settle: Option<Duration>,
    /// Run only the cases that failed in this recording
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["only", "skip"])]
    pub only_failed: Option<PathBuf>,
    /// Probe twice, and save in this file how each case ended
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub record: Option<PathBuf>,
    /// Compare with this recording, and exit with 1 only if a case has regressed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "strict")]
    pub against: Option<PathBuf>,
    /// Show every failure, also those that follow from a named cause
    #[arg(long)]
    pub all: bool,
    /// Print the results in this format: text, json, github (annotations), junit, sarif
    #[arg(long, value_parser = report_format(), default_value = "text", hide_possible_values = true)]
    pub format: &'static ReportFormat,
    /// Save every delivery and its response in this folder, named after its case
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save: Option<PathBuf>,
    /// Exit with 1 if a case that SHOULD pass fails, too
    #[arg(long)]
    pub strict: bool,
    /// Probe a host that is not this machine
    #[arg(long)]
    pub yes: bool,
    /// Time out after this long: 500ms, 10s
    #[arg(long, value_name = "TIME", default_value = "3s", allow_hyphen_values = true, value_parser = duration)]
    pub timeout: Duration,
    /// Trust the certificates in this PEM file, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
    /// Run the receiver with this command, and end it with the probe
    #[arg(last = true, value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}
