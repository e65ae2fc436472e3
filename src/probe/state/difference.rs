//! Describes how two effects differ. An effect is a sorted list of texts, each a path and a value, separated by a space.

use serde_json::Value;

use crate::models::text::truncate;

/// The most differences that are shown.
const MAX_DIFFERENCES: usize = 2;
/// The most members that differ between two versions of the same object.
const MAX_MEMBERS: usize = 3;
/// The most characters of each that are shown.
const MAX_CHARACTERS: usize = 120;

/// Returns the first differences.
pub(super) fn describe(right: &[String], wrong: &[String]) -> String {
    let (mut more, mut less) = (without(wrong, right), without(right, wrong));
    let mut sentences = Vec::new();
    // For objects that differ in a few members, only these members are shown. Those that differ least are compared first.
    for most in 1..=MAX_MEMBERS {
        more.retain(|own| {
            let pair =
                less.iter().position(|other| members(own, other, most).map(|text| sentences.push(text)).is_some());
            pair.map(|at| less.remove(at)).is_none()
        });
    }
    let show = |what: &str, texts: &[&str]| {
        let shown = texts.iter().take(MAX_DIFFERENCES).map(|text| truncate(text, MAX_CHARACTERS));
        let shown = shown.collect::<Vec<_>>().join(", ");
        (!texts.is_empty()).then(|| format!("{what} {shown}"))
    };
    sentences.truncate(MAX_DIFFERENCES);
    if sentences.is_empty() {
        sentences.extend(show("the state has", &more));
    }
    sentences.extend(show(if sentences.is_empty() { "the state lacks" } else { "and lacks" }, &less));
    sentences.join(", ")
}

/// Returns the members in which two versions of an object at the same path differ.
fn members(own: &str, other: &str, most: usize) -> Option<String> {
    let ((path, own), (other_path, other)) = (own.split_once(' ')?, other.split_once(' ')?);
    let [own, other] = [own, other].map(|text| serde_json::from_str::<Value>(text).ok());
    let (Value::Object(own), Value::Object(other)) = (own?, other?) else { return None };
    let differing: Vec<_> = own.iter().filter(|(key, value)| other.get(*key) != Some(value)).collect();
    let is_alike = path == other_path && own.len() == other.len() && differing.len() <= most && most * 2 < own.len();
    let (_, name) = own.iter().find(|(key, value)| other.get(*key) == Some(value))?;
    let differences = differing.iter().map(|(key, value)| {
        let right = other.get(*key).unwrap_or(&Value::Null);
        truncate(&format!("{key} {value} instead of {right}"), MAX_CHARACTERS).into_owned()
    });
    is_alike.then(|| format!("the state has at {path}, {name}, {}", differences.collect::<Vec<_>>().join(", ")))
}

/// Returns `applied twice` if the state has more than it should, or `lost` if it has less.
pub(super) fn verb(right: &[String], wrong: &[String]) -> &'static str {
    let (more, less) = (without(wrong, right), without(right, wrong));
    let sum = |texts: &[&str]| texts.iter().flat_map(|text| numbers(text)).sum::<f64>();
    if (more.len(), sum(&more)) > (less.len(), sum(&less)) { "applied twice" } else { "lost" }
}

/// Returns the numbers in a text that are not part of a word.
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    text.split(|letter: char| !letter.is_alphanumeric() && !['.', '-', '+', '_'].contains(&letter))
        .filter_map(|word| word.parse().ok())
}

/// Returns the texts of one list that the other does not have. Repeated texts are counted.
pub(super) fn without<'a>(list: &'a [String], other: &[String]) -> Vec<&'a str> {
    let mut left: Vec<&String> = other.iter().collect();
    let is_missing = |text: &&'a String| match left.iter().position(|other| other == text) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    };
    list.iter().filter(is_missing).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<const N: usize>(texts: [&str; N]) -> [String; N] {
        texts.map(str::to_owned)
    }

    #[test]
    fn a_difference_is_shown_by_what_differs() {
        let right = texts([r#"/pages/* {"id":"7","title":"A","version":3}"#]);
        let wrong = texts([r#"/pages/* {"id":"7","title":"A","version":1}"#]);
        assert_eq!(describe(&right, &wrong), r#"the state has at /pages/*, "7", version 1 instead of 3"#);
        let right = texts(["/edits +7"]);
        let wrong = texts(["/edits +8"]);
        assert_eq!(describe(&right, &wrong), "the state has /edits +8, and lacks /edits +7");
        assert_eq!((verb(&right, &wrong), verb(&wrong, &right)), ("applied twice", "lost"));
        assert_eq!(describe(&right, &[]), "the state lacks /edits +7");
    }
}
