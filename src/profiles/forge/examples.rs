//! Example bodies of Forge for probes.

use jiff::Timestamp;

use crate::profiles::profile::Examples;

/// All of them are about the creation of page 1, `Plan`.
pub(super) static EXAMPLES: Examples = Examples {
    spellings: [
        (
            "unusual spacing",
            "{ \"eventType\" :\"avi:confluence:created:page\",\r\n\t\"eventCreatedDate\": \"2026-01-15T09:30:00.000Z\" , \"content\":{\"id\":\"1\", \"title\":\"Plan\"}}\n\n",
        ),
        (
            "escapes",
            r#"{"eventType":"avi:confluence:created\u003apage","eventCreatedDate":"2026-01-15T09:30:00.000Z","content":{"id":"1","title":"Pl\u0061n \/ \ud83d\ude00"}}"#,
        ),
        (
            "number forms",
            r#"{"eventType":"avi:confluence:created:page","eventCreatedDate":"2026-01-15T09:30:00.000Z","content":{"id":"1","title":"Plan"},"n":[1.0,1e3,-0,1E+2,0.10]}"#,
        ),
        (
            "key order",
            r#"{"content":{"title":"Plan","id":"1"},"eventCreatedDate":"2026-01-15T09:30:00.000Z","eventType":"avi:confluence:created:page"}"#,
        ),
        (
            "duplicate keys",
            r#"{"eventType":"avi:confluence:created:page","eventCreatedDate":"2026-01-15T09:30:00.000Z","content":{"id":"2","id":"1","title":"Plan"}}"#,
        ),
    ],
    head: |event, timestamp| {
        let created = Timestamp::from_millisecond(timestamp).unwrap_or_default();
        format!(r#""eventType":"{event}","eventCreatedDate":"{created:.3}""#)
    },
    page: |id, title, version| {
        format!(
            r#"{{"id":"{id}","type":"page","status":"current","title":"{title}","version":{{"number":{version}}}}}"#
        )
    },
};
