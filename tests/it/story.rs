//! `fake story` and `validate --story`: what holds between the events of a story, docs/explanation/stories.md, and that what does not
//! hold is found.

use std::collections::BTreeMap;

use cfwh::generator::story::Story;
use cfwh::json;
use cfwh::models::event::EventKind;
use cfwh::models::request::{Headers, Request};
use cfwh::models::rule::Rule;
use cfwh::profiles::{ALL, Profile, cloud, find_event, published};
use cfwh::validation::report::{Finding, Report};
use cfwh::validation::story::StoryChecker;
use cfwh::validation::story::facts::Facts;
use serde_json::json;

use crate::support::{Endpoint, Listener, Sandbox};
use crate::support::{all_events, event_kind};

/// 2026-01-15T09:30:00Z
pub const NOW: i64 = 1_768_469_400_000;

/// Every finding about the bodies as a story, with the number of the event.
fn found(profile: &'static Profile, bodies: impl IntoIterator<Item = (EventKind, Vec<u8>)>) -> Vec<(usize, Finding)> {
    let mut sequence = StoryChecker::default();
    let mut found = Vec::new();
    for (number, (kind, body)) in bodies.into_iter().enumerate() {
        let facts = Facts::read(profile, kind, &json::parse(&body).expect("it is JSON")).map(Box::new);
        let mut report = Report { facts, ..Report::clean(Some(kind), kind.entity()) };
        sequence.check(&Request::post("", Headers::new(), body), &mut report, usize::MAX);
        found.extend(report.findings.into_iter().map(|finding| (number, finding)));
    }
    found
}

/// Every rule that the bodies break, with the number of the event.
pub fn broken(
    profile: &'static Profile,
    bodies: impl IntoIterator<Item = (EventKind, Vec<u8>)>,
) -> Vec<(usize, &'static str)> {
    found(profile, bodies).into_iter().map(|(number, finding)| (number, finding.rule.id())).collect()
}

pub fn told(seed: u64, events: usize, profile: &'static Profile) -> impl Iterator<Item = (EventKind, Vec<u8>)> {
    let mut story = Story::new(seed, NOW, profile);
    (0..events).map(move |_| {
        let mut body = Vec::new();
        let kind = story.write(&mut body);
        (kind, body)
    })
}

/// Runs a test on every core, each with its share of the seeds.
pub fn for_seeds(seeds: u64, test: impl Fn(u64) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let test = &test;
            scope.spawn(move || (thread..seeds).step_by(usize::try_from(threads).expect("few cores")).for_each(test));
        }
    });
}

#[test]
fn a_thousand_stories_break_no_rule() {
    expect_no_broken_rule(1_000);
}

#[test]
#[ignore = "takes minutes"]
fn ten_thousand_stories_break_no_rule() {
    expect_no_broken_rule(10_000);
}

fn expect_no_broken_rule(stories: u64) {
    for_seeds(stories, |seed| {
        let profile = ALL[usize::try_from(seed).expect("it is small") % ALL.len()];
        assert_eq!(
            broken(profile, told(seed, 20 + usize::try_from(seed % 41).expect("it is small"), profile)),
            [],
            "seed {seed}, {profile}"
        );
    });
}

#[test]
fn long_stories_break_no_rule_and_any_thousand_events_have_every_kind() {
    for_seeds(4, |seed| {
        let bodies: Vec<_> = told(seed, 3000, &published::PROFILE).collect();
        for thousand in bodies.windows(1000).step_by(100) {
            let missing: Vec<_> = all_events().filter(|kind| thousand.iter().all(|(other, _)| other != kind)).collect();
            assert_eq!(missing, [], "seed {seed}");
        }
        assert_eq!(broken(&published::PROFILE, bodies), [], "seed {seed}");
    });
}

/// A page without a creation is one finding, in the first body about it.
const PAGE: usize = 1_000_000;

/// A comment in the shape of either profile, on a page or answering another comment.
fn comment(profile: &'static Profile, kind: EventKind, id: usize, answers: Option<usize>) -> (EventKind, Vec<u8>) {
    let comment = match (profile.name, answers) {
        ("spec", _) => json!({ "id": id, "container": { "id": answers.unwrap_or(PAGE) } }),
        (_, None) => json!({ "id": id, "parent": { "id": PAGE } }),
        (_, Some(answers)) => {
            json!({ "id": id, "parent": { "id": PAGE }, "inReplyTo": { "id": answers } })
        }
    };
    (kind, json!({ "comment": comment }).to_string().into_bytes())
}

#[test]
fn removing_a_comment_removes_all_nested_replies() {
    const ANSWERS: usize = 10_000;
    for profile in ALL {
        let created = (0..=ANSWERS)
            .map(|id| comment(profile, event_kind("comment_created"), id, id.checked_sub(1)))
            .chain([comment(profile, event_kind("comment_created"), ANSWERS + 1, None)]);
        let removed = comment(profile, event_kind("comment_removed"), 0, None);
        // All of them count as comments on the page, because their parents do not exist.
        let updated = (0..=ANSWERS + 1).map(|id| comment(profile, event_kind("comment_updated"), id, None));
        let broken = broken(profile, created.chain([removed]).chain(updated));
        let after_removal = (ANSWERS + 3..=2 * ANSWERS + 3).map(|number| (number, "story/removed"));
        assert_eq!(broken, [(0, "story/container")].into_iter().chain(after_removal).collect::<Vec<_>>(), "{profile}");
    }
}

/// If items are received before their containers, they may be nested to any depth.
#[test]
fn removing_content_removes_everything_on_it_to_any_depth() {
    const DEPTH: usize = 10_000;
    let on = |id: usize, on: usize, answers: Option<usize>| {
        let mut body = json!({ "comment": { "id": id, "parent": { "id": on } } });
        if let Some(answers) = answers {
            body["comment"]["inReplyTo"] = json!({ "id": answers });
        }
        (event_kind("comment_created"), body.to_string().into_bytes())
    };
    // Each level has an item, and a reply to an unknown comment.
    let (thing, pointer) = (|level: usize| 2 * level, |level: usize| 2 * level + 1);
    let created = (0..DEPTH).flat_map(|level| {
        let below = level.checked_sub(1).map_or(PAGE, pointer);
        [on(pointer(level), thing(level), Some(PAGE + 1)), on(thing(level), below, None)]
    });
    let removed = comment(&cloud::PROFILE, event_kind("comment_removed"), thing(0), None);
    let deepest = on(thing(DEPTH - 1), PAGE, None);
    let broken = broken(&cloud::PROFILE, created.chain([removed, deepest]));
    assert_eq!(broken.last(), Some(&(2 * DEPTH + 1, "story/repeated-id")));
}

#[test]
fn times_at_the_limits_of_their_range_are_compared() {
    let told = |timestamp: Option<i64>, version: u32, when: Option<i64>| {
        let page = json!({ "id": 1, "spaceKey": "A", "version": version, "modificationDate": when });
        json!({ "timestamp": timestamp, "page": page }).to_string().into_bytes()
    };
    let story = [
        (event_kind("page_created"), told(Some(i64::MAX), 1, Some(i64::MAX))),
        (event_kind("page_updated"), told(Some(i64::MIN), 2, None)),
        (event_kind("page_updated"), told(None, 3, Some(i64::MIN))),
    ];
    let early = [(event_kind("page_created"), told(Some(i64::MIN), 1, Some(i64::MAX)))];
    let times = |story: &[(EventKind, Vec<u8>)]| {
        let findings = found(&cloud::PROFILE, story.to_vec()).into_iter().map(|(_, finding)| finding);
        findings.filter(|finding| finding.rule == Rule::StoryTime).map(|finding| finding.message).collect::<Vec<_>>()
    };
    let apart = u64::MAX;
    assert_eq!(
        times(&story),
        [
            format!("the event is {apart} ms older than the previous event"),
            format!("the version is {apart} ms older than the previous version"),
        ]
    );
    assert_eq!(times(&early), [format!("the version is {apart} ms newer than the event")]);
}

#[test]
fn the_docs_name_every_rule_of_stories() {
    let docs = include_str!("../../docs/explanation/stories.md");
    for rule in Rule::ALL.iter().filter(|rule| rule.id().starts_with("story/")) {
        assert!(docs.contains(&format!("| `{rule}` |")), "{rule}");
    }
}

const SEEDED: [&str; 6] = ["--seed", "5", "--at", "2026-01-15T09:30:00Z", "--format", "ndjson"];

#[test]
fn a_story_is_clean_and_a_disordered_one_is_not() {
    let sandbox = Sandbox::new();
    let fake = |more: &[&str]| {
        sandbox.run(&[&["fake", "story", "--count", "500"][..], &SEEDED, more].concat()).expect(0).stdout
    };
    let story = fake(&[]);
    assert_eq!(fake(&[]), story, "the same seed, the same bytes");
    let run = sandbox.run_with(&["validate", "--story", "--strict", "-"], story.clone()).expect(0);
    assert_eq!((run.text(), run.stderr.as_str()), ("", "500 validated: 500 clean, 0 with warnings, 0 with errors\n"));
    for (disorder, rule) in [
        (&["--shuffle"][..], "story/time"),
        (&["--duplicate", "0.2"], "story/repeated-id"),
        (&["--drop", "0.2"], "story/not-created"),
    ] {
        let told = fake(disorder);
        assert_ne!(told, story);
        assert_eq!(fake(disorder), told, "{disorder:?}: the same seed, the same bytes");
        let run = sandbox.run_with(&["validate", "--story", "--json", "-"], told.clone()).expect(1);
        assert!(run.text().contains(rule), "{disorder:?}");
        sandbox.run_with(&["validate", "--strict", "-"], told).expect(0);
    }
}

#[test]
fn a_gap_in_a_story_is_shown_with_its_location() {
    let sandbox = Sandbox::new();
    let story = sandbox.run(&[&["fake", "story", "--count", "3"][..], &SEEDED].concat()).expect(0);
    sandbox.write("story.ndjson", story.text().lines().skip(1).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(sandbox.run(&["validate", "--story", "story.ndjson"]).expect(1).text());
}

#[test]
fn a_story_in_separate_files_is_checked_in_their_order() {
    let sandbox = Sandbox::new();
    sandbox.run(&["fake", "story", "--count", "300", "--out", "out", "--seed", "2"]).expect(0);
    assert_eq!(sandbox.path().join("out").read_dir().expect("a folder").count(), 300);
    let run = sandbox.run(&["validate", "--story", "out"]).expect(0);
    assert_eq!(run.stderr, "300 validated: 300 clean, 0 with warnings, 0 with errors\n");
}

#[test]
fn disorder_options_need_a_story() {
    let run = Sandbox::new().run(&["fake", "page_created", "--shuffle", "--seed", "1"]).expect(2);
    assert_eq!(
        run.stderr,
        "error: --shuffle, --duplicate and --drop apply only to a story\n  fix: try `cfwh fake story --shuffle`\n"
    );
}

#[test]
fn a_story_is_sent_in_order_each_event_to_its_url() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks/{event}");
    let arguments =
        ["send", "story", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "40", "--format", "json"];
    let run = sandbox.run(&[&arguments[..], &["--at", "2026-01-15T09:30:00Z"]].concat()).expect(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let received = endpoint.received();
    let bodies: Vec<_> = received
        .iter()
        .map(|request| {
            let name = request.url.rsplit('/').next().expect("a segment");
            (find_event(name).expect("the URL names the event"), request.body.clone())
        })
        .collect();
    assert_eq!(bodies, told(5, 40, &cloud::PROFILE).collect::<Vec<_>>());
}

#[test]
fn a_duplicated_event_keeps_its_identifier() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks");
    sandbox.run(&["send", "story", "--to", &url, "--seed", "5", "--count", "20", "--duplicate", "1"]).expect(0);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for request in endpoint.received() {
        *times.entry(request.header("X-Atlassian-Webhook-Identifier").expect("it is there").to_owned()).or_default() +=
            1;
    }
    assert_eq!(times.into_values().collect::<Vec<_>>(), [2; 20]);
}

#[test]
fn sending_cloud_bodies_to_one_url_warns_once() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let warned = |path: &str| {
        let url = endpoint.url(path);
        let run =
            sandbox.run(&["send", "page_created", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "3"]);
        run.expect(0).stderr.matches("warning: ").count()
    };
    assert_eq!(warned("/hooks"), 1);
    assert_eq!(warned("/hooks/page_created?lic=active"), 0);
    assert_eq!(warned("/hooks/{event}"), 0);
}

#[test]
fn captured_cloud_stories_are_checked_by_their_paths() {
    let (sandbox, other) = (Sandbox::new(), Sandbox::new());
    let listener = Listener::start(&sandbox, &["--capture", "calls", "--count", "60"]);
    let url = format!("{}/{{event}}", listener.url);
    other.run(&["send", "story", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "60"]).expect(0);
    listener.finish();
    let story_findings = |sandbox: &Sandbox| {
        let judged = sandbox.run(&["validate", "--story", "--json", "--profile", "cloud", "calls"]).json();
        assert!(judged.iter().all(|line| line["event"].is_string()));
        let findings = judged.iter().flat_map(|line| line["findings"].as_array().expect("a list").clone());
        findings.filter(|finding| finding["rule"].as_str().is_some_and(|rule| rule.starts_with("story/"))).count()
    };
    assert_eq!(story_findings(&sandbox), 0);
    std::fs::remove_file(sandbox.path().join("calls/000001-space_created.http")).expect("it was kept");
    assert_ne!(story_findings(&sandbox), 0);
}
