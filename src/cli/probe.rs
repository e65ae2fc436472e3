//! `cfwh probe`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::output::emit::ReportFormat;
use crate::profiles::Profile;

use super::authentication::{Auth, Secret};
use super::help_template::TEMPLATE;
use super::parsers::{duration, profile, profile_help, report_format};

/// `cfwh probe`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh probe http://127.0.0.1:3000/hooks --secret s
  cfwh probe http://127.0.0.1:3000/hooks --secret s --only 'sig/*'
  cfwh probe --list",
    after_help = "Sends about 80 deliveries to your receiver, some of them invalid, and reports what it gets
wrong and how to fix it. A receiver may refuse with any 4xx; a 5xx or no response is a failure.
Without a secret, the cases sig/* are left out.

Grades: A all pass, B all that MUST, C one or two that MUST fail, D three to five, E more, F forged
deliveries are accepted or valid ones are not.

Exit codes: 0 all that MUST pass do (with --strict, all that SHOULD too), 1 some do not, 2 no
receiver or usage."
)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Probe {
    /// The receiver
    #[arg(value_hint = ValueHint::Url, required_unless_present = "list")]
    pub url: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub auth: Auth,
    /// The sender.
    #[arg(long, help = profile_help("Send bodies of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// List the cases, and send nothing
    #[arg(long)]
    pub list: bool,
    /// Run these cases only: sig/missing, body/*; repeatable
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// Leave out these cases: deliver/*; repeatable
    #[arg(long, value_name = "ID")]
    pub skip: Vec<String>,
    /// Print the results in this format: text, json, github (annotations), junit, sarif
    #[arg(long, value_parser = report_format(), default_value = "text", hide_possible_values = true)]
    pub format: &'static ReportFormat,
    /// Save every delivery in this folder, named after its case
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save: Option<PathBuf>,
    /// Exit with 1 if a case that SHOULD pass fails, too
    #[arg(long)]
    pub strict: bool,
    /// Probe a host that is not this machine
    #[arg(long)]
    pub yes: bool,
    /// Time out after this long: 500ms, 10s
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub timeout: Duration,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
}
