//! The words of a company's wiki. `fake` supplies names and buzzwords; the sense is ours.

use fake::Fake;
use fake::faker::company::en::{Buzzword, BuzzwordTail, CompanyName};
use fake::faker::name::en::FirstName;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

/// Key and name of the global spaces.
pub(super) const SPACES: [(&str, &str); 8] = [
    ("ENG", "Engineering"),
    ("OPS", "Operations & On-call"),
    ("PROD", "Product Management"),
    ("DES", "Design System"),
    ("HR", "People & Culture"),
    ("SEC", "Security"),
    ("KB", "Knowledge Base"),
    ("DE", "Vertrieb und Partner"),
];

/// `{team}`, `{thing}`, `{quarter}`, `{person}` and `{company}` are filled in.
const PAGES: [&str; 26] = [
    "{quarter} roadmap: {team}",
    "{quarter} OKRs for {team}",
    "ADR-{number}: move {thing} to its own service",
    "ADR-{number}: how we name events",
    "Runbook: {thing} is down",
    "Runbook: restore {thing} from backup",
    "Post-mortem: {thing} outage of {quarter}",
    "Onboarding checklist for {team}",
    "Meeting notes: {team} weekly",
    "1:1 {person} / {person}",
    "How to get access to {thing}",
    "{thing} – architecture overview",
    "{thing} API: deprecation plan",
    "Release notes {number}.0",
    "Retrospective sprint {number}",
    "{company}: integration guide",
    "{company}: statement of work",
    "FAQ",
    "Decision log ({team})",
    "Travel & expenses policy",
    "Threat model: {thing}",
    "Übergabe {team} – offene Punkte",
    "Compte rendu de réunion : {team}",
    "新しいメンバーのためのガイド ({team})",
    "🚀 Launch plan: {thing}",
    "Everything you always wanted to know about {thing}, its configuration, its failure modes, its history, and the people who \
     keep it running, collected by {person} and {person} from two years of tickets, chats and hallway conversations",
];

const BLOG_POSTS: [&str; 10] = [
    "What we shipped in {quarter}",
    "Welcome, {person}!",
    "Why we rewrote {thing}",
    "Five things we learned from {company}",
    "{team} hackathon: the winners 🏆",
    "Maintenance window for {thing} this weekend",
    "All-hands recap {quarter}",
    "Bonne nouvelle : {thing} est en production",
    "Neues aus {team}",
    "Farewell and thank you, {person}",
];

const TEAMS: [&str; 10] =
    ["Platform", "Payments", "Mobile", "Search", "Data", "Growth", "Customer Support", "Billing", "Identity", "SRE"];
const THINGS: [&str; 12] = [
    "the billing export",
    "webhook delivery",
    "the search index",
    "single sign-on",
    "the audit log",
    "nightly backups",
    "the design tokens",
    "feature flags",
    "the mobile gateway",
    "rate limiting",
    "the data warehouse",
    "page permissions",
];
const QUARTERS: [&str; 9] =
    ["Q1 2024", "Q3 2024", "Q4 2024", "Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026"];
const LABELS: [&str; 16] = [
    "meeting-notes",
    "decision",
    "runbook",
    "draft",
    "how-to-article",
    "kb-troubleshooting-article",
    "retrospective",
    "roadmap",
    "onboarding",
    "postmortem",
    "api",
    "deprecated",
    "q1",
    "security-review",
    "büro",
    "favourite",
];
const VERSION_MESSAGES: [&str; 8] = [
    "Fix typo",
    "Update after review",
    "Add diagram",
    "Move open questions to the end",
    "Reverted from v. 3",
    "Link the ticket",
    "Wording",
    "Tippfehler behoben",
];

/// Stem, extension, media type, and a range of sizes in bytes that fits it.
const FILES: [(&str, &str, &str, std::ops::Range<i64>); 9] = [
    ("Architecture", "png", "image/png", 18_000..2_400_000),
    ("Team photo", "jpg", "image/jpeg", 240_000..6_500_000),
    ("Budget {quarter}", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 9_000..900_000),
    ("{company} contract", "pdf", "application/pdf", 60_000..8_000_000),
    ("Deploy", "log", "text/plain", 400..12_000_000),
    ("Export {quarter}", "csv", "text/csv", 2_000..40_000_000),
    ("Backup", "zip", "application/zip", 1_000_000..3_200_000_000),
    ("Flow", "drawio", "application/vnd.jgraph.mxfile", 3_000..400_000),
    (
        "Entwurf für {team}",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        12_000..3_000_000,
    ),
];

pub(super) fn page(rng: &mut ChaCha8Rng) -> String {
    fill(PAGES.choose(rng).expect("there are pages"), rng)
}

pub(super) fn blog_post(rng: &mut ChaCha8Rng) -> String {
    fill(BLOG_POSTS.choose(rng).expect("there are blog posts"), rng)
}

pub(super) fn label(rng: &mut ChaCha8Rng) -> &'static str {
    LABELS.choose(rng).expect("there are labels")
}

/// A description of a new space's purpose, as its name.
pub(super) fn project(rng: &mut ChaCha8Rng) -> String {
    let head: &str = Buzzword().fake_with_rng(rng);
    let tail: &str = BuzzwordTail().fake_with_rng(rng);
    format!("Project {head} {tail}")
}

/// Most authors write no message, so two of three are empty.
pub(super) fn version_message(rng: &mut ChaCha8Rng) -> &'static str {
    if rng.random_ratio(1, 3) { VERSION_MESSAGES.choose(rng).expect("there are messages") } else { "" }
}

/// A file's name, its media type and its size in bytes.
pub(super) fn file(rng: &mut ChaCha8Rng) -> (String, &'static str, i64) {
    let (stem, extension, media_type, sizes) = FILES.choose(rng).expect("there are files");
    let stem = fill(stem, rng);
    (format!("{stem}.{extension}"), media_type, rng.random_range(sizes.clone()))
}

fn fill(template: &str, rng: &mut ChaCha8Rng) -> String {
    let mut title = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').expect("every slot is closed");
        title.push_str(before);
        match slot {
            "team" => title.push_str(TEAMS.choose(rng).expect("there are teams")),
            "thing" => title.push_str(THINGS.choose(rng).expect("there are things")),
            "person" => title.push_str(FirstName().fake_with_rng(rng)),
            "company" => title.push_str(&CompanyName().fake_with_rng::<String, _>(rng)),
            "quarter" => title.push_str(QUARTERS.choose(rng).expect("there are quarters")),
            "number" => title.push_str(&rng.random_range(2..60u8).to_string()),
            other => unreachable!("no word for {other}"),
        }
        rest = after;
    }
    title.push_str(rest);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}
