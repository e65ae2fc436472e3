//! Searches the smallest body that fails.

use super::attempts::SearchEnd;
use super::failing_body::FailingBody;
use super::part::{Part, PartKind};
use super::structure::EMPTY;

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// The smallest body that was found.
    pub body: Vec<u8>,
    /// The parts of it that matter, the most telling first. Empty if every body fails.
    pub parts: Vec<Part>,
    /// Did the search stop at the limit of requests?
    pub is_limited: bool,
}

/// Shrinks one body. The function that it is made with sends a body, and returns whether the receiver fails in the same way as
/// with the original body.
pub struct Shrinker<F> {
    smallest: FailingBody<F>,
}

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> Shrinker<F> {
    /// Returns a search that sends at most `limit` bodies. `body` is known to fail.
    pub fn new(body: &[u8], limit: usize, send: F) -> Self {
        Self { smallest: FailingBody::new(body, limit, send) }
    }

    /// Searches. `reference` is a usual body, which a receiver without the bug accepts.
    ///
    /// # Errors
    /// Returns the error of the function that sends bodies.
    pub fn run(mut self, reference: Option<&[u8]>) -> Result<Shrunk, E> {
        // To name the parts that matter takes some requests, too.
        let reserve = self.smallest.attempts.reserve();
        let mut length = None;
        let search = self.search(reference, &mut length);
        let mut is_limited = match search {
            Ok(()) => false,
            Err(SearchEnd::Limit) => true,
            Err(SearchEnd::Failed(error)) => return Err(error),
        };
        let mut smallest = self.smallest;
        smallest.attempts.allow(reserve);
        let parts = match length {
            Some(length) => vec![Part::whole(PartKind::LongBody { length })],
            None if smallest.body == EMPTY && smallest.repairs.is_empty() => Vec::new(),
            None => {
                let (parts, is_complete) = smallest.name_parts(reference)?;
                is_limited |= !is_complete;
                parts
            }
        };
        Ok(Shrunk { body: smallest.body, parts, is_limited })
    }

    /// Sets `length` to the length of the shortest body that fails, if only the length matters.
    fn search(&mut self, reference: Option<&[u8]>, length: &mut Option<usize>) -> Result<(), SearchEnd<E>> {
        let smallest = &mut self.smallest;
        if let Some(reference) = reference
            && !smallest.fails(reference)?
        {
            smallest.find_repairs(reference)?;
        } else if smallest.accept(EMPTY.to_vec())? {
            return Ok(());
        }
        *length = smallest.shrink_length(reference)?;
        if length.is_some() {
            return Ok(());
        }
        smallest.leave_out()?;
        smallest.shorten_chains()?;
        smallest.shrink_leaves()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::Value;

    use super::*;

    /// Shrinks a body for a receiver that fails with it, and says how many bodies were sent.
    fn shrink(body: &str, reference: Option<&str>, fails: impl Fn(&Value) -> bool) -> (Shrunk, usize) {
        let mut sent = 0;
        let shrunk = Shrinker::new(body.as_bytes(), 190, |body: &[u8]| {
            sent += 1;
            Ok::<_, Infallible>(fails(&serde_json::from_slice(body).expect("JSON")))
        })
        .run(reference.map(str::as_bytes));
        match shrunk {
            Ok(shrunk) => (shrunk, sent),
        }
    }

    #[test]
    fn an_incomplete_body_that_fails_is_not_the_smallest() {
        let body = r#"{"event":"x","page":{"id":"1","title":"a \ud83d\ude00 b","other":[1,2]}}"#;
        let usual = r#"{"event":"x","page":{"id":"2","title":"Plan"}}"#;
        let (shrunk, _) = shrink(body, Some(usual), |body| {
            body.pointer("/page/id").is_none()
                || body.pointer("/page/title").and_then(Value::as_str).is_none_or(|title| title.contains('😀'))
        });
        assert_eq!(String::from_utf8_lossy(&shrunk.body), r#"{"page":{"id":"","title":"\ud83d\ude00"}}"#);
        assert_eq!(shrunk.parts[0].to_string(), "an emoji in /page/title (1 of 5 characters)");
    }
}
