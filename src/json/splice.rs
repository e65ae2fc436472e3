//! Edits of a body that change no other bytes.

use std::ops::Range;

/// A range of a body, and the text that replaces it.
pub type Replacement = (Range<usize>, String);

/// Applies replacements, which must be in order and must not overlap.
pub fn splice(body: &[u8], replacements: &[Replacement]) -> Vec<u8> {
    let (mut spliced, mut end) = (Vec::with_capacity(body.len()), 0);
    for (span, text) in replacements {
        spliced.extend_from_slice(&body[end..span.start]);
        spliced.extend_from_slice(text.as_bytes());
        end = span.end;
    }
    spliced.extend_from_slice(&body[end..]);
    spliced
}

/// Returns replacements that remove entries of a list and their commas, or `None` if no entry is removed. Each entry is a range
/// and whether to remove it.
pub fn removals(entries: &[(Range<usize>, bool)]) -> Option<Vec<Replacement>> {
    let (first, last) = (entries.first()?, entries.last()?);
    let kept = entries.iter().position(|(_, goes)| !goes);
    let start = match kept {
        Some(kept) => first.0.start..entries[kept].0.start,
        None => first.0.start..last.0.end,
    };
    let pairs = entries.windows(2).skip(kept.unwrap_or(entries.len()));
    let others = pairs.filter(|pair| pair[1].1).map(|pair| pair[0].0.end..pair[1].0.end);
    let spans: Vec<_> = std::iter::once(start).chain(others).filter(|span| !span.is_empty()).collect();
    (!spans.is_empty()).then(|| spans.into_iter().map(|span| (span, String::new())).collect())
}
