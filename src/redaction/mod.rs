//! Replaces what could identify somebody in saved deliveries, so that they can be shown to others: names, titles, ids, hosts,
//! tokens, texts. What was equal stays equal, what was a number stays a number, and a story stays a story.
//!
//! A [`Redactor`] reads everything twice: first it learns all words, then it replaces each by another one of the same form
//! that occurs nowhere. Words are replaced and not whole values, so that a title in a URL still is that title.

mod addresses;
mod body;
mod dictionary;
mod encoded;
mod entry;
mod folder;
mod forms;
mod headers;
mod leftovers;
mod redactor;
mod request;
mod technical;
mod urls;
mod vocabulary;
mod words;

pub use folder::{FileWithLeftovers, RedactError, RedactedFolder, redact};
pub use redactor::Redactor;
pub use request::Resigning;
