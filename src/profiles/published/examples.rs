//! Example bodies of the published document for probes.

use crate::profiles::profile::Examples;

/// All of them are about the creation of page 1, `Plan`.
pub(super) static EXAMPLES: Examples = Examples {
    spellings: [
        (
            "unusual spacing",
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
    ],
    head: |event, timestamp| format!(r#""timestamp":{timestamp},"event":"{event}""#),
    page: |id, title, version| format!(r#"{{"id":"{id}","title":"{title}","version":{{"number":{version}}}}}"#),
};
