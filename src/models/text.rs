//! Text for terminal columns, patterns, and sizes.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Truncates text to at most `width` columns. Truncated text ends with `…`.
pub fn truncate(text: &str, width: usize) -> Cow<'_, str> {
    let (mut used, mut end) = (0, 0);
    for (index, character) in text.char_indices() {
        if used < width {
            end = index;
        }
        used += character.width().unwrap_or_default();
        if used > width {
            return Cow::Owned(format!("{}…", &text[..end]));
        }
    }
    Cow::Borrowed(text)
}

/// Truncates or pads text to exactly `width` columns.
pub fn fit(text: &str, width: usize) -> String {
    let text = truncate(text, width);
    format!("{text}{:1$}", "", width.saturating_sub(text.width()))
}

/// Returns whether text matches a pattern. `*` matches any number of characters.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        // Matching every part but the last as early as possible leaves the most text for the rest.
        if let Some(part) = last.replace(part) {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

/// Formats a number of bytes for people: `64 MiB`, `100 bytes`.
pub fn size(bytes: u64) -> String {
    let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = units.into_iter().find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes} bytes"), |(name, unit)| format!("{} {name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_its_column_exactly() {
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("abcd", 4), "abcd");
        assert_eq!(fit("abcde", 4), "abc…");
        assert_eq!(fit("新しい", 4), "新… ");
        assert_eq!(truncate("新しい", 6), "新しい");
        assert_eq!(truncate(&"é".repeat(1000), 3), "éé…");
    }
}
