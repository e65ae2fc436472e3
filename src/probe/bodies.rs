//! Bodies that are JSON and look unlike what a serialiser writes. Each is about the same page.

/// The same event in five ways of writing it, each named.
pub(super) const SPELLINGS: [(&str, &str); 5] = [
    (
        "odd spacing",
        "{ \"event\" :\"page_created\",\r\n\t\"timestamp\": 1768469400000 , \"page\":{\"id\":\"1\", \"title\":\"Plan\"}}\n\n",
    ),
    (
        "escapes",
        r#"{"event":"page\u005fcreated","timestamp":1768469400000,"page":{"id":"1","title":"Pl\u0061n \/ \ud83d\ude00"}}"#,
    ),
    (
        "number forms",
        r#"{"event":"page_created","timestamp":1768469400000,"page":{"id":"1","title":"Plan"},"n":[1.0,1e3,-0,1E+2,0.10]}"#,
    ),
    ("key order", r#"{"page":{"title":"Plan","id":"1"},"timestamp":1768469400000,"event":"page_created"}"#),
    (
        "duplicate keys",
        r#"{"event":"page_created","timestamp":1768469400000,"page":{"id":"2","id":"1","title":"Plan"}}"#,
    ),
];

/// A page of this title.
pub(super) fn titled(title: &str) -> String {
    format!(r#"{{"timestamp":1768469400000,"event":"page_created","page":{{"id":"1","title":"{title}"}}}}"#)
}

/// An event of this name about the page.
pub(super) fn named(event: &str) -> String {
    format!(r#"{{"timestamp":1768469400000,"event":"{event}","page":{{"id":"1","title":"Plan"}}}}"#)
}

/// What happened to page 77, and when.
pub(super) fn page_77(event: &str, timestamp: i64, version: u32) -> String {
    format!(
        r#"{{"timestamp":{timestamp},"event":"{event}","page":{{"id":"77","title":"Plan","version":{{"number":{version}}}}}}}"#
    )
}

/// Arrays within arrays: past what a parser on the stack takes, if it sets itself no bound.
pub(super) fn nested() -> String {
    const DEPTH: usize = 2000;
    format!(r#"{{"event":"page_created","page":{{"id":"1"}},"deep":{}{}}}"#, "[".repeat(DEPTH), "]".repeat(DEPTH))
}

/// More than a server reads along with the head.
pub(super) fn of_4_kilobytes() -> String {
    titled(&"x".repeat(4000))
}

/// A megabyte.
pub(super) fn large() -> String {
    titled(&"x".repeat(1_000_000))
}
