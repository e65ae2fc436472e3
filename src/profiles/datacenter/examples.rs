//! Example bodies of Confluence Data Center for probes. Ids are integers.

use crate::profiles::profile::Examples;

/// All of them are about the creation of page 1, `Plan`.
pub(super) static EXAMPLES: Examples = Examples {
    spellings: [
        (
            "unusual spacing",
            "{ \"timestamp\" :1768469400000,\r\n\t\"event\": \"page_created\" ,\"userKey\":\"\", \"page\":{\"id\":1,\"title\": \"Plan\"}}\n\n",
        ),
        (
            "escapes",
            r#"{"timestamp":1768469400000,"event":"page\u005fcreated","userKey":"","page":{"id":1,"title":"Pl\u0061n \/ \ud83d\ude00"}}"#,
        ),
        (
            "number forms",
            r#"{"timestamp":1768469400000,"event":"page_created","userKey":"","page":{"id":1,"title":"Plan"},"n":[1.0,1e3,-0,1E+2,0.10]}"#,
        ),
        (
            "key order",
            r#"{"page":{"title":"Plan","id":1},"userKey":"","event":"page_created","timestamp":1768469400000}"#,
        ),
        (
            "duplicate keys",
            r#"{"timestamp":1768469400000,"event":"page_created","userKey":"","page":{"id":2,"id":1,"title":"Plan"}}"#,
        ),
    ],
    head: |event, timestamp| format!(r#""timestamp":{timestamp},"event":"{event}","userKey":"""#),
    page: |id, title, version| format!(r#"{{"id":{id},"title":"{title}","contentType":"page","version":{version}}}"#),
};
