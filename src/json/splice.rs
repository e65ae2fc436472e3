//! Changes to the bytes of a body: all others stay as they are.

use std::ops::Range;

/// A part of a body, and the text that replaces it.
pub type Replacement = (Range<usize>, String);

/// Returns a body with these parts replaced. They are given from left to right and do not overlap.
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

/// Returns the parts of a list to remove, with the commas that separate them from what stays; `None` if nothing is removed.
/// Each entry has its span and whether it goes.
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
