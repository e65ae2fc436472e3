
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive deliveries on this machine, verify and validate them, and say what arrived')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send events, files or captures to an endpoint, signed, as Confluence does')
            [CompletionResult]::new('probe', 'probe', [CompletionResultType]::ParameterValue, 'Try a receiver of your own: is it right?')
            [CompletionResult]::new('fake', 'fake', [CompletionResultType]::ParameterValue, 'Print realistic payloads')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check payloads and captures against the document of the nineteen events')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Say how captures and payloads differ from the document, event by event')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the signature of a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the signature of a body or a capture')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List the nineteen events')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event''s body, or of a command''s `--json` output')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules that `validate` checks')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cfwh;listen' {
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Address to listen on; anything but the loopback lets others in')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 picks a free one [default: 8080, with --demo 0]')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Path to receive at; a further segment may name the event')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Verify with this secret; without a value, make one and print it; repeatable [or: CFWH_SECRET]')
            [CompletionResult]::new('--capture', '--capture', [CompletionResultType]::ParameterName, 'Keep every delivery in this folder, its body byte for byte, before it is answered')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Refuse larger bodies: bytes, or with KiB or MiB behind')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'Pass what verified on to an endpoint, and its answer back; repeatable; only some events: ''page_*=http://…''; {event} becomes the event''s name')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Give an endpoint so long for its answer')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answer so instead of 200; with --fail-first or --fail-rate, 400 and above is what they answer')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Wait so long before each answer: 500ms, 10s, 1m')
            [CompletionResult]::new('--fail-first', '--fail-first', [CompletionResultType]::ParameterName, 'Answer 503 to the first N deliveries')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Answer 503 to a part of the deliveries, 0 to 1')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Let --fail-rate choose the same deliveries again; random without it, and said on stderr')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End after so many deliveries; with --within or a COMMAND, fewer are a failure')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'End after so long, whatever came: 500ms, 10s, 1m')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Fail unless this comes: exactly N times, or without N at least once; repeatable')
            [CompletionResult]::new('--forbid', '--forbid', [CompletionResultType]::ParameterName, 'Fail if this comes; repeatable')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write what was expected and what came to a file, for a CI server')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors, and answer 422 to errors')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Send itself one of each event, signed, and end')
            [CompletionResult]::new('--forward-unverified', '--forward-unverified', [CompletionResultType]::ParameterName, 'Pass on what did not verify, too')
            [CompletionResult]::new('--in-order', '--in-order', [CompletionResultType]::ParameterName, 'Fail unless what is expected comes in the order given')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Where to; {event} becomes the event''s name')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, its final line end dropped; `-` is stdin')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Set the time of the first event: RFC 3339 or `now`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Generate bodies of this sender: spec, the published document, or cloud, Confluence Cloud as observed')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Generate N of each event [default: 1], or a story of N events [default: 100]')
            [CompletionResult]::new('--duplicate', '--duplicate', [CompletionResultType]::ParameterName, 'Duplicate this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Drop this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set the JSON value at a path: page.version.number=3; repeatable')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove what is at a path: page.title; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Send generated bodies indented (pretty) or on one line (json, ndjson)')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event that a body without one is about')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add a header, or put it in the place of one of the same name; repeatable')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header, or put it in the place of one of the same name; repeatable')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Get one thing wrong on purpose; repeatable; `--fault list` lists the kinds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on an answer after so long: 500ms, 10s, 1m')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Send again, up to so often, on no answer, 408, 409, 425, 429 and 5xx; backs off, heeds Retry-After')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Keep what did not get a 2xx in this folder, for `cfwh send DIR`')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Send so many at once [default: 1; with --rate 64]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Begin so many in a time, whatever becomes of those before: 1000/s, 30/m')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Begin none after so long; without --count, go on until then')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too')
            [CompletionResult]::new('--export', '--export', [CompletionResultType]::ParameterName, 'Print the requests for another tool, each with its signature, instead of sending them')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign captures again')
            [CompletionResult]::new('--shuffle', '--shuffle', [CompletionResultType]::ParameterName, 'Shuffle the events of a story, within a window of a thousand')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the exact request instead of sending it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;probe' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, its final line end dropped; `-` is stdin')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'What is sent: `spec` as the published document has it, `cloud` as Confluence Cloud does; `cloud` names no event in the body, so the URL should, as {event}')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run these cases only: sig/missing, body/*; repeatable')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Leave these cases out: deliver/*; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the results')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Keep every delivery in this folder, named after its case')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on an answer after so long: 500ms, 10s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the cases, and send nothing')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'What SHOULD pass counts for the exit code too')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Probe a host that is not this machine')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;fake' {
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Set the time of the first event: RFC 3339 or `now`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Generate bodies of this sender: spec, the published document, or cloud, Confluence Cloud as observed')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Generate N of each event [default: 1], or a story of N events [default: 100]')
            [CompletionResult]::new('--duplicate', '--duplicate', [CompletionResultType]::ParameterName, 'Duplicate this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Drop this fraction of the events of a story: 0.1 is 10 %')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set the JSON value at a path: page.version.number=3; repeatable')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove what is at a path: page.title; repeatable')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write one file for each body into this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--shuffle', '--shuffle', [CompletionResultType]::ParameterName, 'Shuffle the events of a story, within a window of a thousand')
            [CompletionResult]::new('--coverage', '--coverage', [CompletionResultType]::ParameterName, 'Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary numbers and awkward text')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the rule')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;validate' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event that every body is about')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print findings: text, json, github (annotations), junit, sarif [default: text]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write them to a file too; repeatable')
            [CompletionResult]::new('--max-findings', '--max-findings', [CompletionResultType]::ParameterName, 'Print at most so many findings; the rest is counted')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors')
            [CompletionResult]::new('--story', '--story', [CompletionResultType]::ParameterName, 'Check that the inputs, in this order, make a story: nothing before its creation or after its removal, versions rising by one … (docs/stories.md, `cfwh rules`)')
            [CompletionResult]::new('--expect-invalid', '--expect-invalid', [CompletionResultType]::ParameterName, 'Expect errors: 0 when every input has some, 1 when one has none')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;drift' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event that every body is about')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Held against what: `spec` is the published document, `cloud` what Confluence Cloud was seen to send')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it [default: text]')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Leave out what an earlier `drift --json` has told')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--infer', '--infer', [CompletionResultType]::ParameterName, 'Print a JSON Schema that accepts all inputs instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;sign' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, its final line end dropped; `-` is stdin')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Print the whole header: X-Hub-Signature: sha256=…')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;verify' {
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'A secret itself; repeatable, any may match [or: CFWH_SECRET]')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'The signature of the body, with or without `X-Hub-Signature:` in front')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say why a signature is wrong, where that can be proven by reproducing it')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Print the right signature where another came')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;events' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;schema' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Whose shapes: `spec` is the published document, `cloud` what Confluence Cloud was seen to send')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the schema of one line of a command''s `--json` output instead')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--asyncapi', '--asyncapi', [CompletionResultType]::ParameterName, 'Print the profile''s AsyncAPI document instead; that of `spec` byte for byte as published')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;rules' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only; the exit code tells the rest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more, on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cfwh;help' {
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive deliveries on this machine, verify and validate them, and say what arrived')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send events, files or captures to an endpoint, signed, as Confluence does')
            [CompletionResult]::new('probe', 'probe', [CompletionResultType]::ParameterValue, 'Try a receiver of your own: is it right?')
            [CompletionResult]::new('fake', 'fake', [CompletionResultType]::ParameterValue, 'Print realistic payloads')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check payloads and captures against the document of the nineteen events')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Say how captures and payloads differ from the document, event by event')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Print the signature of a body')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the signature of a body or a capture')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List the nineteen events')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of an event''s body, or of a command''s `--json` output')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules that `validate` checks')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cfwh;help;listen' {
            break
        }
        'cfwh;help;send' {
            break
        }
        'cfwh;help;probe' {
            break
        }
        'cfwh;help;fake' {
            break
        }
        'cfwh;help;validate' {
            break
        }
        'cfwh;help;drift' {
            break
        }
        'cfwh;help;sign' {
            break
        }
        'cfwh;help;verify' {
            break
        }
        'cfwh;help;events' {
            break
        }
        'cfwh;help;schema' {
            break
        }
        'cfwh;help;rules' {
            break
        }
        'cfwh;help;completions' {
            break
        }
        'cfwh;help;man' {
            break
        }
        'cfwh;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
