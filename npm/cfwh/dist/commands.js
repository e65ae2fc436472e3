/** The commands that run to their end, one function each. */
import { CheckFailed, run } from "./program.js";
/**
 * Sends events, files or captures to a URL, and returns one result for each.
 *
 * @throws {CheckFailed} A response is not the expected one (`expect`, by default a 2xx), or there is none.
 */
export async function send(sources, options = {}) {
    const [passed, lines] = await run("send", [sources].flat(), options);
    const sent = lines.map(parse).filter((line) => !("type" in line));
    return checked(passed, options, sent, () => sent.filter((line) => !line.ok).map(describeResponse));
}
/**
 * Tests a receiver, and returns its grade and all cases.
 *
 * @throws {CheckFailed} A case that MUST pass fails, or with `strict: true` any case. The message has the causes.
 */
export async function probe(url, options = {}) {
    const [passed, lines] = await run("probe", [url], options);
    const grade = parse(lines.pop());
    const report = { ...grade, cases: lines.map(parse) };
    return checked(passed, options, report, () => describeGrade(report));
}
/**
 * Checks a body (bytes), or what is at a path, against the document of its sender.
 *
 * @throws {CheckFailed} A body has errors, or with `strict: true` warnings.
 */
export async function validate(body, options = {}) {
    const [passed, lines] = await runOn(body, "validate", options);
    const results = lines.map(parse);
    return checked(passed, options, results, () => results.flatMap(describeFindings));
}
/**
 * Checks the `signature` of a body (bytes), or of the capture at a path.
 *
 * @throws {CheckFailed} The signature is not valid. The message has the cause, where it is known.
 */
export async function verify(body, options = {}) {
    const [passed, [line]] = await runOn(body, "verify", { explain: true, ...options });
    const result = parse(line);
    const causes = (result.causes ?? []).map((cause) => `cause: ${cause.message}\n  fix: ${cause.help}`);
    return checked(passed, options, result, () => [`the signature is not valid: ${result.verdict}`, ...causes]);
}
/** Returns the header that authenticates a body. With `auth: "connect"` and `auth: "forge"` it does not sign one. */
export async function sign(body, options = {}) {
    const [, [line]] = await (body === null ? run("sign", [], options) : runOn(body, "sign", options));
    const { header, signature } = parse(line);
    return { [header]: signature };
}
/** Returns realistic bodies: of an event, of `all` events, or of a `story`. */
export async function fake(source, options = {}) {
    const [, lines] = await run("fake", [source], options);
    return lines.map((line) => Buffer.from(line));
}
function runOn(body, command, options) {
    return typeof body === "string" ? run(command, [body], options) : run(command, ["-"], options, body);
}
function parse(line) {
    return JSON.parse(line ?? "");
}
function checked(passed, options, result, describe) {
    if (!passed && options.check !== false)
        throw new CheckFailed(describe(), result);
    return result;
}
function describeResponse({ source, error, status, response }) {
    const body = response?.body?.trimEnd().split("\n").slice(0, 10) ?? [];
    return [`${source}: ${error ?? `the response ${status} is not expected`}`, ...body].join("\n  ");
}
function describeFindings({ input, findings }) {
    return findings.map(({ line, column, severity, message, help }) => `${input}:${line}:${column}: ${severity}: ${message}${help === null ? "" : `\n  fix: ${help}`}`);
}
function describeGrade({ grade, reason, causes, cases }) {
    const failed = cases.filter((one) => one.verdict === "fail");
    const from = (cause) => failed.filter((one) => one.follows_from === cause);
    const names = (cause) => from(cause).map((one) => one.case).join(", ");
    const describe = ({ case: name, level, sent, received, help }) => `${name} (${level}): ${sent}; received ${received.summary}\n  fix: ${help}`;
    return [
        grade === null ? reason : `grade ${grade}: ${reason}`,
        ...causes.map(({ cause, help }) => `cause: ${cause} (${names(cause)})\n  fix: ${help}`),
        ...from(null).map(describe),
    ];
}
