//! The floors of the house: a file stands above everything that it imports, so all arrows point down and there is no
//! loop. ARCHITECTURE.md draws the same.

use std::path::{Path, PathBuf};

/// What each module may import of this crate. `models::request` allows that file alone.
const FLOORS: &[(&str, &[&str])] = &[
    // A reader of JSON that keeps what a body looks like; it knows nothing of events.
    ("json", &[]),
    ("models", &[]),
    // Of bytes it makes other bytes only to explain a mismatch, and for that it reads JSON.
    ("auth", &["json", "models"]),
    ("profiles", &["json", "models"]),
    ("store", &["models"]),
    ("drift", &["json", "models", "profiles"]),
    ("receiver", &["auth", "client", "models", "profiles", "server", "store", "validation"]),
    ("client", &["models"]),
    ("server", &["models"]),
    ("generator", &["json", "models", "profiles"]),
    ("cli", &["client", "models", "output", "profiles", "receiver"]),
    ("validation", &["json", "models", "profiles"]),
    ("probe", &["auth", "client", "generator", "models", "profiles"]),
    ("output", &["auth", "client", "drift", "json", "models", "probe", "profiles", "receiver", "validation"]),
    (
        "commands",
        &[
            "auth",
            "cli",
            "client",
            // Of one another the commands know only what they share.
            "commands::atomic_write",
            "commands::exit",
            "commands::generation",
            "commands::input",
            "commands::secret",
            "drift",
            "generator",
            "models",
            "output",
            "probe",
            "profiles",
            "receiver",
            "server",
            "store",
            "validation",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli", "commands", "output"]),
];

/// Names that only these files may speak of.
const ONLY_IN: &[(&str, &[&str])] = &[
    // Enums of values on the command line derive `clap::ValueEnum` where they are defined; that is no use of clap.
    ("clap::", &["cli/", "commands/packaging.rs", "main.rs"]),
    ("colored::", &["output/style.rs"]),
    ("hyper::", &["client/", "server/"]),
    ("reqwest::", &["client/"]),
    // What goes on to endpoints must not end with the connection that brought it.
    ("tokio::", &["client/", "server/", "receiver/mod.rs"]),
    ("hmac::", &["auth/"]),
    // SARIF wants a fingerprint of every finding.
    ("sha2::", &["auth/", "output/emit/sarif.rs"]),
    ("io::stdout()", &["output/mod.rs"]),
    // The system under test prints beside the results.
    ("io::stderr()", &["output/mod.rs", "commands/listen/process.rs"]),
    // A body is serialised once, where it is generated or edited; what else is serialised is a result.
    ("serde_json::to_", &["generator/body.rs", "output/", "profiles/"]),
];

/// A file of the program, by its path under `src`, without its comments and without its unit tests.
struct Source {
    path: String,
    lines: Vec<String>,
}

impl Source {
    /// `commands` for `commands/listen/mod.rs`, `captures` for `captures.rs`.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }
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
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a source file");
            let path = file.strip_prefix(&root).expect("it is under src").to_string_lossy().replace('\\', "/");
            let program = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let lines =
                program.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
            Source { path, lines }
        })
        .collect()
}

/// What a line names of this crate: `models::event` for `use crate::models::event::EventKind;`. The names that stand
/// between braces are told apart.
fn imports(line: &str, root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices(root) {
        // `anyhow_crate::` would be another crate.
        if line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &line[at + root.len()..];
        if let Some(names) = rest.strip_prefix('{') {
            let names = names.split(['}', ',']).map(str::trim).filter(|name| name.starts_with(char::is_alphabetic));
            found.extend(names.map(str::to_owned));
        } else {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
            found.push(rest[..end].trim_end_matches(':').to_owned());
        }
    }
    found
}

fn is_allowed(import: &str, allowed: &[&str]) -> bool {
    allowed
        .iter()
        .any(|module| import.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
}

#[test]
fn all_arrows_point_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let module = source.module();
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!(
                "src/{}: the module `{module}` has no floor: give it one in tests/it/house.rs",
                source.path
            ));
            continue;
        };
        let root = if module == "main" { "cfwh::" } else { "crate::" };
        for import in source.lines.iter().flat_map(|line| imports(line, root)) {
            // Inside a folder, a file may name its own by the long way.
            let own = module != "commands" && is_allowed(&import, &[module]);
            if !own && !is_allowed(&import, allowed) {
                wrong.push(format!("src/{} imports `{import}`, which does not lie below it", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A folder's files name each other by `super`, which says nothing of floors; but a command must not know another.
#[test]
fn commands_know_only_what_they_share() {
    const SHARED: [&str; 5] = ["atomic_write", "exit", "generation", "input", "secret"];
    let mut wrong = Vec::new();
    for source in sources() {
        let is_command = source.path.starts_with("commands/") && source.path.matches('/').count() == 1;
        let is_entry = source.path == "commands/mod.rs";
        let is_of_a_folder =
            source.path.matches('/').count() == 2 && source.path.ends_with("/mod.rs") && source.module() == "commands";
        if (is_command && !is_entry) || is_of_a_folder {
            for import in source.lines.iter().flat_map(|line| imports(line, "super::")) {
                let first = import.split("::").next().unwrap_or_default();
                if !SHARED.contains(&first) {
                    wrong.push(format!("src/{} imports `super::{import}`", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Does the line speak of this, and not of something whose name merely ends so?
fn speaks_of(line: &str, name: &str) -> bool {
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

#[test]
fn what_belongs_to_one_room_is_named_in_that_room_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, rooms) in ONLY_IN {
            let at_home = rooms.iter().any(|room| source.path.starts_with(room));
            let is_use = |line: &String| speaks_of(line, name) && !line.contains("derive(clap::ValueEnum)");
            if !at_home && source.lines.iter().any(is_use) {
                wrong.push(format!("src/{} names `{name}`, which belongs into {}", source.path, rooms.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_that_a_floor_is_given_to_exists() {
    let sources = sources();
    for (module, allowed) in FLOORS {
        for name in std::iter::once(module).chain(*allowed) {
            let path = name.replace("::", "/");
            let exists =
                |source: &Source| source.path == format!("{path}.rs") || source.path.starts_with(&format!("{path}/"));
            assert!(sources.iter().any(exists), "there is no src/{path}");
        }
    }
}

#[test]
fn imports_are_read_from_every_form_that_names_them() {
    assert_eq!(imports("use crate::models::event::{Entity, EventKind};", "crate::"), ["models::event"]);
    assert_eq!(imports("use crate::{captures, cli::Kinds};", "crate::"), ["captures", "cli::Kinds"]);
    assert_eq!(imports("pub(in crate::commands) fn x(y: crate::cli::Send) {}", "crate::"), ["commands", "cli::Send"]);
    assert_eq!(imports("use other_crate::x;", "crate::"), [""; 0]);
    assert!(is_allowed("models::event::Event", &["models"]) && !is_allowed("models_of", &["models"]));
}
