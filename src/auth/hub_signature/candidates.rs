//! What the search of [`explain`](super::explain) compares: each of the known changes to what was received, where it changes
//! anything.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::bodies::{BODIES, FINAL_LF};
use super::{json_rewrites, keys};
use crate::auth::explanation::Cause;

/// A text that may have been used instead of another, and why.
pub(super) type Varied<'a> = (Vec<Cause>, Cow<'a, [u8]>);

/// Everything that may have been signed instead of the body, where it differs from it.
pub(super) fn varied_bodies(body: &[u8]) -> impl Iterator<Item = Varied<'_>> {
    BODIES
        .iter()
        .filter_map(|(cause, vary)| Some((vec![cause.clone()], vary(body)?)))
        .filter(move |(_, varied)| varied.as_ref() != body)
}

/// The JSON of the body as libraries rewrite it, where that differs from it.
///
/// # Errors
/// When the body is not JSON: the message says why.
pub(super) fn rewritten_json(body: &[u8]) -> Result<impl Iterator<Item = Varied<'_>>, String> {
    let rewritten = json_rewrites::all(body).map_err(|error| error.message)?.flat_map(|(cause, text)| {
        // As Go's encoder, jq and Python's print end it.
        let line = [text.as_slice(), b"\n"].concat();
        [(vec![cause.clone()], Cow::<[u8]>::Owned(text)), (vec![cause, FINAL_LF], Cow::Owned(line))]
    });
    Ok(rewritten.filter(move |(_, varied)| varied.as_ref() != body))
}

/// Everything that may have been used instead of the secret, where it differs from it.
pub(super) fn varied_keys(key: &[u8]) -> impl Iterator<Item = Varied<'_>> {
    keys::varied(key).map(|(cause, varied)| (vec![cause], varied))
}

/// Where buffers end, and where a length in characters was taken for one in bytes.
pub(super) fn usual_lengths(body: &[u8]) -> BTreeSet<usize> {
    let powers = (6..usize::BITS).map(|exponent| 1 << exponent);
    let text = std::str::from_utf8(body).unwrap_or_default();
    let mut lengths: BTreeSet<_> = [text.chars().count(), text.encode_utf16().count()].into();
    lengths.extend(powers.flat_map(|power: usize| [power - 1, power]));
    lengths.extend((1..=body.len() / 1000).map(|thousands| thousands * 1000));
    lengths.extend((1..=body.len() / 1024).map(|blocks| blocks * 1024));
    lengths.retain(|&length| length > 0 && length < body.len());
    lengths
}
