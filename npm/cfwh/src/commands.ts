/** The commands that run to their end, one function each. */

import type { Grade, ProbedCase } from "../types/probe.js";
import type { SentDelivery } from "../types/send.js";
import type { Signature } from "../types/sign.js";
import type { Validation } from "../types/validate.js";
import type { Verification } from "../types/verify.js";
import { CheckFailed, run, type Options } from "./program.js";

/** A body (bytes), or the path of a file. */
export type Body = Uint8Array | string;

/** The grade of a receiver, and the cases. */
export interface ProbeReport extends Grade {
  cases: ProbedCase[];
}

/**
 * Sends events, files or captures to a URL, and returns one result for each.
 *
 * @throws {CheckFailed} A response is not the expected one (`expect`, by default a 2xx), or there is none.
 */
export async function send(sources: string | string[], options: Options = {}): Promise<SentDelivery[]> {
  const [passed, lines] = await run("send", [sources].flat(), options);
  const sent = lines.map(parse<SentDelivery>).filter((line) => !("type" in line));
  return checked(passed, options, sent, () => sent.filter((line) => !line.ok).map(describeResponse));
}

/**
 * Tests a receiver, and returns its grade and all cases.
 *
 * @throws {CheckFailed} A case that MUST pass fails, or with `strict: true` any case. The message has the causes.
 */
export async function probe(url: string, options: Options = {}): Promise<ProbeReport> {
  const [passed, lines] = await run("probe", [url], options);
  const grade = parse<Grade>(lines.pop());
  const report = { ...grade, cases: lines.map(parse<ProbedCase>) };
  return checked(passed, options, report, () => describeGrade(report));
}

/**
 * Checks a body (bytes), or what is at a path, against the document of its sender.
 *
 * @throws {CheckFailed} A body has errors, or with `strict: true` warnings.
 */
export async function validate(body: Body, options: Options = {}): Promise<Validation[]> {
  const [passed, lines] = await runOn(body, "validate", options);
  const results = lines.map(parse<Validation>);
  return checked(passed, options, results, () => results.flatMap(describeFindings));
}

/**
 * Checks the `signature` of a body (bytes), or of the capture at a path.
 *
 * @throws {CheckFailed} The signature is not valid. The message has the cause, where it is known.
 */
export async function verify(body: Body, options: Options = {}): Promise<Verification> {
  const [passed, [line]] = await runOn(body, "verify", { explain: true, ...options });
  const result = parse<Verification>(line);
  const causes = (result.causes ?? []).map((cause) => `cause: ${cause.message}\n  fix: ${cause.help}`);
  return checked(passed, options, result, () => [`the signature is not valid: ${result.verdict}`, ...causes]);
}

/** Returns the header that authenticates a body. With `auth: "connect"` and `auth: "forge"` it does not sign one. */
export async function sign(body: Body | null, options: Options = {}): Promise<Record<string, string>> {
  const [, [line]] = await (body === null ? run("sign", [], options) : runOn(body, "sign", options));
  const { header, signature } = parse<Signature>(line);
  return { [header]: signature };
}

/** Returns realistic bodies: of an event, of `all` events, or of a `story`. */
export async function fake(source: string, options: Options = {}): Promise<Buffer[]> {
  const [, lines] = await run("fake", [source], options);
  return lines.map((line) => Buffer.from(line));
}

function runOn(body: Body, command: string, options: Options): ReturnType<typeof run> {
  return typeof body === "string" ? run(command, [body], options) : run(command, ["-"], options, body);
}

function parse<Line>(line: string | undefined): Line {
  return JSON.parse(line ?? "");
}

function checked<Result>(passed: boolean, options: Options, result: Result, describe: () => string[]): Result {
  if (!passed && options.check !== false) throw new CheckFailed(describe(), result);
  return result;
}

function describeResponse({ source, error, status, response }: SentDelivery): string {
  const body = response?.body?.trimEnd().split("\n").slice(0, 10) ?? [];
  return [`${source}: ${error ?? `the response ${status} is not expected`}`, ...body].join("\n  ");
}

function describeFindings({ input, findings }: Validation): string[] {
  return findings.map(({ line, column, severity, message, help }) =>
    `${input}:${line}:${column}: ${severity}: ${message}${help === null ? "" : `\n  fix: ${help}`}`);
}

function describeGrade({ grade, reason, causes, cases }: ProbeReport): string[] {
  const failed = cases.filter((one) => one.verdict === "fail");
  const from = (cause: string | null) => failed.filter((one) => one.follows_from === cause);
  const names = (cause: string) => from(cause).map((one) => one.case).join(", ");
  const describe = ({ case: name, level, sent, received, help }: ProbedCase) =>
    `${name} (${level}): ${sent}; received ${received.summary}\n  fix: ${help}`;
  return [
    grade === null ? reason : `grade ${grade}: ${reason}`,
    ...causes.map(({ cause, help }) => `cause: ${cause} (${names(cause)})\n  fix: ${help}`),
    ...from(null).map(describe),
  ];
}
