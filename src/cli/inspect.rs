//! `cfwh inspect`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::client::url::UrlTemplate;
use crate::profiles::Profile;

use super::authentication::{Auth, Secrets};
use super::parsers::{positive, profile, profile_help, url_template, whole};

/// `cfwh inspect`
#[derive(Debug, Args)]
pub struct Inspect {
    /// The folder of captures; new captures appear on the page
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// The sender.
    #[arg(long, help = profile_help("Validate against the document of this sender [default: the profile in the journal]"), value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
    /// Fill in this URL for replays
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = url_template, conflicts_with = "html")]
    pub to: Option<UrlTemplate>,
    /// Serve the page on this port of 127.0.0.1; 0 picks a free port [default: 0]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u16>, conflicts_with = "html")]
    pub port: Option<u16>,
    /// Write the page with its deliveries to this file instead; any browser can open it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub html: Option<PathBuf>,
    /// Include only the newest N deliveries in the file [default: 1000]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = positive::<usize>, requires = "html")]
    pub last: Option<usize>,
    /// The secrets to verify and to sign with.
    #[command(flatten)]
    pub secrets: Secrets,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
}
