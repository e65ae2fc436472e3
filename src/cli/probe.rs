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

const CASES: &str = "Cases";
const STATE: &str = "State";
const RECORDINGS: &str = "Recordings";
const CONNECTION: &str = "Connection";
const OUTPUT: &str = "Output";

/// `cfwh probe`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Probe {
    /// The options on the command line.
    #[command(flatten)]
    pub given: GivenOptions,
    /// The URL of the receiver [env: CFWH_URL]
    #[arg(value_hint = ValueHint::Url, env = "CFWH_URL", hide_env = true, required_unless_present = "list")]
    pub url: Option<String>,
    /// The sender.
    #[arg(long, help = profile_help("Send bodies of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// Serve the keys at /.well-known/jwks.json on this port of 127.0.0.1 while the probe runs (--auth forge)
    #[arg(long, help_heading = "Authentication", value_name = "N")]
    pub jwks_port: Option<u16>,
    /// List the cases, and send nothing
    #[arg(long, help_heading = CASES, conflicts_with_all = ["url", "secret", "secret_file", "client_key", "app_path", "app_id", "key", "jwks_port", "save", "strict", "yes", "timeout", "insecure", "cacert", "state", "settle", "command", "record", "against", "only_failed", "all"])]
    pub list: bool,
    /// Run only these cases: sig/missing, body/*; repeatable
    #[arg(long, help_heading = CASES, value_name = "ID", add = probe_cases())]
    pub only: Vec<String>,
    /// Skip these cases: deliver/*; repeatable
    #[arg(long, help_heading = CASES, value_name = "ID", add = probe_cases())]
    pub skip: Vec<String>,
    /// Compare the receiver's state, which this URL or shell command prints, after different orders of deliveries
    #[arg(long, help_heading = STATE, value_name = "URL|CMD")]
    pub state: Option<String>,
    /// Wait until the state has not changed for this long: 300ms
    #[arg(long, help_heading = STATE, value_name = "TIME", requires = "state", allow_hyphen_values = true, value_parser = duration)]
    pub settle: Option<Duration>,
    /// Run only the cases that failed in this recording
    #[arg(long, help_heading = CASES, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["only", "skip"])]
    pub only_failed: Option<PathBuf>,
    /// Run the cases twice, and save their results in this file
    #[arg(long, help_heading = RECORDINGS, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub record: Option<PathBuf>,
    /// Compare with this recording, and exit with 1 only if a case regressed
    #[arg(long, help_heading = RECORDINGS, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "strict")]
    pub against: Option<PathBuf>,
    /// Show every failure, even if it has the same cause as another one
    #[arg(long, help_heading = OUTPUT)]
    pub all: bool,
    /// Print results in this format: text, json, github (annotations), junit, sarif
    #[arg(long, help_heading = OUTPUT, value_parser = report_format(), default_value = "text", hide_possible_values = true)]
    pub format: &'static ReportFormat,
    /// Save every delivery and its response in this folder, named after the case
    #[arg(long, help_heading = OUTPUT, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save: Option<PathBuf>,
    /// Also exit with 1 if a SHOULD case fails
    #[arg(long, help_heading = OUTPUT)]
    pub strict: bool,
    /// Allow a receiver that is not on this machine
    #[arg(long, help_heading = CONNECTION)]
    pub yes: bool,
    /// Time out after this long: 500ms, 10s
    #[arg(long, help_heading = CONNECTION, value_name = "TIME", default_value = "3s", allow_hyphen_values = true, value_parser = duration)]
    pub timeout: Duration,
    /// Also trust the certificates in this PEM file
    #[arg(long, help_heading = CONNECTION, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, help_heading = CONNECTION)]
    pub insecure: bool,
    /// Start the receiver with this command, and stop it after the probe
    #[arg(help_heading = STATE, last = true, value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}
