//! Unknown event names, and suggestions for them.

/// The error for an unknown event name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown event `{name}`; {}", match nearest {
    Some(name) => format!("did you mean `{name}`?"),
    None => "`cfwh events` lists them".to_owned(),
})]
pub struct UnknownEvent {
    /// The unknown name.
    pub name: String,
    /// The most similar known name.
    pub nearest: Option<&'static str>,
}

/// Returns the candidate that is most similar to `word`, if any is similar enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // With 0.8, `pageCreated` and `page_create` match `page_created`, and `hello` matches nothing.
    const SIMILAR: f64 = 0.8;
    // Longer words are not misspelled names, and the time to compare them grows with the square of their length.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
