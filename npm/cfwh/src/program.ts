/** The program `cfwh`: where it is, how its options are written, and how it reports errors. */

import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { clearTimeout, setTimeout } from "node:timers";
import type { ErrorLine } from "../types/error.js";

export type Option = string | number | boolean | null | undefined | readonly unknown[] | Record<string, unknown>;

export interface Options {
  /** The secret; without one, `CFWH_SECRET`; `false` is none. */
  secret?: string | false;
  /** Return the result of a check that fails, instead of throwing it. */
  check?: boolean;
  /** An option of the command. */
  [option: string]: Option;
}

/** `cfwh` cannot do what it was asked to do. `code` is a stable name, and `fix` is advice or `null`. */
export class CfwhError extends Error {
  override readonly name = "CfwhError";

  constructor(readonly code: string, message: string, readonly fix: string | null = null) {
    super(fix === null ? message : `${message}\nfix: ${fix}`);
  }
}

/** A check failed. `results` is what the function returns with `check: false`. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";

  constructor(lines: string[], readonly results: unknown) {
    super(lines.join("\n"));
  }
}

/** Returns the path of `cfwh`: `CFWH_BINARY`, else the one of this package, else the first one in `PATH`. */
export function findProgram(): string {
  if (process.env.CFWH_BINARY) return process.env.CFWH_BINARY;
  try {
    return createRequire(import.meta.url)("../bin/program.cjs").findProgram();
  } catch {
    return "cfwh";
  }
}

/** Starts `cfwh`. */
export function start(args: string[], secret: Options["secret"], options: SpawnOptions = {}): ChildProcess {
  const env = { ...process.env, ...options.env };
  if (secret === false) delete env.CFWH_SECRET;
  else if (secret !== undefined) env.CFWH_SECRET = secret;
  const child = spawn(findProgram(), ["--json", "--color=never", ...args], { ...options, env }).on("error", () => {});
  // A program may end before it reads everything.
  child.stdin?.on("error", () => {});
  if (child.pid !== undefined) return child;
  throw new CfwhError("not-found", `cannot run ${findProgram()}`, "npm install cfwh, or set CFWH_BINARY");
}

/** Ends a process that ends with its stdin. */
export async function end(child: ChildProcess): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  clearTimeout(timer);
}

/** Lets this process end although the other one runs: a test may forget to end it. */
export function unref(child: ChildProcess): void {
  for (const handle of [child, ...child.stdio]) (handle as Socket | null)?.unref();
}

/** Runs a command to its end, and returns whether the exit code is 0, and the lines of stdout. */
export async function run(
  command: string,
  operands: string[],
  { secret, check: _, ...options }: Options,
  stdin: Uint8Array | "" = "",
): Promise<[passed: boolean, lines: string[]]> {
  const child = start([command, ...operands, ...toArguments(options)], secret);
  child.stdin?.end(stdin);
  const [output, errors, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, "close")]);
  throwErrorIn(errors);
  return [code === 0, output.split("\n").filter(Boolean)];
}

/** Throws the error that a command reported on stderr, if it reported one. */
export function throwErrorIn(errors: string): void {
  const line = errors.split("\n").find((line) => line.startsWith('{"type":"error"'));
  if (line === undefined) return;
  const { code, message, fix }: ErrorLine = JSON.parse(line);
  throw new CfwhError(code, message, fix);
}

/** Writes the members of `options` as options of the command line. */
export function toArguments(options: Record<string, Option>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === null || value === false) return [];
    if (value === true) return [option];
    if (Array.isArray(value)) return value.map((item) => `${option}=${item}`);
    if (typeof value !== "object") return [`${option}=${value}`];
    const write = (item: unknown) => (option.endsWith("header") ? `: ${item}` : `=${JSON.stringify(item)}`);
    return Object.entries(value).map(([key, item]) => `${option}=${key}${write(item)}`);
  });
}
