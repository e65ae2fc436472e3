//! Names that no event has, and the name that was probably meant.

/// A name that no sender is known to give an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no event `{name}`; {}", match nearest {
    Some(name) => format!("did you mean `{name}`?"),
    None => "`cfwh events` lists them".to_owned(),
})]
pub struct UnknownEvent {
    /// The name as given.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

/// Returns the candidate that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // At 0.8, `pageCreated` and `page_create` give `page_created`, and `hello` gives nothing.
    const SIMILAR: f64 = 0.8;
    // Longer words are not misspelt names, and the time to compare them grows with the square of their length.
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
