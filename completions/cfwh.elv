
use builtin;
use str;

set edit:completion:arg-completer[cfwh] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'cfwh'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'cfwh'= {
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand listen 'Receive deliveries on this machine, verify and validate them'
            cand send 'Send events, files or captures to an endpoint, signed, as Confluence does'
            cand probe 'Test a webhook receiver'
            cand fake 'Print realistic payloads'
            cand validate 'Check payloads and captures against the document of the nineteen events'
            cand drift 'Show how captures and payloads differ from the document, event by event'
            cand sign 'Print the signature of a body'
            cand verify 'Check the signature of a body or a capture'
            cand events 'List the nineteen events'
            cand schema 'Print the JSON Schema of an event''s body, or of a command''s `--json` output'
            cand rules 'List the rules that `validate` checks'
            cand completions 'Print a shell''s completion script'
            cand man 'Print a man page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cfwh;listen'= {
            cand --address 'Listen on this address; any but the loopback is open to other machines'
            cand --port 'Listen on this port; 0 picks a free one [default: 8080, with --demo 0]'
            cand --path 'Receive at this path; one more segment may name the event'
            cand --allow-host 'Accept requests for this host, and from its web pages: for tunnels to a loopback address; repeatable'
            cand --secret-file 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match'
            cand --secret 'Verify with this secret; without a value, generate one and print it; repeatable [or: CFWH_SECRET]'
            cand --auth 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]'
            cand --capture 'Save every delivery in this folder, byte for byte, before the response'
            cand --profile 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --max-body 'Refuse larger bodies: bytes, KiB or MiB'
            cand --forward 'Forward verified deliveries to an endpoint, and return its response; with a pattern only these events: ''page_*=http://…''; {event} becomes the event''s name; repeatable'
            cand --forward-timeout 'Time out after this long'
            cand --respond 'Respond with this status instead of 200; with --fail-first or --fail-rate, 400 and above replace 503'
            cand --delay 'Wait this long before each response: 500ms, 10s, 1m'
            cand --fail-first 'Respond 503 to the first N deliveries'
            cand --fail-rate 'Respond 503 to this fraction of the deliveries, 0 to 1'
            cand --seed 'Choose the same deliveries for --fail-rate again; without it, a random seed is printed on stderr'
            cand --count 'End after N deliveries; with --within or COMMAND, fewer are a failure'
            cand --within 'End after this long: 500ms, 10s, 1m'
            cand --expect 'Fail unless these events are received: exactly N, or without N at least one; repeatable'
            cand --forbid 'Fail if such an event is received; repeatable'
            cand --report 'Write what was expected and what was received to a file: junit, github, sarif, json, text'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --strict 'Treat warnings as errors, and respond 422 to errors'
            cand --demo 'Send one of each event to itself, signed, and end'
            cand --forward-unverified 'Forward unverified deliveries, too'
            cand --in-order 'Fail unless the expected events are received in the given order'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;send'= {
            cand --to 'Send to this URL; {event} becomes the event''s name'
            cand --secret-file 'Read the secret from a file (`-` is stdin), without its final line end'
            cand --secret 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --auth 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]'
            cand --seed 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr'
            cand --at 'Set the time of the first event: RFC 3339 or `now`'
            cand --profile 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --count 'Generate N of each event [default: 1], or a story of N events [default: 100]'
            cand --duplicate 'Duplicate this fraction of the events of a story: 0.1 is 10 %'
            cand --drop 'Drop this fraction of the events of a story: 0.1 is 10 %'
            cand --set 'Set the JSON value at a path: page.version.number=3; repeatable'
            cand --unset 'Remove what is at a path: page.title; repeatable'
            cand --format 'Send generated bodies indented (pretty) or on one line (json, ndjson)'
            cand --event 'The event that a body without one is about'
            cand -H 'Set a header, or replace the one of the same name; repeatable'
            cand --header 'Set a header, or replace the one of the same name; repeatable'
            cand --fault 'Break one thing on purpose; repeatable; `--fault list` lists the kinds'
            cand --timeout 'Time out after this long: 500ms, 10s, 1m'
            cand --retries 'Retry up to N times on no response, 408, 409, 425, 429 and 5xx; backs off, honors Retry-After'
            cand --failed 'Save deliveries without a 2xx response in this folder, for `cfwh send DIR`'
            cand --concurrency 'Send up to C concurrent requests [default: 1; with --rate 64]'
            cand --rate 'Start requests at this rate, whether or not earlier ones have ended: 1000/s, 30/m'
            cand --duration 'Start no request after this long; without --count, repeat the sources until then'
            cand --cacert 'Trust the certificates in this PEM file, too'
            cand --export 'Print the requests for another tool, each with its signature, instead of sending them'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --resign 'Sign captures again'
            cand --shuffle 'Shuffle the events of a story, within a window of a thousand'
            cand --insecure 'Trust any certificate'
            cand --dry-run 'Print the exact request instead of sending it'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;probe'= {
            cand --secret-file 'Read the secret from a file (`-` is stdin), without its final line end'
            cand --secret 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --auth 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]'
            cand --profile 'Send bodies of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --only 'Run these cases only: sig/missing, body/*; repeatable'
            cand --skip 'Leave out these cases: deliver/*; repeatable'
            cand --format 'Print the results in this format: text, json, github (annotations), junit, sarif'
            cand --save 'Save every delivery in this folder, named after its case'
            cand --timeout 'Time out after this long: 500ms, 10s'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --list 'List the cases, and send nothing'
            cand --strict 'Exit with 1 if a case that SHOULD pass fails, too'
            cand --yes 'Probe a host that is not this machine'
            cand --insecure 'Trust any certificate'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;fake'= {
            cand --seed 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr'
            cand --at 'Set the time of the first event: RFC 3339 or `now`'
            cand --profile 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --count 'Generate N of each event [default: 1], or a story of N events [default: 100]'
            cand --duplicate 'Duplicate this fraction of the events of a story: 0.1 is 10 %'
            cand --drop 'Drop this fraction of the events of a story: 0.1 is 10 %'
            cand --set 'Set the JSON value at a path: page.version.number=3; repeatable'
            cand --unset 'Remove what is at a path: page.title; repeatable'
            cand --format 'Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)'
            cand --out 'Write one file for each body into this folder'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --shuffle 'Shuffle the events of a story, within a window of a thousand'
            cand --coverage 'Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary numbers and awkward text'
            cand --invalid 'Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the rule'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;validate'= {
            cand --event 'Treat every body as this event'
            cand --profile 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --format 'Print findings in this format: text, json, github (annotations), junit, sarif [default: text]'
            cand --report 'Write findings to a file too; repeatable'
            cand --max-findings 'Print at most N findings, and count the rest'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --strict 'Treat warnings as errors'
            cand --story 'Check that the inputs, in this order, are a possible story: nothing before its creation or after its removal, versions rising by one … (docs/stories.md, `cfwh rules`)'
            cand --expect-invalid 'Expect errors: exit with 0 if every input has some, with 1 if one has none'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;drift'= {
            cand --event 'Treat every body as this event'
            cand --profile 'Compare with the document of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --format 'Print in this format: text, markdown, json [default: text]'
            cand --baseline 'Leave out the differences in this output of an earlier `drift --json`'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --infer 'Print a JSON Schema that accepts all inputs instead'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;sign'= {
            cand --secret-file 'Read the secret from a file (`-` is stdin), without its final line end'
            cand --secret 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --header 'Print the whole header: X-Hub-Signature: sha256=…'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;verify'= {
            cand --secret-file 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match'
            cand --secret 'Use this secret; repeatable, any may match [or: CFWH_SECRET]'
            cand --auth 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]'
            cand --signature 'Verify this signature, with or without `X-Hub-Signature:` before it'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --explain 'Explain why a signature is wrong, if the received one can be reproduced; else list what was tried'
            cand --show-expected 'Print the right signature if another was received'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;events'= {
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;schema'= {
            cand --profile 'Use the document of this sender: spec (the published document), cloud (Confluence Cloud)'
            cand --output 'Print the schema of one line of a command''s `--json` output instead'
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --asyncapi 'Print the profile''s AsyncAPI document instead; that of `spec` is byte for byte as published'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;rules'= {
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;completions'= {
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;man'= {
            cand --color 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only'
            cand --quiet 'Print errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;help'= {
            cand listen 'Receive deliveries on this machine, verify and validate them'
            cand send 'Send events, files or captures to an endpoint, signed, as Confluence does'
            cand probe 'Test a webhook receiver'
            cand fake 'Print realistic payloads'
            cand validate 'Check payloads and captures against the document of the nineteen events'
            cand drift 'Show how captures and payloads differ from the document, event by event'
            cand sign 'Print the signature of a body'
            cand verify 'Check the signature of a body or a capture'
            cand events 'List the nineteen events'
            cand schema 'Print the JSON Schema of an event''s body, or of a command''s `--json` output'
            cand rules 'List the rules that `validate` checks'
            cand completions 'Print a shell''s completion script'
            cand man 'Print a man page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cfwh;help;listen'= {
        }
        &'cfwh;help;send'= {
        }
        &'cfwh;help;probe'= {
        }
        &'cfwh;help;fake'= {
        }
        &'cfwh;help;validate'= {
        }
        &'cfwh;help;drift'= {
        }
        &'cfwh;help;sign'= {
        }
        &'cfwh;help;verify'= {
        }
        &'cfwh;help;events'= {
        }
        &'cfwh;help;schema'= {
        }
        &'cfwh;help;rules'= {
        }
        &'cfwh;help;completions'= {
        }
        &'cfwh;help;man'= {
        }
        &'cfwh;help;help'= {
        }
    ]
    $completions[$command]
}
