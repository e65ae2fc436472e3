//! Completions: the candidates of the program, and that the shells request them.

use std::path::Path;
use std::process::Command;

use crate::support::{Sandbox, tool};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// Returns the candidates for the last of these words.
fn offered(sandbox: &Sandbox, words: &str) -> Vec<String> {
    let mut command = sandbox.command(&["--", "cfwh"]);
    command.args(words.split(' ')).env("CFWH_COMPLETE", "fish");
    let run = sandbox.finish(command).expect(0);
    run.text().lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn everything_that_has_a_list_is_completed() {
    let sandbox = Sandbox::new();
    for (words, expected) in [
        ("", "listen"),
        ("fake page_c", "page_created"),
        ("fake al", "all"),
        ("send page_c", "page_created"),
        ("send st", "story"),
        ("send inst", "installed"),
        ("schema blog_", "blog_created"),
        ("schema --output lis", "listen"),
        ("send --event page_mo", "page_moved"),
        ("validate --event label_a", "label_added"),
        ("drift --event space_l", "space_logo_updated"),
        ("listen --expect page_vi", "page_viewed"),
        ("listen --forbid attachment_", "attachment_*"),
        ("send --profile c", "cloud"),
        ("send --profile=c", "--profile=cloud"),
        ("listen --profile sp", "spec"),
        ("send --auth h", "hmac"),
        ("probe --auth no", "none"),
        ("send --fault sha", "sha1"),
        ("send --fault li", "list"),
        ("send --export cu", "curl"),
        ("send --format nd", "ndjson"),
        ("probe --only sig/mis", "sig/missing"),
        ("probe --skip body/", "body/slow"),
        ("probe --format sar", "sarif"),
        ("validate --format git", "github"),
        ("validate --report ju", "junit="),
        ("listen --report js", "json="),
        ("drift --format mark", "markdown"),
        ("man ver", "verify"),
        ("completions pow", "powershell"),
        ("help ver", "verify"),
        ("events --color nev", "never"),
    ] {
        let offered = offered(&sandbox, words);
        assert!(offered.iter().any(|word| word == expected), "{words}: {offered:?}");
    }
    assert_eq!(offered(&sandbox, "send --profile=c"), ["--profile=cloud"]);
    for (words, first) in [("man ", "captures"), ("help ", "captures"), ("completions ", "bash")] {
        assert_eq!(offered(&sandbox, words)[0], first, "{words}");
    }
}

#[test]
fn a_source_of_send_completes_to_events_and_files() {
    let sandbox = Sandbox::new();
    sandbox.write("page_body.json", "{}");
    sandbox.write("pages/1.json", "{}");
    let offered = offered(&sandbox, "send page");
    for expected in ["page_created", "page_body.json", "pages/"] {
        assert!(offered.iter().any(|word| word == expected), "{expected}: {offered:?}");
    }
}

#[test]
fn every_shell_gets_a_script_that_asks_the_program() {
    let sandbox = Sandbox::new();
    for shell in SHELLS {
        let run = sandbox.run(&["completions", shell]).expect(0);
        assert!(
            run.text().contains(&format!("CFWH_COMPLETE=\"{shell}\""))
                || run.text().contains(&format!("CFWH_COMPLETE={shell}"))
                || run.text().contains(&format!("$env:CFWH_COMPLETE = \"{shell}\"")),
            "{}",
            run.text()
        );
        assert_eq!(run.stderr, "");
    }
    assert!(sandbox.run(&["completions", "csh"]).expect(2).stderr.contains("csh"));
}

/// What PowerShell would refuse before it runs anything: brackets that do not match, and a text in lines of its own that
/// does not end at the start of a line.
#[test]
fn the_script_of_powershell_is_well_formed() {
    let run = Sandbox::new().run(&["completions", "powershell"]).expect(0);
    let mut open = Vec::new();
    let mut is_text = false;
    for line in run.text().lines() {
        if is_text {
            is_text = !line.starts_with("\"@");
            continue;
        }
        is_text = line.ends_with("@\"");
        let mut quoted = None;
        for character in line.chars() {
            match (quoted, character) {
                (Some(quote), _) => quoted = quoted.filter(|_| quote != character),
                (None, '"' | '\'') if !is_text => quoted = Some(character),
                (None, '(' | '{' | '[') => open.push(character),
                (None, ')' | '}' | ']') => {
                    let opening = open.pop();
                    assert!(
                        matches!((opening, character), (Some('('), ')') | (Some('{'), '}') | (Some('['), ']')),
                        "{line}"
                    );
                }
                _ => {}
            }
        }
        assert_eq!(quoted, None, "{line}");
    }
    assert!(open.is_empty() && !is_text, "{}", run.text());
    assert!(run.text().contains("Register-ArgumentCompleter -Native -CommandName cfwh"), "{}", run.text());
}

/// Runs a program of a shell in a folder with the completion script, with `cfwh` in the path.
fn run_in(shell: &str, arguments: &[&str], script: &str, program: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("page_body.json", "{}");
    let completions = sandbox.run(&["completions", shell]).expect(0);
    sandbox.write(script, &completions.stdout);
    sandbox.write("program", program);
    let folder = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(tool(shell));
    command.args(arguments).arg("program").current_dir(sandbox.path());
    command.env("PATH", format!("{folder}:{path}")).env("HOME", sandbox.path()).env("TERM", "xterm");
    let output = command.output().expect("the shell runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{shell}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "needs bash"]
fn bash_completes() {
    let program = r#". ./cfwh.bash
try() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9; COMPREPLY=()
    _clap_complete_cfwh cfwh "${@: -1}" "${@: -2:1}"
    echo "${COMPREPLY[@]}"
}
try cfwh fake page_cre
try cfwh send --profile = c
try cfwh send --profile ""
try cfwh send page_b
try cfwh probe --only sig/mis
try cfwh help ver
"#;
    let text = run_in("bash", &["--norc"], "cfwh.bash", program);
    assert_eq!(text, "page_created\ncloud\nspec cloud datacenter forge\npage_body.json\nsig/missing\nverify\n");
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_at_its_prompt_at_the_first_tab() {
    let program = r#"zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1="% "; fpath=('$PWD' $fpath); autoload -U compinit; compinit -u -D; echo rea""dy'
zpty -m -r shell text '*ready*'
zpty -w -n shell $'cfwh send --profile=clo\t'
zpty -m -r shell text '*--profile=cloud*'
zpty -w -n shell $' page_cr\t'
zpty -m -r shell text '*page_created*' && print completed
"#;
    assert!(run_in("zsh", &["-f"], "_cfwh", program).ends_with("completed\n"));
}

#[test]
#[ignore = "needs fish"]
fn fish_completes() {
    let program = "source cfwh.fish
for words in 'cfwh fake page_cre' 'cfwh send --profile=c' 'cfwh send page_b' 'cfwh probe --only sig/mis' 'cfwh help ver'
    complete --do-complete $words | string split --fields 1 \\t
end
";
    let text = run_in("fish", &["--no-config"], "cfwh.fish", program);
    assert_eq!(text, "page_created\n--profile=cloud\npage_body.json\nsig/missing\nverify\n");
}

#[test]
#[ignore = "needs elvish"]
fn elvish_completes() {
    // Only an interactive elvish has `edit:`; the script needs no more of it than this.
    let program = "var edit: = (ns [&completion:=(ns [&arg-completer=[&]])])
eval (slurp < cfwh.elv) &ns=(ns [&edit:=$edit:])
for words [[cfwh fake page_cre] [cfwh send --profile=c] [cfwh send page_b] [cfwh probe --only sig/mis] [cfwh help ver]] {
    $edit:completion:arg-completer[cfwh] $@words
}
";
    let text = run_in("elvish", &["-norc"], "cfwh.elv", program);
    let words: Vec<&str> = text.lines().map(|line| line.trim_start_matches("▶ ")).collect();
    assert_eq!(words, ["page_created", "--profile=cloud", "page_body.json", "sig/missing", "verify"]);
}
