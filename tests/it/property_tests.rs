//! The properties of `properties.rs` on a fixed number of inputs from a fixed seed, and on every input that a fuzzer has
//! ever found something with. `fuzz/README.md` says how to run them for longer.

use std::path::Path;

use cfwh::profiles::ALL;
use cfwh::validation::Validator;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::properties;
use crate::support::Sandbox;

/// Inputs a property: few by default, and many in the ignored tests. The same ones every time: a test that fails must fail
/// for everybody.
const FEW: u32 = 250;
const MANY: u32 = 10_000;
const SEED: [u8; 32] = [7; 32];

/// Fragments for inputs: tokens that parsers look for, and control characters.
const WORDS: &[&str] = &[
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\r\n",
    "\n",
    "\t",
    " ",
    "\u{feff}",
    "\0",
    "\u{1b}[2J",
    "\u{9b}",
    "\u{202e}",
    "\u{200b}",
    "\\ud800",
    "\\u0000",
    "1e999",
    "-0",
    "9223372036854775808",
    "null",
    "true",
    "\"id\":",
    "\"event\":",
    "\"page_created\"",
    "\"page_moved\"",
    "sha256=",
    "sha1=",
    "SHA256=",
    "POST ",
    " HTTP/1.1",
    "http://",
    "Host: ",
    "X-Hub-Signature: ",
    "%0A",
    "é",
    "🚀",
];

/// Every file of a folder and below it.
fn files(folder: &str) -> Vec<Vec<u8>> {
    fn search(folder: &Path, found: &mut Vec<Vec<u8>>) {
        let mut entries: Vec<_> =
            folder.read_dir().into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() { search(&path, found) } else { found.push(std::fs::read(&path).expect("a file")) }
        }
    }
    let mut found = Vec::new();
    search(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// Any bytes, or a sample with a few places changed.
fn inputs(samples: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), 0..4_u8, select(WORDS), any::<u8>());
    let damaged = (select(samples), vec(change, 0..6)).prop_map(|(mut bytes, changes)| {
        for (at, way, word, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match way {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, word.bytes())),
                2 if at < bytes.len() => bytes[at] = byte,
                _ => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
            }
        }
        bytes
    });
    let made = vec(select(WORDS), 0..40).prop_map(|words| words.concat().into_bytes());
    prop_oneof![1 => vec(any::<u8>(), 0..200), 2 => made, 5 => damaged]
}

/// Checks a property with the inputs of fuzzers and with changed samples.
fn check(target: &str, cases: u32, samples: Vec<Vec<u8>>, property: impl Fn(&[u8])) {
    for found in files(&format!("fuzz/found/{target}")) {
        property(&found);
    }
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let run = TestRunner::new_with_rng(config, rng).run(&inputs(samples), |bytes| {
        property(&bytes);
        Ok::<(), TestCaseError>(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

fn check_validation(cases: u32) {
    let validators = ALL.map(Validator::new);
    check("validation", cases, files("samples"), |bytes| properties::validation(&validators, bytes));
}

fn check_captures(cases: u32) {
    let validators = ALL.map(Validator::new);
    check("capture", cases, files("samples"), |bytes| properties::capture(&validators, bytes));
}

fn check_stories(cases: u32) {
    let sandbox = Sandbox::new();
    let disorder = ["--shuffle", "--duplicate", "0.2", "--drop", "0.2"];
    let stories = (1..=8).map(|seed: u8| {
        let profile = if seed.is_multiple_of(2) { "cloud" } else { "spec" };
        let story = ["fake", "story", "--count", "12", "--format", "ndjson", "--profile", profile];
        sandbox.run(&[&story[..], &disorder, &["--seed", &seed.to_string()]].concat()).expect(0).stdout
    });
    let validators = ALL.map(|profile| Validator::new(profile).with_story(true));
    check("story", cases, stories.collect(), |bytes| properties::story(&validators, bytes));
}

/// Texts on both sides of the grammar of JSON.
const JSON: &[&str] = &[
    r#"{"a":[1,-0,0.5,1e5,-1E+2,2e-3,true,false,null,{}],"":"x","a":{"b":[[[]]]}}"#,
    "[0,-1,12.25,1e308,1.7976931348623157e308,0e999,1e-999,123456789012345678901234567890]",
    r#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude80 é🚀""#,
    " \t\r\n[ ] ",
    r#"["\ud83d\ud83d","\ude80","\ud83d\u0041"]"#,
    "-",
    "1.",
    "01",
    "nul",
];

fn check_json(cases: u32) {
    let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    let texts = JSON.iter().map(|text| text.as_bytes().to_vec()).chain((120..135).map(nested));
    let texts: Vec<Vec<u8>> = texts.collect();
    for text in &texts {
        properties::json(text);
    }
    check("json", cases, texts, |bytes| _ = properties::json(bytes));
}

#[test]
fn any_text_is_json_to_our_parser_and_to_serde_json() {
    check_json(FEW);
}

#[test]
fn any_body_gets_the_same_verdict_both_ways_and_a_safe_report() {
    check_validation(FEW);
}

#[test]
fn any_readable_capture_is_written_as_it_was() {
    check_captures(FEW);
}

#[test]
fn any_lines_are_judged_as_a_story() {
    check_stories(FEW);
}

#[test]
fn any_header_value_has_one_meaning() {
    check("signature", FEW, files("samples"), properties::signature);
}

#[test]
fn the_search_for_a_cause_ends_for_any_mismatch() {
    check("explanation", FEW, files("samples"), properties::explanation);
}

#[test]
fn any_text_is_made_safe_for_a_terminal() {
    check("escaping", FEW, files("samples"), properties::escaping);
}

#[test]
#[ignore = "takes minutes"]
fn every_property_holds_for_many_inputs() {
    check_validation(MANY);
    check_captures(MANY);
    check_json(MANY);
    check_stories(MANY);
    check("signature", MANY, files("samples"), properties::signature);
    check("explanation", MANY, files("samples"), properties::explanation);
    check("escaping", MANY, files("samples"), properties::escaping);
}
