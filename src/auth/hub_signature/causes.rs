//! All known mistakes in signatures.

use super::bodies::{BODIES, CUT, GUNZIPPED};
use super::keys::KEYS;
use super::signature::{OTHER_HEADER, REPEATED};
use super::{constructions, digest, json_rewrites};
use crate::auth::explanation::Cause;

/// Returns every cause that an explanation can name.
pub fn catalogue() -> Vec<Cause> {
    let rows = BODIES.iter().chain(KEYS).map(|(cause, _)| cause.clone());
    let json = json_rewrites::FORMS.iter().map(|(cause, _)| cause.clone());
    [OTHER_HEADER, REPEATED, GUNZIPPED, CUT]
        .into_iter()
        .chain(digest::causes())
        .chain(rows)
        .chain(json)
        .chain(constructions::causes())
        .collect()
}
