//! Redacts saved deliveries, so that they can be shared: replaces names, titles, ids, hosts, tokens and text.
//!
//! Equal values stay equal, numbers stay numbers, and stories stay valid.
//!
//! A [`Redactor`] reads everything twice. First it collects all words. Then it replaces each word with another one of the same form
//! that occurs nowhere in the input. It replaces words and not whole values, so that a title in a URL still matches the title.

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
