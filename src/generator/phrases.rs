//! What people of a company write: titles of pages and blog posts, names of spaces and files, labels, version messages.
//!
//! `{team}`, `{thing}`, `{quarter}`, `{person}`, `{company}` and `{number}` are filled in by `words`.

/// Titles of one language or content_type, and how many of a hundred titles are of it.
pub(super) struct ContentType {
    pub(super) percent: u8,
    pub(super) templates: &'static [&'static str],
}

/// Pages. Two thirds of what international companies write is English; emoji and titles that wrap are seen every day, but
/// not on every page. Quotes, ampersands and slashes are in the titles that people write anyway.
pub(super) const PAGES: [ContentType; 8] = [
    ContentType { percent: 80, templates: &ENGLISH_PAGES },
    ContentType {
        percent: 6,
        templates: &[
            "Übergabe {team} – offene Punkte",
            "Protokoll Jour fixe {team}",
            "Betriebshandbuch {team}",
            "Einarbeitung: {person}",
            "Größenordnung der Kosten, {quarter}",
        ],
    },
    ContentType {
        percent: 4,
        templates: &[
            "Compte rendu de réunion : {team}",
            "Procédure d’escalade – {team}",
            "Intégration {company} : points à préciser",
        ],
    },
    ContentType {
        percent: 3,
        templates: &["Reunión semanal de {team}", "Plan de trabajo: {team}", "¿Quién es quién en {team}?"],
    },
    ContentType { percent: 2, templates: &["Guia de integração: {company}", "Reunião de {team} – decisões"] },
    ContentType {
        percent: 2, templates: &["新しいメンバーのためのガイド ({team})", "{team} 週次ミーティング議事録"]
    },
    ContentType {
        percent: 2,
        templates: &["🚀 Launch plan: {thing}", "🔥 Incident room: {thing}", "✅ Definition of done ({team})"],
    },
    ContentType {
        percent: 1,
        templates: &[
            "Everything you always wanted to know about {thing}, its configuration, its failure modes, its history, \
                      and the people who keep it running, collected by {person} and {person} from two years of tickets, \
                      chats and hallway conversations",
        ],
    },
];

const ENGLISH_PAGES: [&str; 40] = [
    "{quarter} roadmap: {team}",
    "{quarter} OKRs for {team}",
    "{quarter} capacity plan",
    "ADR-{number}: move {thing} to its own service",
    "ADR-{number}: how we name events",
    "ADR-{number}: retire {thing}",
    "RFC {number}: a second region for {thing}",
    "Runbook: {thing} is down",
    "Runbook: restore {thing} from backup",
    "Runbook: rotate the keys of {thing}",
    "Post-mortem: {thing} outage of {quarter}",
    "Incident review {number}: {thing}",
    "Onboarding checklist for {team}",
    "Onboarding: {person}",
    "Meeting notes: {team} weekly",
    "Meeting notes: {team} / {team} sync",
    "1:1 {person} / {person}",
    "Interview notes: {company}",
    "How to get access to {thing}",
    "How we do code review in {team}",
    "How-to: read the dashboards of {thing}",
    "{thing} – architecture overview",
    "{thing} – data model",
    "{thing} API: deprecation plan",
    "{thing}: \"what could go wrong?\" workshop",
    "Release notes {number}.0",
    "Release checklist {number}.0",
    "Retrospective sprint {number}",
    "Sprint {number} goals & demo",
    "{company}: integration guide",
    "{company}: statement of work",
    "{company}: questions for procurement",
    "FAQ",
    "Glossary",
    "Decision log ({team})",
    "Travel & expenses policy",
    "On-call handbook ({team})",
    "Threat model: {thing}",
    "Access review {quarter}",
    "Team page: {team}",
];

pub(super) const BLOG_POSTS: [ContentType; 5] = [
    ContentType {
        percent: 82,
        templates: &[
            "What we shipped in {quarter}",
            "Welcome, {person}!",
            "Why we rewrote {thing}",
            "Five things we learned from {company}",
            "Maintenance window for {thing} this weekend",
            "All-hands recap {quarter}",
            "Farewell and thank you, {person}",
            "{team} is hiring",
            "{thing}: now in beta",
            "Survey results: what {team} told us",
        ],
    },
    ContentType { percent: 6, templates: &["Neues aus {team}", "Rückblick auf {quarter}"] },
    ContentType { percent: 4, templates: &["Bonne nouvelle : {company} nous rejoint", "{team} recrute"] },
    ContentType { percent: 3, templates: &["{team} からのお知らせ"] },
    ContentType { percent: 5, templates: &["{team} hackathon: the winners 🏆", "{thing} turns five 🎂"] },
];

/// Key and name of spaces that a company has from the beginning.
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

/// Key and name of those that come later; the key gets a number.
pub(super) const LATER_SPACES: [(&str, &str); 8] = [
    ("PRJ", "Project {company}"),
    ("TEAM", "{team} Team"),
    ("INC", "Incident {number}"),
    ("ROLL", "Rollout: {thing}"),
    ("CUST", "{company} – shared"),
    ("EVT", "Offsite {quarter}"),
    ("MIG", "Migration of {thing}"),
    ("ARC", "Archive {quarter}"),
];

pub(super) const SPACE_DESCRIPTIONS: [&str; 5] = [
    "",
    "Everything that concerns {team}.",
    "Plans, decisions and notes. Ask {person} for access.",
    "Shared with {company}: nothing confidential, please.",
    "Fragen bitte an {person}.",
];

pub(super) const TEAMS: [&str; 12] = [
    "Platform",
    "Payments",
    "Mobile",
    "Search",
    "Data",
    "Growth",
    "Customer Support",
    "Billing",
    "Identity",
    "SRE",
    "Design",
    "Trust & Safety",
];

pub(super) const THINGS: [&str; 16] = [
    "the billing export",
    "webhook delivery",
    "the search index",
    "single sign-on",
    "the audit log",
    "nightly backups",
    "the design tokens",
    "the mobile app",
    "the event bus",
    "rate limiting",
    "the data warehouse",
    "feature flags",
    "the CI cluster",
    "invoice PDFs",
    "the status page",
    "the partner portal",
];

/// Without years, for `--at` decides what year it is.
pub(super) const QUARTERS: [&str; 6] = ["Q1", "Q2", "Q3", "Q4", "H1", "H2"];

/// Labels as people type them, and the quarters, teams and numbers that they tag with.
pub(super) const LABELS: [&str; 20] = [
    "meeting-notes",
    "decision",
    "draft",
    "runbook",
    "how-to",
    "architecture",
    "roadmap",
    "onboarding",
    "postmortem",
    "api",
    "deprecated",
    "security-review",
    "büro",
    "favourite",
    "adr",
    "release",
    "kb-troubleshooting-article",
    "needs-review",
    "faq",
    "okr",
];

/// Most authors write no message.
pub(super) const VERSION_MESSAGES: [&str; 9] = [
    "Fix typo",
    "Update after review",
    "Add diagram",
    "Move open questions to the end",
    "Reverted from v. 3",
    "Link the ticket",
    "Wording",
    "Tippfehler behoben",
    "Say \"receiver\", not \"server\"",
];

/// What is put behind a title when a page is renamed, and taken off again.
pub(super) const RENAMED: [&str; 5] = [" (draft)", " – final", " [archived]", " v2", " ⚠️ outdated"];

/// A content_type of file: stem, extension, media type, and sizes in bytes that fit it.
pub(super) struct FileKind {
    pub(super) stem: &'static str,
    pub(super) extension: &'static str,
    pub(super) media_type: &'static str,
    pub(super) sizes: std::ops::Range<u64>,
}

const fn file(
    stem: &'static str,
    extension: &'static str,
    media_type: &'static str,
    sizes: std::ops::Range<u64>,
) -> FileKind {
    FileKind { stem, extension, media_type, sizes }
}

pub(super) const FILES: [FileKind; 14] = [
    file("Architecture", "png", "image/png", 18_000..2_400_000),
    file("image-{number}", "png", "image/png", 4_000..900_000),
    file("Team photo", "jpg", "image/jpeg", 240_000..6_500_000),
    file(
        "Budget {quarter}",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        9_000..900_000,
    ),
    file("{company} contract", "pdf", "application/pdf", 60_000..8_000_000),
    file("Invoice {number}", "pdf", "application/pdf", 22_000..400_000),
    file("deploy-{number}", "log", "text/plain", 400..12_000_000),
    file("Export {quarter}", "csv", "text/csv", 2_000..40_000_000),
    file("Backup", "zip", "application/zip", 1_000_000..3_200_000_000),
    file("Flow", "drawio", "application/vnd.jgraph.mxfile", 3_000..400_000),
    file("recording-{number}", "mp4", "video/mp4", 8_000_000..900_000_000),
    file("config", "json", "application/json", 120..90_000),
    file(
        "{team} all-hands",
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        400_000..30_000_000,
    ),
    file(
        "Entwurf für {team}",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        12_000..3_000_000,
    ),
];
