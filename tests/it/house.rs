//! The rules of the house, which ARCHITECTURE.md explains: which room may import which, no circle between files, and what
//! is named in one room only. `EXCEPTIONS` lists where the code breaks a rule, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each room imports of this crate: all that it imports, and nothing that it does not.
const ROOMS: &[(&str, &[&str])] = &[
    ("models", &[]),
    ("json", &[]),
    ("auth", &["json", "models"]),
    ("profiles", &["json", "models"]),
    ("generator", &["json", "models", "profiles"]),
    ("validation", &["json", "models", "profiles"]),
    ("drift", &["json", "models", "profiles"]),
    ("store", &["models"]),
    ("client", &["models"]),
    ("server", &["models"]),
    ("redaction", &["auth", "json", "models", "profiles", "store"]),
    ("receiver", &["auth", "client", "models", "profiles", "server", "store", "validation"]),
    ("probe", &["auth", "client", "generator", "models", "profiles"]),
    ("shrinking", &["generator", "json"]),
    (
        "inspector",
        &["auth", "client", "generator", "json", "models", "profiles", "receiver", "server", "store", "validation"],
    ),
    (
        "output",
        &[
            "auth",
            "client",
            "drift",
            "inspector",
            "json",
            "models",
            "probe",
            "profiles",
            "receiver",
            "redaction",
            "shrinking",
            "store",
            "validation",
        ],
    ),
    ("cli", &["auth", "client", "models", "output", "probe", "profiles", "receiver"]),
    (
        "commands",
        &[
            "auth",
            "cli",
            "client",
            "drift",
            "generator",
            "inspector",
            "json",
            "models",
            "output",
            "probe",
            "profiles",
            "receiver",
            "redaction",
            "server",
            "shrinking",
            "store",
            "validation",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli", "commands", "output"]),
];

/// What commands share. Of one another they import nothing else.
const SHARED_BY_COMMANDS: [&str; 10] = [
    "atomic_write",
    "authentication",
    "exit",
    "generation",
    "input",
    "inspector_server",
    "key_server",
    "process",
    "secret",
    "trust",
];

/// Words that stand only in files with a path that begins like this.
const ONLY_IN: &[(&str, &[&str])] = &[
    // Enums of values on the command line derive `clap::ValueEnum` where they are defined; that does not count as using clap.
    ("clap::", &["cli/", "commands/help.rs", "commands/packaging.rs", "main.rs"]),
    ("colored::", &["output/style.rs"]),
    ("annotate_snippets::", &["output/"]),
    ("indicatif::", &["output/"]),
    ("quick_xml::", &["output/emit/junit.rs"]),
    ("jsonschema::", &[]),
    ("fake::faker", &["generator/"]),
    ("hyper::", &["client/", "server/"]),
    ("reqwest::", &["client/"]),
    ("rustls::", &["client/"]),
    // A delivery is forwarded by a task that outlives the connection that it was received on.
    ("tokio::", &["client/", "server/", "receiver/", "inspector/", "commands/file_size_limit.rs"]),
    ("hmac::", &["auth/"]),
    ("md5::", &["auth/"]),
    ("miniz_oxide::", &["models/gzip.rs"]),
    ("sha1::", &["auth/"]),
    // SARIF has a fingerprint for each finding, and the policy of a saved page the hashes of its program and its style.
    ("sha2::", &["auth/", "inspector/saved_page.rs", "output/emit/sarif.rs"]),
    ("io::stdout()", &["output/terminal.rs"]),
    // The command under test and the editor write to the terminal themselves.
    ("io::stderr()", &["output/terminal.rs", "commands/process.rs", "commands/send/edit.rs"]),
    // A body is serialized once, where it is generated or edited; what else is serialized is a result.
    ("serde_json::to_", &["generator/body.rs", "inspector/", "output/", "profiles/", "store/journal.rs"]),
    // Profiles are values: no other room names one.
    ("published::", &["profiles/"]),
    ("profiles::published", &["profiles/"]),
    ("cloud::", &["profiles/"]),
    ("profiles::cloud", &["profiles/"]),
    ("datacenter::", &["profiles/"]),
    ("profiles::datacenter", &["profiles/"]),
    ("profiles::forge", &["profiles/"]),
    // Schemes are values: nobody else writes their headers. Data Center and Cloud sign with the first, the others carry a
    // token in the second.
    ("X-Hub-Signature", &["auth/"]),
    ("x-hub-signature", &["auth/"]),
    ("\"Authorization\"", &["auth/"]),
    ("header::AUTHORIZATION", &["auth/"]),
];

/// Where the code breaks a rule above: the file, the word, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "client/outgoing.rs",
        "header::AUTHORIZATION",
        "the user and the password of a URL are sent in this header (RFC 7617)",
    ),
    ("client/url.rs", "\"Authorization\"", "the same header of -H replaces the user and the password of the URL"),
];

/// Files that have the names of events in conditions, and why.
const NAMES_EVENTS: &[(&str, &str)] = &[];

/// Types of which two have the same name, and why.
const SAME_NAMES: &[(&str, &str)] = &[];

/// Lines of code in `src`, as `lines_of_code` counts them: the count, rounded up to the next hundred. Lower it when the code
/// becomes shorter; `cargo test the_code_does_not_grow -- --nocapture` prints the count of each room.
const MOST_LINES_OF_CODE: usize = 36_500;

/// A file of the program, by its path under `src`, without its comments and without its unit tests.
struct Source {
    path: String,
    lines: Vec<String>,
}

impl Source {
    /// `commands` for `commands/listen/mod.rs`, `lib` for `lib.rs`.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// `commands::listen` for `commands/listen/mod.rs`, `auth::secret` for `auth/secret.rs`.
    fn module(&self) -> String {
        self.path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
    }

    /// Every path that the file names of this crate, from the crate's root.
    fn imports(&self) -> BTreeSet<String> {
        let text = self.lines.join("\n");
        let module = self.module();
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        let children = self.lines.iter().filter_map(|line| {
            let words: Vec<_> = line.trim().trim_end_matches(';').rsplit(' ').collect();
            (words.get(1) == Some(&"mod") && line.ends_with(';')).then(|| words[0])
        });
        let mut prefixes = vec![("crate::".to_owned(), String::new()), ("super::".to_owned(), parent.to_owned())];
        if module == "main" {
            prefixes.push(("cfwh::".to_owned(), String::new()));
        }
        if self.path != "lib.rs" {
            prefixes.extend(children.map(|child| (format!("{child}::"), format!("{module}::{child}"))));
        }
        let mut found = BTreeSet::new();
        for (word, stands_for) in prefixes {
            for (at, _) in text.match_indices(&word) {
                let before = text[..at].chars().next_back().unwrap_or(' ');
                if before.is_alphanumeric() || before == '_' || before == ':' {
                    continue;
                }
                for path in expand(&text[at + word.len()..]) {
                    let (mut base, mut path) = (stands_for.as_str(), path.as_str());
                    while let Some(rest) = path.strip_prefix("super::") {
                        base = base.rsplit_once("::").map_or("", |(parent, _)| parent);
                        path = rest;
                    }
                    found.insert([base, path].join("::").trim_matches(':').to_owned());
                }
            }
        }
        found
    }
}

/// The paths that begin here: `a::b` and `a::c` for `a::{b, c}`.
fn expand(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(names) = rest.strip_prefix('{').filter(|_| path.is_empty() || path.ends_with("::")) else {
        return vec![path.trim_end_matches(':').to_owned()];
    };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in names.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                let name = names[start..at].trim();
                if !name.is_empty() {
                    found.extend(expand(name).into_iter().map(|name| format!("{path}{name}")));
                }
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn sources() -> Vec<Source> {
    fn search(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                search(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    search(&root, &mut files);
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("a source file");
        let path = file.strip_prefix(&root).expect("it is under src").to_string_lossy().replace('\\', "/");
        Source { path, lines: lines_of_code(&text).into_iter().map(str::to_owned).collect() }
    };
    files.into_iter().map(read).collect()
}

/// The lines of a file without blank lines, comments and items that are compiled for tests only.
fn lines_of_code(text: &str) -> Vec<&str> {
    let mut code = Vec::new();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("#[cfg(test)]") {
            code.push(line);
            continue;
        }
        let mut depth = 0;
        for line in lines.by_ref().skip_while(|line| line.trim_start().starts_with("#[")) {
            depth += line.matches('{').count();
            depth -= line.matches('}').count().min(depth);
            // rustfmt closes an item where it began.
            let closes = line.trim_end().ends_with(['}', ';']);
            if depth == 0 && closes {
                break;
            }
        }
    }
    code
}

/// Whether the line has this word, and not one that only ends with it.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn rooms_import_only_rooms_below_them() {
    let sources = sources();
    let mut problems = Vec::new();
    for (at, (room, allowed)) in ROOMS.iter().enumerate() {
        let files: Vec<_> = sources.iter().filter(|source| source.room() == *room).collect();
        if files.is_empty() {
            problems.push(format!("there is no src/{room}"));
        }
        let mut used = BTreeSet::new();
        for source in files {
            for import in source.imports() {
                let other = import.split("::").next().unwrap_or_default().to_owned();
                let is_room = ROOMS.iter().any(|(room, _)| *room == other);
                if is_room && other != *room && !allowed.contains(&other.as_str()) {
                    problems.push(format!("src/{} imports `{import}`, which ROOMS does not allow", source.path));
                }
                used.insert(other);
            }
        }
        for other in *allowed {
            if !used.contains(*other) {
                problems.push(format!("ROOMS allows {room} to import {other}, and it does not: remove it"));
            }
            if !ROOMS[..at].iter().any(|(below, _)| below == other) {
                problems.push(format!("{other} stands above {room} in ROOMS"));
            }
        }
    }
    for source in &sources {
        if !ROOMS.iter().any(|(room, _)| *room == source.room()) {
            problems.push(format!("src/{}: ROOMS has no room `{}`", source.path, source.room()));
        }
    }
    assert_none(&problems);
}

#[test]
fn files_have_no_import_cycles() {
    let sources = sources();
    let modules: BTreeSet<_> = sources.iter().map(Source::module).collect();
    let file_of = |import: &str| {
        let mut module = import;
        while !modules.contains(module) {
            module = module.rsplit_once("::")?.0;
        }
        Some(module.to_owned())
    };
    let (mut imports, mut problems) = (BTreeMap::new(), Vec::new());
    for source in &sources {
        let module = source.module();
        let mut others: BTreeSet<_> = source.imports().iter().filter_map(|import| file_of(import)).collect();
        others.remove(&module);
        // Shared definitions are in separate files, so that a mod.rs can list and re-export the files below it.
        if let Some(parent) = others.iter().find(|other| module.starts_with(&format!("{other}::"))) {
            problems.push(format!("{module} imports {parent}, which lists it: import the file with the definition"));
        }
        imports.insert(module, others);
    }
    // What imports nothing is on no circle, nor is then what imports only that.
    loop {
        let ends: Vec<_> =
            imports.iter().filter(|(_, others)| others.is_empty()).map(|(file, _)| file.clone()).collect();
        if ends.is_empty() {
            break;
        }
        imports.retain(|file, _| !ends.contains(file));
        for others in imports.values_mut() {
            others.retain(|other| !ends.contains(other));
        }
    }
    // The same from the other side: remove files that no file imports.
    loop {
        let used: BTreeSet<_> = imports.values().flatten().cloned().collect();
        let before = imports.len();
        imports.retain(|file, _| used.contains(file));
        if imports.len() == before {
            break;
        }
    }
    problems.extend(imports.iter().map(|(file, others)| format!("{file} imports {others:?}")));
    assert_none(&problems);
}

#[test]
fn commands_import_only_what_they_share() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "commands" && source.path != "commands/mod.rs") {
        let module = source.module();
        let own = module.split("::").nth(1).unwrap_or_default();
        for import in source.imports() {
            let other = import.strip_prefix("commands::").and_then(|rest| rest.split("::").next());
            let is_command = other.is_some_and(|other| other.starts_with(char::is_lowercase) && other != own);
            if is_command && !SHARED_BY_COMMANDS.contains(&other.unwrap_or_default()) {
                problems.push(format!("src/{} imports `{import}`", source.path));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn a_concept_of_one_room_is_named_in_that_room_only() {
    let mut problems = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = EXCEPTIONS.iter().map(|(file, word, _)| (*file, *word)).collect();
    let sources = sources();
    for source in &sources {
        for (word, homes) in ONLY_IN {
            let is_use = |line: &String| has_word(line, word) && !line.contains("derive(clap::ValueEnum)");
            if homes.iter().any(|home| source.path.starts_with(home)) || !source.lines.iter().any(is_use) {
                continue;
            }
            if !unused.remove(&(source.path.as_str(), *word)) {
                problems.push(format!("src/{} names `{word}`, which belongs to {}", source.path, homes.join(", ")));
            }
        }
    }
    problems
        .extend(unused.iter().map(|(file, word)| format!("src/{file} no longer names `{word}`: remove the exception")));
    assert_none(&problems);
}

#[test]
fn event_names_are_matched_only_in_the_catalogues() {
    let sources = sources();
    let rows =
        sources.iter().filter(|source| source.path.starts_with("profiles/") && source.path.ends_with("events.rs"));
    let names: BTreeSet<_> = rows
        .flat_map(|source| &source.lines)
        .filter_map(|line| line.trim().strip_prefix("row(\"")?.split('"').next())
        .map(|name| format!("\"{name}\""))
        .collect();
    assert!(names.len() >= 19, "{names:?}");
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with("profiles/")) {
        if NAMES_EVENTS.iter().any(|(path, _)| *path == source.path) {
            continue;
        }
        for line in &source.lines {
            let decides =
                line.contains("=>") || line.contains("==") || line.contains("!=") || line.contains("matches!");
            if decides && names.iter().any(|name| line.contains(name.as_str())) {
                problems.push(format!("src/{}: {}", source.path, line.trim()));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn profiles_are_compared_only_in_their_room() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| source.room() != "profiles") {
        for line in source.lines.iter().filter(|line| line.contains("profile") || line.contains("Profile")) {
            let compares = |word: &str| ["==", "!="].iter().any(|sign| line.contains(&format!("{word} {sign}")));
            if ["profile", "profile.name", "PROFILE"].into_iter().any(compares) || line.contains("matches!(profile") {
                problems.push(format!("src/{}: {}", source.path, line.trim()));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn rules_are_values_and_not_their_ids() {
    let sources = sources();
    let catalogue = sources.iter().find(|source| source.path == "models/rule.rs").expect("the rules");
    let ids: BTreeSet<_> = catalogue
        .lines
        .iter()
        .filter_map(|line| line.split('"').nth(1).filter(|id| id.contains(['-', '/'])))
        .map(|id| format!("\"{id}\""))
        .collect();
    assert!(ids.len() > 15, "{ids:?}");
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| source.path != "models/rule.rs") {
        for line in source.lines.iter().filter(|line| ids.iter().any(|id| line.contains(id.as_str()))) {
            problems.push(format!("src/{}: {}", source.path, line.trim()));
        }
    }
    assert_none(&problems);
}

#[test]
fn probe_cases_are_values_and_not_their_ids() {
    let sources = sources();
    let places = |word: &str| -> Vec<(String, String)> {
        let lines =
            sources.iter().flat_map(|source| source.lines.iter().map(|line| (source.path.clone(), line.clone())));
        lines.filter(|(_, line)| line.contains(word)).collect()
    };
    let defined = places("CaseId(\"");
    let ids: Vec<_> = defined.iter().filter_map(|(_, line)| line.split('"').nth(1)).collect();
    assert!(ids.len() > 30, "{ids:?}");
    let mut problems = Vec::new();
    for id in ids {
        let places = places(&format!("\"{id}\""));
        if places.len() > 1 {
            problems.push(format!("`{id}` stands more than once, define it once and name the constant: {places:#?}"));
        }
    }
    assert_none(&problems);
}

#[test]
fn no_name_has_two_meanings() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // The arguments of a command or of a flag have its name.
    for source in sources().iter().filter(|source| source.room() != "cli") {
        for line in source.lines.iter().filter(|line| line.starts_with("pub")) {
            let words: Vec<_> =
                line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
            let is_kind = |word: &&str| ["struct", "enum", "trait", "type"].contains(word);
            if let Some(at) = words.iter().position(is_kind).filter(|at| *at < 4)
                && let Some(name) = words.get(at + 1)
            {
                homes.entry((*name).to_owned()).or_default().push(source.path.clone());
            }
        }
    }
    homes.retain(|name, homes| homes.len() > 1 && !SAME_NAMES.iter().any(|(other, _)| other == name));
    assert_none(&homes.iter().map(|(name, homes)| format!("{name}: {}", homes.join(", "))).collect::<Vec<_>>());
}

#[test]
fn no_enum_has_a_twin() {
    let mut enums: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    for source in sources() {
        let mut lines = source.lines.iter();
        while let Some(line) = lines.next() {
            let item = line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub ");
            let Some(name) = item.strip_prefix("enum ").and_then(|item| item.strip_suffix(" {")) else { continue };
            let indent = &line[..line.len() - line.trim_start().len()];
            let (end, variant) = (format!("{indent}}}"), format!("{indent}    "));
            let inside = lines.by_ref().take_while(|line| **line != end);
            let inside = inside.filter_map(|line| line.strip_prefix(&variant));
            let variants: BTreeSet<_> = inside
                .filter(|line| line.starts_with(char::is_uppercase))
                .filter_map(|line| line.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned))
                .collect();
            if variants.len() > 2 {
                enums.entry(variants).or_default().push(format!("{name} in src/{}", source.path));
            }
        }
    }
    assert!(enums.len() > 20, "{enums:#?}");
    enums.retain(|_, homes| homes.len() > 1);
    assert_none(
        &enums.into_values().map(|homes| format!("the same variants: {}", homes.join(", "))).collect::<Vec<_>>(),
    );
}

#[test]
fn each_report_format_has_one_emitter_in_a_file_of_that_name() {
    let sources = sources();
    let emitters = sources.iter().flat_map(|source| {
        source.lines.iter().filter(|line| line.contains("Emitter for ")).map(|_| source.path.clone())
    });
    let mut expected = cfwh::output::emit::ALL.map(|format| format!("output/emit/{}.rs", format.name));
    expected.sort();
    // Sources are sorted by their paths.
    assert_eq!(emitters.collect::<Vec<_>>(), expected);
}

#[test]
#[allow(clippy::print_stdout, reason = "the counts are for whoever asks with --nocapture")]
fn the_code_does_not_grow() {
    let rooms = sources().into_iter().fold(BTreeMap::new(), |mut rooms: BTreeMap<String, usize>, source| {
        *rooms.entry(source.room().to_owned()).or_default() += source.lines.len();
        rooms
    });
    let total: usize = rooms.values().sum();
    assert!(
        total <= MOST_LINES_OF_CODE,
        "src has {total} lines of code, more than MOST_LINES_OF_CODE: shorten it\n{rooms:#?}"
    );
    println!("{total} lines of code in src; MOST_LINES_OF_CODE can be {}\n{rooms:#?}", total.next_multiple_of(100));
}

#[test]
fn imports_are_read_from_every_form_that_names_them() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        lines: lines_of_code(text).into_iter().map(str::to_owned).collect(),
    };
    let text =
        "pub mod b;\nuse crate::{x::Y, z::{self, W}};\nuse super::super::up;\nfn f(a: b::C, d: other_crate::D) {}\n";
    let found = source("p/a/mod.rs", text).imports();
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), ["p::a::b::C", "up", "x::Y", "z::W", "z::self"]);
    assert_eq!(lines_of_code("a\n\n// b\n#[cfg(test)]\nmod tests {\n    x {}\n}\nc"), ["a", "c"]);
}
