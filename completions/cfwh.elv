
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
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand listen 'Receive deliveries on this machine, verify and validate them, and say what arrived'
            cand send 'Send events, files or captures to an endpoint, signed, as Confluence does'
            cand probe 'Try a receiver of your own: is it right?'
            cand fake 'Print realistic payloads'
            cand validate 'Check payloads and captures against the document of the nineteen events'
            cand drift 'Say how captures and payloads differ from the document, event by event'
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
            cand --address 'Address to listen on; anything but the loopback lets others in'
            cand --port 'Port to listen on; 0 picks a free one [default: 8080, with --demo 0]'
            cand --path 'Path to receive at; a further segment may name the event'
            cand --secret-file 'Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match'
            cand --secret 'Verify with this secret; without a value, make one and print it; repeatable [or: CFWH_SECRET]'
            cand --capture 'Keep every delivery in this folder, its body byte for byte, before it is answered'
            cand --profile 'What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends'
            cand --max-body 'Refuse larger bodies: bytes, or with KiB or MiB behind'
            cand --forward 'Pass what verified on to an endpoint, and its answer back; repeatable; only some events: ''page_*=http://…''; {event} becomes the event''s name'
            cand --forward-timeout 'Give an endpoint so long for its answer'
            cand --respond 'Answer so instead of 200; with --fail-first or --fail-rate, 400 and above is what they answer'
            cand --delay 'Wait so long before each answer: 500ms, 10s, 1m'
            cand --fail-first 'Answer 503 to the first N deliveries'
            cand --fail-rate 'Answer 503 to a part of the deliveries, 0 to 1'
            cand --seed 'Let --fail-rate choose the same deliveries again; random without it, and said on stderr'
            cand --count 'End after so many deliveries; with --within or a COMMAND, fewer are a failure'
            cand --within 'End after so long, whatever came: 500ms, 10s, 1m'
            cand --expect 'Fail unless this comes: exactly N times, or without N at least once; repeatable'
            cand --forbid 'Fail if this comes; repeatable'
            cand --report 'Write what was expected and what came to a file, for a CI server'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --strict 'Count warnings as errors, and answer 422 to errors'
            cand --demo 'Send itself one of each event, signed, and end'
            cand --forward-unverified 'Pass on what did not verify, too'
            cand --in-order 'Fail unless what is expected comes in the order given'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;send'= {
            cand --to 'Where to; {event} becomes the event''s name'
            cand --secret-file 'Read the secret from a file, its final line end dropped; `-` is stdin'
            cand --secret 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --seed 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr'
            cand --at 'Set the time of the first event: RFC 3339 or `now`'
            cand --profile 'Generate bodies of this sender: spec, the published document, or cloud, Confluence Cloud as observed'
            cand --count 'Generate N of each event [default: 1], or a story of N events [default: 100]'
            cand --duplicate 'Duplicate this fraction of the events of a story: 0.1 is 10 %'
            cand --drop 'Drop this fraction of the events of a story: 0.1 is 10 %'
            cand --set 'Set the JSON value at a path: page.version.number=3; repeatable'
            cand --unset 'Remove what is at a path: page.title; repeatable'
            cand --format 'Send generated bodies indented (pretty) or on one line (json, ndjson)'
            cand --event 'The event that a body without one is about'
            cand -H 'Add a header, or put it in the place of one of the same name; repeatable'
            cand --header 'Add a header, or put it in the place of one of the same name; repeatable'
            cand --fault 'Get one thing wrong on purpose; repeatable; `--fault list` lists the kinds'
            cand --timeout 'Give up on an answer after so long: 500ms, 10s, 1m'
            cand --retries 'Send again, up to so often, on no answer, 408, 409, 425, 429 and 5xx; backs off, heeds Retry-After'
            cand --failed 'Keep what did not get a 2xx in this folder, for `cfwh send DIR`'
            cand --concurrency 'Send so many at once [default: 1; with --rate 64]'
            cand --rate 'Begin so many in a time, whatever becomes of those before: 1000/s, 30/m'
            cand --duration 'Begin none after so long; without --count, go on until then'
            cand --cacert 'Trust the certificates in this PEM file too'
            cand --export 'Print the requests for another tool, each with its signature, instead of sending them'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --resign 'Sign captures again'
            cand --shuffle 'Shuffle the events of a story, within a window of a thousand'
            cand --insecure 'Trust any certificate'
            cand --dry-run 'Print the exact request instead of sending it'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;probe'= {
            cand --secret-file 'Read the secret from a file, its final line end dropped; `-` is stdin'
            cand --secret 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --profile 'What is sent: `spec` as the published document has it, `cloud` as Confluence Cloud does; `cloud` names no event in the body, so the URL should, as {event}'
            cand --only 'Run these cases only: sig/missing, body/*; repeatable'
            cand --skip 'Leave these cases out: deliver/*; repeatable'
            cand --format 'How to print the results'
            cand --save 'Keep every delivery in this folder, named after its case'
            cand --timeout 'Give up on an answer after so long: 500ms, 10s'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --list 'List the cases, and send nothing'
            cand --strict 'What SHOULD pass counts for the exit code too'
            cand --yes 'Probe a host that is not this machine'
            cand --insecure 'Trust any certificate'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;fake'= {
            cand --seed 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr'
            cand --at 'Set the time of the first event: RFC 3339 or `now`'
            cand --profile 'Generate bodies of this sender: spec, the published document, or cloud, Confluence Cloud as observed'
            cand --count 'Generate N of each event [default: 1], or a story of N events [default: 100]'
            cand --duplicate 'Duplicate this fraction of the events of a story: 0.1 is 10 %'
            cand --drop 'Drop this fraction of the events of a story: 0.1 is 10 %'
            cand --set 'Set the JSON value at a path: page.version.number=3; repeatable'
            cand --unset 'Remove what is at a path: page.title; repeatable'
            cand --format 'Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)'
            cand --out 'Write one file for each body into this folder'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --shuffle 'Shuffle the events of a story, within a window of a thousand'
            cand --coverage 'Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary numbers and awkward text'
            cand --invalid 'Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the rule'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;validate'= {
            cand --event 'The event that every body is about'
            cand --profile 'What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends'
            cand --format 'How to print findings: text, json, github (annotations), junit, sarif [default: text]'
            cand --report 'Write them to a file too; repeatable'
            cand --max-findings 'Print at most so many findings; the rest is counted'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --strict 'Count warnings as errors'
            cand --story 'Check that the inputs, in this order, make a story: nothing before its creation or after its removal, versions rising by one … (docs/stories.md, `cfwh rules`)'
            cand --expect-invalid 'Expect errors: 0 when every input has some, 1 when one has none'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;drift'= {
            cand --event 'The event that every body is about'
            cand --profile 'Held against what: `spec` is the published document, `cloud` what Confluence Cloud was seen to send'
            cand --format 'How to print it [default: text]'
            cand --baseline 'Leave out what an earlier `drift --json` has told'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --infer 'Print a JSON Schema that accepts all inputs instead'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;sign'= {
            cand --secret-file 'Read the secret from a file, its final line end dropped; `-` is stdin'
            cand --secret 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --header 'Print the whole header: X-Hub-Signature: sha256=…'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;verify'= {
            cand --secret-file 'Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match'
            cand --secret 'A secret itself; repeatable, any may match [or: CFWH_SECRET]'
            cand --signature 'The signature of the body, with or without `X-Hub-Signature:` in front'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --explain 'Say why a signature is wrong, where that can be proven by reproducing it'
            cand --show-expected 'Print the right signature where another came'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;events'= {
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;schema'= {
            cand --profile 'Whose shapes: `spec` is the published document, `cloud` what Confluence Cloud was seen to send'
            cand --output 'Print the schema of one line of a command''s `--json` output instead'
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --asyncapi 'Print the profile''s AsyncAPI document instead; that of `spec` byte for byte as published'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;rules'= {
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;completions'= {
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;man'= {
            cand --color 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
            cand --json 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)'
            cand -q 'Print errors only; the exit code tells the rest'
            cand --quiet 'Print errors only; the exit code tells the rest'
            cand -v 'Say more, on stderr'
            cand --verbose 'Say more, on stderr'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cfwh;help'= {
            cand listen 'Receive deliveries on this machine, verify and validate them, and say what arrived'
            cand send 'Send events, files or captures to an endpoint, signed, as Confluence does'
            cand probe 'Try a receiver of your own: is it right?'
            cand fake 'Print realistic payloads'
            cand validate 'Check payloads and captures against the document of the nineteen events'
            cand drift 'Say how captures and payloads differ from the document, event by event'
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
