//! `fake --coverage` covers all values, and each body of `fake --invalid` breaks exactly its rule.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use cfwh::models::event::{EventKind, in_file_name};
use cfwh::models::rule::Rule;
use cfwh::profiles::document::Document;
use cfwh::profiles::{ALL, Profile, published};
use serde_json::Value;

use crate::support::Sandbox;
use crate::support::all_events;

const SEEDED: [&str; 6] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z", "--format", "ndjson"];

fn bodies(sandbox: &Sandbox, arguments: &[&str]) -> Vec<Value> {
    sandbox.run(&[&["fake"], arguments, &SEEDED].concat()).expect(0).json()
}

/// Every value that stands at a path, and in how many bodies the path is there although what holds it is.
#[derive(Default)]
struct Seen {
    values: BTreeMap<String, BTreeSet<String>>,
    missing: BTreeSet<String>,
}

impl Seen {
    fn of(bodies: &[Value]) -> Self {
        let mut seen = Self::default();
        let mut paths = BTreeSet::new();
        for body in bodies {
            seen.walk("", body, &mut paths);
        }
        for path in &paths {
            let (holder, key) = path.rsplit_once('/').expect("a path begins with a slash");
            let lacks = |body: &Value| body.pointer(holder).is_some_and(|holder| holder.get(key).is_none());
            if bodies.iter().any(lacks) {
                seen.missing.insert(path.clone());
            }
        }
        seen
    }

    fn walk(&mut self, at: &str, value: &Value, paths: &mut BTreeSet<String>) {
        if let Value::Object(members) = value {
            for (key, value) in members {
                let path = format!("{at}/{key}");
                paths.insert(path.clone());
                self.walk(&path, value, paths);
            }
        } else {
            self.values.entry(at.to_owned()).or_default().insert(value.to_string());
        }
    }
}

#[test]
fn coverage_bodies_contain_every_field_and_no_error() {
    let (sandbox, document) = (Sandbox::new(), Document::new(&published::PROFILE));
    for kind in all_events() {
        let covering = bodies(&sandbox, &[kind.name(), "--coverage"]);
        let lines: Vec<String> = covering.iter().map(Value::to_string).collect();
        sandbox.run_with(&["validate", "-"], lines.join("\n")).expect(0);
        let seen = Seen::of(&covering);
        let full = bodies(&sandbox, &[kind.name()]);
        for path in Seen::of(&full).values.keys() {
            assert_eq!(seen.missing.contains(path), path != "/event", "{kind}: {path} is left out once");
            let mut shape = &document.shape(published::PROFILE.body(kind).expect("a form"));
            for step in path.split('/').skip(1) {
                shape = shape.property(step).expect("it is declared");
            }
            if path != "/event"
                && let Some(declared) = &shape.values
            {
                let declared: BTreeSet<String> = declared.value.iter().map(|value| format!("\"{value}\"")).collect();
                assert_eq!(seen.values[path], declared, "{kind}: {path}");
            }
        }
        assert!(seen.values["/timestamp"].contains(&i64::MIN.to_string()), "{kind}");
        // No smaller set has it all: one property needs a body a value, one without it, and one without what holds it.
        let need = |path: &String| seen.values[path].len() + path.matches('/').count();
        assert_eq!(seen.values.keys().map(need).max(), Some(covering.len()), "{kind}");
    }
}

#[test]
fn coverage_bodies_of_every_sender_vary_every_field() {
    let sandbox = Sandbox::new();
    for profile in ALL {
        // Bodies that name their event are made and validated in one run.
        let names_all = profile.events.all().map(EventKind::name);
        let sources: Vec<_> = if profile.names_event_in_url() { names_all.collect() } else { vec!["all"] };
        for source in sources {
            let covering = bodies(&sandbox, &[source, "--coverage", "--profile", profile.name]);
            assert!(covering.len() > 5, "{profile} {source}: {}", covering.len());
            let lines: Vec<String> = covering.iter().map(Value::to_string).collect();
            let event: &[&str] = if source == "all" { &[] } else { &["--event", source] };
            let arguments = [&["validate", "--profile", profile.name, "-"], event].concat();
            sandbox.run_with(&arguments, lines.join("\n")).expect(0);
            if profile.names_event_in_url() {
                let seen = Seen::of(&covering);
                assert!(covering.iter().all(|body| body.get("event").is_none()), "{source}");
                for path in ["/timestamp", "/userAccountId", "/accountType"] {
                    assert!(seen.missing.contains(path), "{source}: {path}");
                }
            }
        }
    }
}

#[test]
fn coverage_bodies_have_ids_beyond_doubles_of_the_types_that_a_sender_has() {
    let sandbox = Sandbox::new();
    for (id_type, is_number, is_string) in
        [(&[][..], true, true), (&["--id-type", "integer"], true, false), (&["--id-type=string"], false, true)]
    {
        let covering = bodies(&sandbox, &[&["page_created", "--coverage", "--profile", "cloud"], id_type].concat());
        let ids = &Seen::of(&covering).values["/page/id"];
        assert_eq!(ids.contains("9007199254740993"), is_number, "{id_type:?}");
        assert_eq!(ids.contains("\"9007199254740993\""), is_string, "{id_type:?}");
    }
}

#[test]
fn ids_have_the_type_that_was_chosen() {
    let sandbox = Sandbox::new();
    for (id_type, is_chosen) in [("integer", Value::is_number as fn(&Value) -> bool), ("string", Value::is_string)] {
        for source in ["all", "story"] {
            let arguments = [source, "--profile", "cloud", "--id-type", id_type, "--count", "30"];
            for body in bodies(&sandbox, &arguments) {
                let payloads = body.as_object().expect("an object").values().filter_map(|value| value.get("id"));
                assert!(payloads.clone().all(is_chosen), "{id_type}: {body}");
            }
        }
    }
    let run = sandbox.run(&["fake", "page_created", "--id-type", "string"]).expect(2);
    let expected = "error: --id-type does not apply to --profile spec, because all of its ids have the same type\n  fix: use it with --profile cloud\n";
    assert_eq!(run.stderr, expected);
}

#[test]
fn cloud_bodies_of_every_year_are_clean_under_strict() {
    let sandbox = Sandbox::new();
    for (seed, kind) in (0..4).flat_map(|seed: u8| all_events().map(move |kind| (seed.to_string(), kind))) {
        let arguments =
            ["fake", kind.name(), "--profile", "cloud", "--count", "30", "--format", "ndjson", "--seed", &seed];
        let lines = sandbox.run(&arguments).expect(0).stdout;
        sandbox.run_with(&["validate", "--profile", "cloud", "--strict", "--event", kind.name(), "-"], lines).expect(0);
    }
}

#[test]
fn each_invalid_body_breaks_only_the_rule_it_is_named_after() {
    let of_bodies: BTreeSet<_> =
        Rule::ALL.iter().map(|rule| rule.id()).filter(|id| !id.starts_with("story/")).map(str::to_owned).collect();
    for profile in ALL {
        let sandbox = Sandbox::new();
        sandbox.run(&["fake", "all", "--invalid", "--out", "out", "--seed", "1", "--profile", profile.name]).expect(0);
        let mut shown = BTreeSet::new();
        // All files that are validated in the same way are validated in one run.
        let mut runs: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
        for kind in profile.events.all() {
            for entry in sandbox.path().join("out").join(in_file_name(kind.name())).read_dir().expect("a folder") {
                let path = entry.expect("an entry").path();
                let rule = path.file_stem().expect("a name").to_string_lossy().into_owned();
                let is_senders = profile.expects_all_declared && ["required", "unseen-value"].contains(&rule.as_str());
                let mut options = vec!["--profile", if is_senders { "cloud" } else { profile.name }];
                // Nothing in a body of Confluence Cloud names its event.
                if profile.names_event_in_url() || rule == "event-mismatch" {
                    options.extend(["--event", kind.name()]);
                }
                runs.entry(options).or_default().push(path.to_str().expect("text").to_owned());
                shown.insert(rule);
            }
        }
        for (options, paths) in runs {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let lines = sandbox.run(&[&["validate", "--json"], &options[..], &paths].concat()).json();
            assert_eq!(lines.len(), paths.len(), "{profile}");
            for judged in lines {
                let input = judged["input"].as_str().expect("a path");
                let findings = judged["findings"].as_array().expect("a list");
                let rules: BTreeSet<_> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
                let rule = Path::new(input).file_stem().and_then(OsStr::to_str).expect("a name");
                assert_eq!(rules, BTreeSet::from([rule]), "{profile}: {judged}");
            }
        }
        let unbroken: Vec<_> = of_bodies.difference(&shown).collect();
        if profile.is_default() {
            assert_eq!(unbroken, [""; 0], "every rule is broken");
        }
        assert!(unbroken.len() < 12, "{profile}: {unbroken:?}");
    }
}

#[test]
fn each_invalid_story_breaks_the_rule_it_is_named_after() {
    let sandbox = Sandbox::new();
    for (seed, profile) in [("1", "spec"), ("2", "spec"), ("3", "spec"), ("1", "datacenter"), ("1", "forge")] {
        let Some(profile) = Profile::named(profile) else { continue };
        let folder = format!("{profile}-{seed}");
        let arguments = ["fake", "story", "--invalid", "--out", &folder, "--seed", seed, "--profile", profile.name];
        sandbox.run(&arguments).expect(0);
        let mut broken = 0;
        for rule in
            Rule::ALL.iter().map(|rule| rule.id()).filter(|id| id.starts_with("story/") && *id != "story/unidentified")
        {
            let path = format!("{folder}/{rule}.ndjson");
            if !sandbox.path().join(&path).exists() {
                assert!(!profile.is_default(), "{path}");
                continue;
            }
            let judged =
                sandbox.run(&["validate", "--story", "--json", "--profile", profile.name, &path]).expect(1).json();
            let (last, before) = judged.split_last().expect("it has events");
            assert!(before.iter().all(|line| line["findings"] == serde_json::json!([])), "{path}");
            let findings = last["findings"].as_array().expect("a list");
            assert_eq!((findings.len(), findings[0]["rule"].as_str()), (1, Some(rule)), "{path}");
            broken += 1;
        }
        assert!(broken > 4, "{profile}");
    }
}

#[test]
fn invalid_lines_are_ordered_by_rule() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&[&["fake", "page_trashed", "--invalid"], &SEEDED[..]].concat()).expect(0);
    let left_out = ["required", "event-mismatch", "path-mismatch", "unseen-value"];
    let told = left_out.map(|rule| format!("left out: `{rule}`, because a single body cannot break it\n"));
    assert_eq!(run.stderr, told.concat());
    sandbox.write("invalid.ndjson", &run.stdout);
    let judged = sandbox.run(&["validate", "--json", "invalid.ndjson"]).expect(1).json();
    let rules: Vec<&str> = judged.iter().map(|line| line["findings"][0]["rule"].as_str().expect("a rule")).collect();
    let expected = Rule::ALL.iter().map(|rule| rule.id());
    let expected = expected.filter(|id| !id.starts_with("story/") && !left_out.contains(id));
    assert_eq!(rules, expected.collect::<Vec<_>>());
}

#[test]
fn conflicting_options_of_fake_are_refused() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["story", "--coverage"][..],
        &["story", "--invalid"],
        &["story", "--invalid", "--shuffle", "--out", "out"],
        &["story", "--invalid", "--out", "out", "--profile", "cloud"],
        &["page_created", "--full"],
        &["page_created", "--id-type", "string"],
        &["page_created", "--invalid", "--coverage"],
        &["page_created", "--coverage", "--count", "2"],
    ] {
        let run = sandbox.run(&[&["fake"], arguments].concat()).expect(2);
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    }
}
