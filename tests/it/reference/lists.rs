//! Rules, causes, cases, faults and events: a page each.

use std::collections::BTreeSet;

use cfwh::auth::hub_signature::causes::catalogue;
use cfwh::auth::{ALL as SCHEMES, faults};
use cfwh::models::error_code::ErrorCode;
use cfwh::models::rule::Rule;
use cfwh::probe::cases;
use cfwh::probe::grade;
use cfwh::profiles::{ALL as PROFILES, EventIn, Profile};

use super::Page;
use super::markdown::{cell, code_list, escape, page, table};

/// Returns the pages.
pub fn pages() -> Vec<Page> {
    [
        ("rules.md", page("Rules", "cfwh rules", &rules())),
        ("causes.md", page("Causes", "cfwh verify --explain", &causes())),
        ("cases.md", page("Cases", "cfwh probe --list", &cases())),
        ("faults.md", page("Faults", "cfwh send --fault list", &faults())),
        ("events.md", page("Events", "cfwh events", &events())),
        ("errors.md", page("Errors", "src/models/error_code.rs", &errors())),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into()
}

fn rules() -> String {
    let rows = Rule::ALL.iter().map(|rule| {
        let info = rule.info();
        let fix = if info.help.is_empty() { String::new() } else { format!(" Fix: {}.", escape(info.help)) };
        [
            code_list([info.id]),
            info.severity.name().to_owned(),
            info.origin.name().to_owned(),
            cell(info.description) + &fix,
        ]
    });
    format!(
        "`cfwh validate` checks these rules. `--strict` turns warnings into errors; `--story` adds the rules that begin with \
         `story/`.\nOrigin `document` is a rule of the sender's AsyncAPI document. Origin `cfwh` is a rule of this program.\n\n{}",
        table(["Rule", "Severity", "Origin", "Description"], rows)
    )
}

fn causes() -> String {
    let rows = catalogue().into_iter().map(|cause| [code_list([cause.id]), cell(&cause.message), cell(cause.help)]);
    format!(
        "`cfwh verify --explain` names one of these causes when it reproduces the signature that was received.\n\
         [Explain a signature mismatch](../how-to/explain-a-mismatch.md) shows how to use it.\n\n{}",
        table(["Cause", "What happened", "Fix"], rows)
    )
}

fn cases() -> String {
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for profile in PROFILES {
        for scheme in SCHEMES.iter().map(|scheme| Some(*scheme)).chain([None]) {
            for case in cases::all(profile, scheme).filter(|case| seen.insert(case.id())) {
                let info = case.info;
                let link = format!("[`{0}`](../how-to/probe-fixes.md#{1})", info.id, info.id.file_name());
                rows.push([link, info.level.name().to_owned(), cell(info.sent), cell(info.rule)]);
            }
        }
    }
    rows.sort_by(|one, other| one[0].cmp(&other[0]));
    format!(
        "`cfwh probe` sends these cases. Each name leads to a fix. The profile, the authentication scheme and the options\n\
         select the cases; `cfwh probe --list` prints the cases of a selection.\n\n{}\nGrades: {}.\n",
        table(["Case", "Level", "What is sent, and the expected response", "Source"], rows),
        escape(grade::RULE)
    )
}

fn faults() -> String {
    let tables = SCHEMES.iter().map(|scheme| {
        let rows = faults::all(scheme).map(|fault| {
            let expected = fault.handling.statuses(scheme.covers_body).to_string();
            [code_list([fault.name]), cell(fault.description), cell(&expected)]
        });
        format!(
            "## `--auth {}`\n\n{}\n",
            scheme.name,
            table(["Fault", "What changes", "A correct receiver responds"], rows)
        )
    });
    format!(
        "`cfwh send --fault NAME` breaks one thing in a delivery on purpose. The exit code is 0 if the receiver responds as\n\
         a correct receiver does.\n\n{}",
        tables.collect::<String>()
    )
}

fn errors() -> String {
    let rows = ErrorCode::ALL.iter().map(|code| {
        let info = code.info();
        [code_list([info.name]), cell(info.description), cell(info.fix)]
    });
    format!(
        "An error is on stderr and has exit code 2. With `--json`, it is one line:\n\n```json\n{{\"type\":\"error\",\"code\":\"not-found\",\
         \"message\":\"cannot read a.json: …\",\"fix\":\"correct the path …\",\"exit_code\":2}}\n```\n\n`cfwh schema --output error` prints \
         the schema. `fix` is null if cfwh has no advice.\n\n{}\nAn error with more specific advice has that instead.\n",
        table(["Code", "What happened", "Fix"], rows)
    )
}

fn events() -> String {
    let sections = PROFILES.into_iter().map(|profile| {
        let rows = profile.events.all().map(|kind| {
            let row = kind.row();
            let alias = row.alias.map(|alias| format!(" ({})", code_list([alias]))).unwrap_or_default();
            [
                code_list([row.name]) + &alias,
                kind.entity().noun().to_owned(),
                cell(row.description),
                row.evidence.name().to_owned(),
            ]
        });
        let count = profile.events.all().len();
        format!(
            "## `--profile {}`\n\n{}: {count} events. {}\n\n{}\n",
            profile.name,
            profile.sender,
            names_event(profile),
            table(["Event", "About", "Meaning", "Evidence"], rows)
        )
    });
    format!(
        "Evidence says how we know the event: `published` (the published AsyncAPI document declares it), `captured` (a delivery\n\
         was captured), `source` (the sender's source code shows it), `documented` (the sender's documentation describes it) or\n\
         `inferred` (it follows from similar events).\n\n{}",
        sections.collect::<String>()
    )
}

fn names_event(profile: &Profile) -> String {
    match profile.event_in {
        EventIn::Body(key) => format!("The body names the event in `{key}`."),
        EventIn::Url => "The body does not name the event: register one URL for each event.".to_owned(),
    }
}
