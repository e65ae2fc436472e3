//! The pages of docs/reference/ are written from the program: what it accepts, checks, sends and prints.
//!
//! The pages in `WRITTEN` are written by hand. `tables.rs` compares their numbers with the code.

mod command_page;
mod lists;
mod markdown;
mod schema_fields;

use std::collections::BTreeSet;
use std::path::Path;

use crate::committed_files::{expect_none, fresh};

/// The pages that a person writes.
const WRITTEN: [&str; 2] = ["command-line.md", "statuses-and-limits.md"];

/// A page: its path in docs/reference/ and its text.
type Page = (String, String);

fn pages() -> Vec<Page> {
    command_page::pages().into_iter().chain(lists::pages()).collect()
}

#[test]
fn committed_files_of_the_reference_are_current() {
    let mut stale = Vec::new();
    for (path, text) in pages() {
        fresh(format!("docs/reference/{path}"), text.as_bytes(), &mut stale);
    }
    expect_none(&stale);
}

#[test]
fn the_reference_has_no_page_about_something_that_is_gone() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let written = WRITTEN.map(str::to_owned).into_iter();
    let expected: BTreeSet<String> = pages().into_iter().map(|(path, _)| path).chain(written).collect();
    let found: BTreeSet<String> = crate::links::pages_under(&docs)
        .iter()
        .map(|path| path.strip_prefix(&docs).expect("a page of the reference").display().to_string())
        .collect();
    assert_eq!(found, expected);
}
