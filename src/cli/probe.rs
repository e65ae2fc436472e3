//! `cfwh probe`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use crate::profiles::Profile;

use super::parsers::{ProfileParser, duration};
use super::{Secret, TEMPLATE};

/// `cfwh probe`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh probe http://127.0.0.1:3000/hooks --secret s
  cfwh probe http://127.0.0.1:3000/hooks --secret s --only 'sig/*'
  cfwh probe --list",
    after_help = "Sends some eighty deliveries, wrong ones among them, to your receiver, and says what it got wrong and
how to mend it. A receiver may refuse with any 4xx; a 5xx or no answer is a finding. Without a
secret, sig/* is left out.

Grades: A all pass, B all that MUST, C one or two that MUST fail, D three to five, E more, F forged
deliveries are taken or right ones are not.

Exit codes: 0 all that MUST pass do (with --strict, what SHOULD too), 1 they do not, 2 nobody there
or usage."
)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Probe {
    /// The receiver
    #[arg(value_name = "URL", value_hint = ValueHint::Url, required_unless_present = "list")]
    pub url: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    /// What is sent: `spec` as the published document has it, `cloud` as Confluence Cloud does; `cloud` names
    /// no event in the body, so the URL should, as {event}
    #[arg(long, value_name = "PROFILE", default_value = "spec", value_parser = ProfileParser)]
    pub profile: &'static Profile,
    /// List the cases, and send nothing
    #[arg(long)]
    pub list: bool,
    /// Run these cases only: sig/missing, body/*; repeatable
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// Leave these cases out: deliver/*; repeatable
    #[arg(long, value_name = "ID")]
    pub skip: Vec<String>,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    pub format: ProbeFormat,
    /// Keep every delivery in this folder, named after its case
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save: Option<PathBuf>,
    /// What SHOULD pass counts for the exit code too
    #[arg(long)]
    pub strict: bool,
    /// Probe a host that is not this machine
    #[arg(long)]
    pub yes: bool,
    /// Give up on an answer after so long: 500ms, 10s
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub timeout: Duration,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
}

/// How `probe` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum ProbeFormat {
    Text,
    Json,
    Junit,
    Sarif,
}
