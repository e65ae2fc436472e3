
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'cfwh' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'cfwh'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'cfwh' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive deliveries on this machine, verify and validate them')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send events, files or captures to an endpoint, signed, as Confluence does')
            [CompletionResult]::new('probe', 'probe', [CompletionResultType]::ParameterValue, 'Test a webhook receiver')
            [CompletionResult]::new('fake', 'fake', [CompletionResultType]::ParameterValue, 'Print realistic payloads')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check payloads and captures against the document of the nineteen events')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Show how captures and payloads differ from the document, event by event')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the signature of a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the signature of a body or a capture')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List the nineteen events')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event''s body, or of a command''s `--json` output')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules that `validate` checks')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print the help of a command, or of all commands as JSON')
            break
        }
        'cfwh;listen' {
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Listen on this address; any but the loopback is open to other machines')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port; 0 picks a free one [default: 8080, with --demo 0]')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Receive at this path; one more segment may name the event')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Accept requests for this host, and from its web pages: for tunnels to a loopback address; repeatable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Verify with this secret; without a value, generate one and print it; repeatable [or: CFWH_SECRET]')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]')
            [CompletionResult]::new('--capture', '--capture', [CompletionResultType]::ParameterName, 'Save every delivery in this folder, byte for byte, before the response')
            [CompletionResult]::new('--capture-limit', '--capture-limit', [CompletionResultType]::ParameterName, 'Save until the folder has this much, with a sixteenth for what fails authentication: bytes, KiB, MiB or GiB')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Refuse larger bodies: bytes, KiB or MiB')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'Forward verified deliveries to an endpoint, and return its response; with a pattern only these events: ''page_*=http://…''; {event} becomes the event''s name; repeatable')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Time out after this long')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Respond with this status instead of 200; with --fail-first or --fail-rate, 400 and above replace 503')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Wait this long before each response: 500ms, 10s, 1m')
            [CompletionResult]::new('--fail-first', '--fail-first', [CompletionResultType]::ParameterName, 'Respond 503 to the first N deliveries')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Respond 503 to this fraction of the deliveries, 0 to 1')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Choose the same deliveries for --fail-rate again; without it, a random seed is printed on stderr')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End after N deliveries; with --within or COMMAND, fewer are a failure')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'End after this long: 500ms, 10s, 1m')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Fail unless these events are received: exactly N, or without N at least one; repeatable')
            [CompletionResult]::new('--forbid', '--forbid', [CompletionResultType]::ParameterName, 'Fail if such an event is received; repeatable')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write what was expected and what was received to a file: junit, github, sarif, json, text')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors, and respond 422 to errors')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Send one of each event to itself, signed, then a wrong signature, a flawed body and a duplicate, and end')
            [CompletionResult]::new('--forward-unverified', '--forward-unverified', [CompletionResultType]::ParameterName, 'Forward unverified deliveries, too')
            [CompletionResult]::new('--in-order', '--in-order', [CompletionResultType]::ParameterName, 'Fail unless the expected events are received in the given order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Send to this URL; {event} becomes the event''s name')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file (`-` is stdin), without its final line end')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Set the time of the first event: RFC 3339 or `now`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Generate N of each event [default: 1], or a story of N events [default: 100]')
            [CompletionResult]::new('--duplicate', '--duplicate', [CompletionResultType]::ParameterName, 'Duplicate this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Drop this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set the JSON value at a path: page.version.number=3; repeatable')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove what is at a path: page.title; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Send generated bodies indented (pretty) or on one line (json, ndjson)')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event that a body without one is about')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Set a header, or replace the one of the same name; repeatable')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Set a header, or replace the one of the same name; repeatable')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Break one thing on purpose; repeatable; `--fault list` lists the kinds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time out after this long: 500ms, 10s, 1m')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times on no response, 408, 409, 425, 429 and 5xx; backs off, honors Retry-After')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Save deliveries without a 2xx response in this folder, for `cfwh send DIR`')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Send up to C concurrent requests [default: 1; with --rate 64]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Start requests at this rate, whether or not earlier ones have ended: 1000/s, 30/m')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Start no request after this long; without --count, repeat the sources until then')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file, too')
            [CompletionResult]::new('--export', '--export', [CompletionResultType]::ParameterName, 'Print the requests for another tool, each with its signature, instead of sending them')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign captures again')
            [CompletionResult]::new('--shuffle', '--shuffle', [CompletionResultType]::ParameterName, 'Shuffle the events of a story, within a window of a thousand')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the exact request instead of sending it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;probe' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file (`-` is stdin), without its final line end')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Send bodies of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run these cases only: sig/missing, body/*; repeatable')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Leave out these cases: deliver/*; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print the results in this format: text, json, github (annotations), junit, sarif')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Save every delivery in this folder, named after its case')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time out after this long: 500ms, 10s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the cases, and send nothing')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 1 if a case that SHOULD pass fails, too')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Probe a host that is not this machine')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;fake' {
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Set the time of the first event: RFC 3339 or `now`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Generate N of each event [default: 1], or a story of N events [default: 100]')
            [CompletionResult]::new('--duplicate', '--duplicate', [CompletionResultType]::ParameterName, 'Duplicate this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Drop this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set the JSON value at a path: page.version.number=3; repeatable')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove what is at a path: page.title; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write one file for each body into this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--shuffle', '--shuffle', [CompletionResultType]::ParameterName, 'Shuffle the events of a story, within a window of a thousand')
            [CompletionResult]::new('--coverage', '--coverage', [CompletionResultType]::ParameterName, 'Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary numbers and awkward text')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the rule')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;validate' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Treat every body as this event')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print findings in this format: text, json, github (annotations), junit, sarif [default: text]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write findings to a file too; repeatable')
            [CompletionResult]::new('--max-findings', '--max-findings', [CompletionResultType]::ParameterName, 'Print at most N findings, and count the rest')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--story', '--story', [CompletionResultType]::ParameterName, 'Check that the inputs, in this order, are a possible story: nothing before its creation or after its removal, versions rising by one … (docs/stories.md, `cfwh rules`)')
            [CompletionResult]::new('--expect-invalid', '--expect-invalid', [CompletionResultType]::ParameterName, 'Expect errors: exit with 0 if every input has some, with 1 if one has none')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;drift' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Treat every body as this event')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Compare with the document of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format: text, markdown, json [default: text]')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Leave out the differences in this output of an earlier `drift --json`')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--infer', '--infer', [CompletionResultType]::ParameterName, 'Print a JSON Schema that accepts all inputs instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;sign' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file (`-` is stdin), without its final line end')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Print the whole header: X-Hub-Signature: sha256=…')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;verify' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Use this secret; repeatable, any may match [or: CFWH_SECRET]')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Verify this signature, with or without `X-Hub-Signature:` before it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain why a signature is wrong, if the received one can be reproduced; else list what was tried')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Print the right signature if another was received')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;events' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;schema' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use the document of this sender: spec (the published document), cloud (Confluence Cloud)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the schema of one line of a command''s `--json` output instead')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--asyncapi', '--asyncapi', [CompletionResultType]::ParameterName, 'Print the profile''s AsyncAPI document instead; that of `spec` is byte for byte as published')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;rules' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;help' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
