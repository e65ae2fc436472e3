//! Why a report cannot be added to others.

/// Why a report cannot be added to others. Each message ends with the advice.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// It was written by another version of cfwh, which may have another document.
    #[error(
        "it was written by {}, this is cfwh {}; run `cfwh drift --json` again, everywhere with the same version",
        version(found),
        env!("CARGO_PKG_VERSION")
    )]
    OtherVersion {
        /// The version; empty if it is older than this field.
        found: String,
    },
    /// It is about the document of another profile.
    #[error("it is about the profile `{found}`, not `{expected}`; merge the results of one profile")]
    OtherProfile {
        /// The name of its profile.
        found: String,
        /// The name of the profile of the others.
        expected: &'static str,
    },
    /// A baseline has left out differences.
    #[error(
        "differences were left out by --baseline; run `cfwh drift --json` without it, and give --baseline to \
         `cfwh drift --merge`"
    )]
    WithBaseline,
    /// It names an event or a place that the document does not have.
    #[error(
        "it names an event or a pointer that the document does not declare; merge only what `cfwh drift --json` prints"
    )]
    Undeclared,
}

fn version(found: &str) -> String {
    if found.is_empty() { "an earlier version".to_owned() } else { format!("cfwh {found}") }
}
