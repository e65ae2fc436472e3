# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_cfwh_global_optspecs
    string join \n color= json q/quiet v/verbose h/help V/version
end

function __fish_cfwh_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_cfwh_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_cfwh_using_subcommand
    set -l cmd (__fish_cfwh_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c cfwh -n "__fish_cfwh_needs_command" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_needs_command" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_needs_command" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_needs_command" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_needs_command" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_needs_command" -s V -l version -d 'Print version'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "listen" -d 'Receive deliveries on this machine, verify and validate them'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "send" -d 'Send events, files or captures to an endpoint, signed, as Confluence does'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "probe" -d 'Test a webhook receiver'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "fake" -d 'Print realistic payloads'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "validate" -d 'Check payloads and captures against the document of the nineteen events'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "drift" -d 'Show how captures and payloads differ from the document, event by event'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "sign" -d 'Print the signature of a body'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "verify" -d 'Check the signature of a body or a capture'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "events" -d 'List the nineteen events'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "schema" -d 'Print the JSON Schema of an event\'s body, or of a command\'s `--json` output'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "rules" -d 'List the rules that `validate` checks'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "man" -d 'Print a man page'
complete -c cfwh -n "__fish_cfwh_needs_command" -f -a "help" -d 'Print the help of a command, or of all commands as JSON'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l address -d 'Listen on this address; any but the loopback is open to other machines' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l port -d 'Listen on this port; 0 picks a free one [default: 8080, with --demo 0]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l path -d 'Receive at this path; one more segment may name the event' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l allow-host -d 'Accept requests for this host, and from its web pages: for tunnels to a loopback address; repeatable' -r -f -a "(__fish_print_hostnames)"
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l secret-file -d 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l secret -d 'Verify with this secret; without a value, generate one and print it; repeatable [or: CFWH_SECRET]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l auth -d 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]' -r -f -a "hmac\t''
none\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l capture -d 'Save every delivery in this folder, byte for byte, before the response' -r -f -a "(__fish_complete_directories)"
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l capture-limit -d 'Save until the folder has this much, with a sixteenth for what fails authentication: bytes, KiB, MiB or GiB' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l profile -d 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l max-body -d 'Refuse larger bodies: bytes, KiB or MiB' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l forward -d 'Forward verified deliveries to an endpoint, and return its response; with a pattern only these events: \'page_*=http://…\'; {event} becomes the event\'s name; repeatable' -r -f
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l forward-timeout -d 'Time out after this long' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l respond -d 'Respond with this status instead of 200; with --fail-first or --fail-rate, 400 and above replace 503' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l delay -d 'Wait this long before each response: 500ms, 10s, 1m' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l fail-first -d 'Respond 503 to the first N deliveries' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l fail-rate -d 'Respond 503 to this fraction of the deliveries, 0 to 1' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l seed -d 'Choose the same deliveries for --fail-rate again; without it, a random seed is printed on stderr' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l count -d 'End after N deliveries; with --within or COMMAND, fewer are a failure' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l within -d 'End after this long: 500ms, 10s, 1m' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l expect -d 'Fail unless these events are received: exactly N, or without N at least one; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l forbid -d 'Fail if such an event is received; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l report -d 'Write what was expected and what was received to a file: junit, github, sarif, json, text' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l strict -d 'Treat warnings as errors, and respond 422 to errors'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l demo -d 'Send one of each event to itself, signed, then a wrong signature, a flawed body and a duplicate, and end'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l forward-unverified -d 'Forward unverified deliveries, too'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l in-order -d 'Fail unless the expected events are received in the given order'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand listen" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l to -d 'Send to this URL; {event} becomes the event\'s name' -r -f
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l secret-file -d 'Read the secret from a file (`-` is stdin), without its final line end' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l secret -d 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l auth -d 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]' -r -f -a "hmac\t''
none\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l seed -d 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l at -d 'Set the time of the first event: RFC 3339 or `now`' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l profile -d 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l count -d 'Generate N of each event [default: 1], or a story of N events [default: 100]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l duplicate -d 'Duplicate this fraction of the events of a story: 0.1 is 10 %' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l drop -d 'Drop this fraction of the events of a story: 0.1 is 10 %' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l set -d 'Set the JSON value at a path: page.version.number=3; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l unset -d 'Remove what is at a path: page.title; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l format -d 'Send generated bodies indented (pretty) or on one line (json, ndjson)' -r -f -a "pretty\t''
json\t''
ndjson\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l event -d 'The event that a body without one is about' -r -f -a "page_created\t''
page_updated\t''
page_removed\t''
page_trashed\t''
page_restored\t''
space_created\t''
space_updated\t''
space_removed\t''
comment_created\t''
comment_updated\t''
comment_removed\t''
attachment_created\t''
attachment_updated\t''
attachment_removed\t''
label_created\t''
label_removed\t''
blog_created\t''
blog_updated\t''
blog_removed\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -s H -l header -d 'Set a header, or replace the one of the same name; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l fault -d 'Break one thing on purpose; repeatable; `--fault list` lists the kinds' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l timeout -d 'Time out after this long: 500ms, 10s, 1m' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l retries -d 'Retry up to N times on no response, 408, 409, 425, 429 and 5xx; backs off, honors Retry-After' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l failed -d 'Save deliveries without a 2xx response in this folder, for `cfwh send DIR`' -r -f -a "(__fish_complete_directories)"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l concurrency -d 'Send up to C concurrent requests [default: 1; with --rate 64]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l rate -d 'Start requests at this rate, whether or not earlier ones have ended: 1000/s, 30/m' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l duration -d 'Start no request after this long; without --count, repeat the sources until then' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l cacert -d 'Trust the certificates in this PEM file, too' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l export -d 'Print the requests for another tool, each with its signature, instead of sending them' -r -f -a "curl\t''
http\t''
vegeta\t''
k6\t''
hurl\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l resign -d 'Sign captures again'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l shuffle -d 'Shuffle the events of a story, within a window of a thousand'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l insecure -d 'Trust any certificate'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l dry-run -d 'Print the exact request instead of sending it'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand send" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l secret-file -d 'Read the secret from a file (`-` is stdin), without its final line end' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l secret -d 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l auth -d 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]' -r -f -a "hmac\t''
none\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l profile -d 'Send bodies of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l only -d 'Run these cases only: sig/missing, body/*; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l skip -d 'Leave out these cases: deliver/*; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l format -d 'Print the results in this format: text, json, github (annotations), junit, sarif' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'
github\t'Workflow commands of GitHub Actions, which become annotations'
junit\t'JUnit XML, for CI servers'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l save -d 'Save every delivery in this folder, named after its case' -r -f -a "(__fish_complete_directories)"
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l timeout -d 'Time out after this long: 500ms, 10s' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l list -d 'List the cases, and send nothing'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l strict -d 'Exit with 1 if a case that SHOULD pass fails, too'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l yes -d 'Probe a host that is not this machine'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l insecure -d 'Trust any certificate'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand probe" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l seed -d 'Generate the same payloads for the same N; without it, a random seed is used and printed on stderr' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l at -d 'Set the time of the first event: RFC 3339 or `now`' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l profile -d 'Generate bodies of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l count -d 'Generate N of each event [default: 1], or a story of N events [default: 100]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l duplicate -d 'Duplicate this fraction of the events of a story: 0.1 is 10 %' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l drop -d 'Drop this fraction of the events of a story: 0.1 is 10 %' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l set -d 'Set the JSON value at a path: page.version.number=3; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l unset -d 'Remove what is at a path: page.title; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l format -d 'Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)' -r -f -a "pretty\t''
json\t''
ndjson\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l out -d 'Write one file for each body into this folder' -r -f -a "(__fish_complete_directories)"
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l shuffle -d 'Shuffle the events of a story, within a window of a thousand'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l coverage -d 'Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary numbers and awkward text'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l invalid -d 'Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the rule'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand fake" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l event -d 'Treat every body as this event' -r -f -a "page_created\t''
page_updated\t''
page_removed\t''
page_trashed\t''
page_restored\t''
space_created\t''
space_updated\t''
space_removed\t''
comment_created\t''
comment_updated\t''
comment_removed\t''
attachment_created\t''
attachment_updated\t''
attachment_removed\t''
label_created\t''
label_removed\t''
blog_created\t''
blog_updated\t''
blog_removed\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l profile -d 'Validate against the document of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l format -d 'Print findings in this format: text, json, github (annotations), junit, sarif [default: text]' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'
github\t'Workflow commands of GitHub Actions, which become annotations'
junit\t'JUnit XML, for CI servers'
sarif\t'SARIF 2.1.0, for code scanning'"
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l report -d 'Write findings to a file too; repeatable' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l max-findings -d 'Print at most N findings, and count the rest' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l strict -d 'Treat warnings as errors'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l story -d 'Check that the inputs, in this order, are a possible story: nothing before its creation or after its removal, versions rising by one … (docs/stories.md, `cfwh rules`)'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l expect-invalid -d 'Expect errors: exit with 0 if every input has some, with 1 if one has none'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand validate" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l event -d 'Treat every body as this event' -r -f -a "page_created\t''
page_updated\t''
page_removed\t''
page_trashed\t''
page_restored\t''
space_created\t''
space_updated\t''
space_removed\t''
comment_created\t''
comment_updated\t''
comment_removed\t''
attachment_created\t''
attachment_updated\t''
attachment_removed\t''
label_created\t''
label_removed\t''
blog_created\t''
blog_updated\t''
blog_removed\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l profile -d 'Compare with the document of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l format -d 'Print in this format: text, markdown, json [default: text]' -r -f -a "text\t'Text for people'
markdown\t'One table per event, for a pull request or a wiki'
json\t'One JSON object per event'"
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l baseline -d 'Leave out the differences in this output of an earlier `drift --json`' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l infer -d 'Print a JSON Schema that accepts all inputs instead'
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand drift" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -l secret-file -d 'Read the secret from a file (`-` is stdin), without its final line end' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -l secret -d 'Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -l header -d 'Print the whole header: X-Hub-Signature: sha256=…'
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand sign" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l secret-file -d 'Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match' -r -F
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l secret -d 'Use this secret; repeatable, any may match [or: CFWH_SECRET]' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l auth -d 'Authenticate with this scheme: hmac (X-Hub-Signature), none [default: hmac if there is a secret]' -r -f -a "hmac\t''
none\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l signature -d 'Verify this signature, with or without `X-Hub-Signature:` before it' -r
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l explain -d 'Explain why a signature is wrong, if the received one can be reproduced; else list what was tried'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l show-expected -d 'Print the right signature if another was received'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand verify" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand events" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand events" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand events" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand events" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand events" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -l profile -d 'Use the document of this sender: spec (the published document), cloud (Confluence Cloud)' -r -f -a "spec\t''
cloud\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -l output -d 'Print the schema of one line of a command\'s `--json` output instead' -r -f -a "listen\t''
send\t''
probe\t''
validate\t''
drift\t''
sign\t''
verify\t''
events\t''
rules\t''
help\t''
error\t''
fake\t''"
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -l asyncapi -d 'Print the profile\'s AsyncAPI document instead; that of `spec` is byte for byte as published'
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand schema" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand rules" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand rules" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand rules" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand rules" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand rules" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand completions" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand completions" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand completions" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand completions" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand completions" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand man" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand man" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand man" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand man" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand man" -s h -l help -d 'Print help'
complete -c cfwh -n "__fish_cfwh_using_subcommand help" -l color -d 'Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c cfwh -n "__fish_cfwh_using_subcommand help" -l json -d 'Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)'
complete -c cfwh -n "__fish_cfwh_using_subcommand help" -s q -l quiet -d 'Print errors only'
complete -c cfwh -n "__fish_cfwh_using_subcommand help" -s v -l verbose -d 'Print more detail'
complete -c cfwh -n "__fish_cfwh_using_subcommand help" -s h -l help -d 'Print help'
