//! Inspects saved deliveries.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use crate::auth::{Effort, Scheme, Verdict};
use crate::models::request::Request;
use crate::profiles::Profile;
use crate::store::capture_format::{self, Capture, FormatError};
use crate::store::folder::SavedDelivery;
use crate::store::journal_entry::JournalEntry;
use crate::validation::Validator;
use crate::validation::position::locate;

use super::inspection::{InspectedRequest, Inspection, PlacedFinding, reason};
use super::summary::Summary;

/// The maximum number of findings of a delivery.
const MAX_FINDINGS: usize = 1000;

/// Inspects saved deliveries.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    /// The sender. `None` uses the sender in the journal, or else the default profile.
    pub profile: Option<&'static Profile>,
    /// The scheme that verifies and explains deliveries. `None` uses the results in the journal.
    pub scheme: Option<Arc<dyn Scheme>>,
}

/// The error if a delivery cannot be inspected.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The capture is not readable.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is not a capture.
    #[error("cannot read {}", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: FormatError,
    },
    /// The delivery was not saved.
    #[error("the delivery was not saved: only the journal has it")]
    NotSaved,
}

impl Inspector {
    /// Returns the sender of a delivery.
    pub fn profile(&self, entry: Option<&JournalEntry<'static>>) -> &'static Profile {
        self.profile.or_else(|| Profile::find(&entry?.profile)).unwrap_or_else(Profile::default_profile)
    }

    /// Returns the row of a delivery, from the journal or from its capture.
    ///
    /// # Errors
    ///
    /// Returns an error if the delivery is not in the journal and its capture is not readable.
    pub fn summary(&self, delivery: &SavedDelivery) -> Result<Summary, InspectError> {
        let SavedDelivery { number, capture, entry } = delivery;
        let capture = || capture.as_ref().map(|path| path.display().to_string());
        if let Some(entry) = entry.as_ref().filter(|_| self.scheme.is_none() && self.profile.is_none()) {
            return Ok(Summary::from_entry(*number, capture(), entry));
        }
        let inspection = self.inspect(delivery)?;
        Ok(inspection.summary)
    }

    /// Reads the capture of a delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the delivery was not saved, or its capture is not readable.
    pub fn capture(&self, delivery: &SavedDelivery) -> Result<Capture, InspectError> {
        read_capture(delivery.capture.as_deref().ok_or(InspectError::NotSaved)?)
    }

    /// Inspects a delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the delivery was not saved, or its capture is not readable.
    pub fn inspect(&self, delivery: &SavedDelivery) -> Result<Inspection, InspectError> {
        let Capture { delivery: request, body_line } = self.capture(delivery)?;
        let mut inspection = self.inspect_request(&request, delivery.entry.as_ref(), request.body().len());
        inspection.request.body_line = body_line;
        inspection.summary.number = delivery.number;
        inspection.summary.capture = delivery.capture.as_ref().map(|path| path.display().to_string());
        Ok(inspection)
    }

    /// Inspects a request. `body_length` is the length of the whole body; the body of the request may be truncated.
    pub fn inspect_request(
        &self,
        request: &Request,
        entry: Option<&JournalEntry<'static>>,
        body_length: usize,
    ) -> Inspection {
        let is_truncated = request.body().len() < body_length;
        let validator = Validator::new(self.profile(entry)).limit(MAX_FINDINGS).with_subject(true);
        let mut report = validator.validate(request, None);
        // Verify tokens at the time of receipt.
        let at = entry.and_then(|entry| SystemTime::try_from(entry.at).ok()).unwrap_or_else(SystemTime::now);
        let scheme = self.scheme.as_deref().filter(|_| !is_truncated);
        let verdict = scheme.map(|scheme| scheme.verify(request, at));
        let rejection = verdict.as_ref().and_then(Verdict::rejection);
        let explanation =
            scheme.filter(|_| rejection.is_some()).map(|scheme| scheme.explain(request, at, Effort::Thorough));
        let shown_target =
            scheme.map_or_else(|| request.target().into(), |scheme| scheme.shown_target(request.target()));
        let target = entry.map_or_else(|| shown_target.into_owned(), |entry| entry.target.clone().into_owned());
        let auth = scheme.map_or("none", |scheme| scheme.info().name);
        let mut summary = Summary::from_request(request, target.clone(), auth, verdict.as_ref(), &report);
        summary.bytes = body_length;
        if let Some(entry) = entry {
            (summary.at, summary.status, summary.ms) = (Some(entry.at), entry.status, Some(entry.ms));
            if verdict.is_none() {
                summary.auth = entry.auth.clone().into_owned();
                summary.signature = entry.signature.clone().into_owned();
            }
            if is_truncated {
                summary.verdict = entry.verdict.clone().into_owned();
            }
        }
        let positions = locate(&report.findings, request);
        Inspection {
            summary,
            request: InspectedRequest { request: request.clone(), target, body_line: 1, is_truncated },
            reason: rejection.map(reason),
            explanation,
            findings: PlacedFinding::all(std::mem::take(&mut report.findings), positions),
            omitted: report.omitted,
            forwarded: entry.map(|entry| entry.forwarded.clone()).unwrap_or_default(),
            response: entry.and_then(|entry| entry.response.clone()),
        }
    }
}

/// Reads a capture.
fn read_capture(path: &Path) -> Result<Capture, InspectError> {
    let bytes = std::fs::read(path).map_err(|source| InspectError::Read { path: path.to_owned(), source })?;
    capture_format::parse(&Bytes::from(bytes)).map_err(|source| InspectError::Format { path: path.to_owned(), source })
}
