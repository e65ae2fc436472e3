//! The schemas that the program prints, as strict validators read them.

use std::io::Write;
use std::process::{Command, Stdio};

use cfwh::generator::Generator;
use cfwh::output::schemas::SCHEMAS;
use cfwh::profiles::ALL;
use serde_json::Value;

use crate::support::{Sandbox, tool};

/// Returns every schema that the program prints, with its arguments.
fn schemas() -> Vec<(String, Value)> {
    let sandbox = Sandbox::new();
    let mut requests: Vec<String> = SCHEMAS.iter().map(|(output, _)| format!("schema --output {output}")).collect();
    for profile in ALL {
        let names = profile.events.all().map(|kind| format!(" {kind}"));
        requests.extend(names.chain([String::new()]).map(|name| format!("schema --profile {profile}{name}")));
    }
    let mut bodies =
        b"{\"event\":\"lunch\",\"a\":[1,\"b\",null,{\"c\":[1.5,[]]}]}\n{\"event\":\"lunch\",\"a\":{\"d\":[]}}\n"
            .to_vec();
    for profile in ALL {
        let mut generator = Generator::new(1, 1_768_469_400_000, profile);
        for kind in profile.events.all().cycle().take(60) {
            bodies.extend([generator.body(kind), b"\n".to_vec()].concat());
        }
    }
    sandbox.write("bodies.ndjson", bodies);
    requests.push("drift --infer bodies.ndjson".to_owned());
    let print = |request: String| {
        let run = sandbox.run(&request.split(' ').collect::<Vec<_>>());
        (request, run.json_whole())
    };
    requests.into_iter().map(print).collect()
}

/// Calls `see` with every keyword of a schema. What `properties` and `definitions` hold are names, not keywords.
fn keywords(schema: &Value, see: &mut dyn FnMut(&str, &Value)) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                see(key, value);
                match (key.as_str(), value) {
                    ("properties" | "definitions", Value::Object(named)) => {
                        named.values().for_each(|schema| keywords(schema, see));
                    }
                    ("const" | "enum" | "default" | "examples", _) => {}
                    _ => keywords(value, see),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keywords(item, see)),
        _ => {}
    }
}

#[test]
fn no_schema_has_keywords_that_strict_validators_refuse() {
    for (request, schema) in schemas() {
        keywords(&schema, &mut |key, value| {
            assert!(key != "type" || value.is_string(), "{request}: a list of types: {value}");
            assert!(!key.starts_with("x-"), "{request}: {key}");
        });
    }
}

#[test]
#[ignore = "needs node, ajv, ajv-formats"]
fn ajv_compiles_every_schema_in_strict_mode() {
    let program =
        "const Ajv = require('ajv'), formats = require('ajv-formats'), lines = require('fs').readFileSync(0, 'utf8');
for (const line of lines.trim().split('\\n')) {
    const ajv = new Ajv({ strict: true });
    formats(ajv);
    const { request, schema } = JSON.parse(line);
    try { ajv.compile(schema); } catch (error) { console.log(`${request}: ${error.message}`); }
}";
    let mut child = Command::new(tool("node"));
    let mut child =
        child.args(["-e", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    for (request, schema) in schemas() {
        writeln!(stdin, "{}", serde_json::json!({ "request": request, "schema": schema })).expect("it reads");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}
