//! Lines of the journal.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::json::push_step;
use crate::models::recorded_response::{HeaderField, RecordedResponse};
use crate::models::request::Headers;
use crate::profiles::KnownEvent;
use crate::store::journal_entry::JournalEntry;

use super::encoded::apply;
use super::redactor::Redactor;

impl Redactor {
    /// Redacts a line of the journal. The name of the capture and the length of the body are those of the redacted capture.
    pub fn entry(
        &mut self,
        entry: &JournalEntry<'static>,
        capture: Option<&str>,
        bytes: Option<usize>,
    ) -> JournalEntry<'static> {
        let mut entry = entry.clone();
        let words = entry.findings.iter().flat_map(|finding| [&finding.rule, &finding.severity]);
        words.chain([&entry.auth, &entry.signature, &entry.verdict]).for_each(|word| self.dictionary.keep(word));
        self.dictionary.keep(&entry.at.to_string());
        entry
            .event
            .iter()
            .filter(|event| KnownEvent::find(event).is_some())
            .for_each(|event| self.dictionary.keep(event));
        let text = |redactor: &mut Self, text: &mut Cow<'static, str>| *text = redactor.text(text).into();
        if let Some(event) = entry.event.as_mut().filter(|event| KnownEvent::find(event).is_none()) {
            text(self, event);
        }
        entry.subject.iter_mut().for_each(|subject| text(self, subject));
        let edits = self.target_edits(&entry.target);
        entry.target = apply(&entry.target, &edits).into();
        entry.bytes = bytes.unwrap_or(entry.bytes);
        entry.capture = capture.map(|name| name.to_owned().into());
        for finding in &mut entry.findings {
            finding.pointer = finding.pointer.as_deref().map(|pointer| self.pointer(pointer).into());
            finding.message = self.sentence(&finding.message).into();
        }
        for forward in &mut entry.forwarded {
            text(self, &mut forward.url);
            forward.error.iter_mut().for_each(|error| text(self, error));
        }
        if let Some(response) = &mut entry.response {
            self.response(response);
        }
        entry
    }

    fn response(&mut self, response: &mut RecordedResponse<'_>) {
        let headers: Headers = response.headers.iter().map(|field| (&field.name, field.value.as_bytes())).collect();
        let field = |(name, value): (&str, &[u8])| HeaderField {
            name: name.to_owned().into(),
            value: String::from_utf8_lossy(value).into_owned().into(),
        };
        response.headers = self.headers(&headers).iter().map(field).collect();
        if let Some(body) = &mut response.body {
            *body = String::from_utf8_lossy(&self.body(body.as_bytes())).into_owned().into();
        }
        if let Some(body) = &mut response.body_base64 {
            *body = STANDARD.encode(self.body(&STANDARD.decode(&*body).unwrap_or_default()));
        }
    }

    fn pointer(&mut self, pointer: &str) -> String {
        let mut redacted = String::new();
        for step in pointer.split('/').skip(1) {
            let key = step.replace("~1", "/").replace("~0", "~");
            let edits = self.key_edits(&key);
            push_step(&mut redacted, &apply(&key, &edits));
        }
        redacted
    }
}
