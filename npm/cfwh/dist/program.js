/** The program `cfwh`: where it is, how its options are written, and how it reports errors. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { clearTimeout, setTimeout } from "node:timers";
/** `cfwh` cannot do what it was asked to do. `code` is a stable name, and `fix` is advice or `null`. */
export class CfwhError extends Error {
    code;
    fix;
    name = "CfwhError";
    constructor(code, message, fix = null) {
        super(fix === null ? message : `${message}\nfix: ${fix}`);
        this.code = code;
        this.fix = fix;
    }
}
/** A check failed. `results` is what the function returns with `check: false`. */
export class CheckFailed extends Error {
    results;
    name = "CheckFailed";
    constructor(lines, results) {
        super(lines.join("\n"));
        this.results = results;
    }
}
/** Returns the path of `cfwh`: `CFWH_BINARY`, else the one of this package, else the first one in `PATH`. */
export function findProgram() {
    if (process.env.CFWH_BINARY)
        return process.env.CFWH_BINARY;
    try {
        return createRequire(import.meta.url)("../bin/program.cjs").findProgram();
    }
    catch {
        return "cfwh";
    }
}
/** Starts `cfwh`. */
export function start(args, secret, options = {}) {
    const env = { ...process.env, ...options.env };
    if (secret === false)
        delete env.CFWH_SECRET;
    else if (secret !== undefined)
        env.CFWH_SECRET = secret;
    const child = spawn(findProgram(), ["--json", "--color=never", ...args], { ...options, env }).on("error", () => { });
    // A program may end before it reads everything.
    child.stdin?.on("error", () => { });
    if (child.pid !== undefined)
        return child;
    throw new CfwhError("not-found", `cannot run ${findProgram()}`, "npm install cfwh, or set CFWH_BINARY");
}
/** Ends a process that ends with its stdin. */
export async function end(child) {
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null)
        await once(child, "exit");
    clearTimeout(timer);
}
/** Lets this process end although the other one runs: a test may forget to end it. */
export function unref(child) {
    for (const handle of [child, ...child.stdio])
        handle?.unref();
}
/** Runs a command to its end, and returns whether the answer is yes, and the lines of stdout. */
export async function run(command, operands, { secret, check: _, ...options }, stdin = "") {
    const child = start([command, ...operands, ...toArguments(options)], secret);
    child.stdin?.end(stdin);
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    throwErrorIn(errors);
    return [code === 0, output.split("\n").filter(Boolean)];
}
/** Throws the error that a command reported on stderr, if it reported one. */
export function throwErrorIn(errors) {
    const line = errors.split("\n").find((line) => line.startsWith('{"type":"error"'));
    if (line === undefined)
        return;
    const { code, message, fix } = JSON.parse(line);
    throw new CfwhError(code, message, fix);
}
/** Writes the members of `options` as options of the command line. */
export function toArguments(options) {
    return Object.entries(options).flatMap(([name, value]) => {
        const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
        if (value === undefined || value === null || value === false)
            return [];
        if (value === true)
            return [option];
        if (Array.isArray(value))
            return value.map((item) => `${option}=${item}`);
        if (typeof value !== "object")
            return [`${option}=${value}`];
        const write = (item) => (option.endsWith("header") ? `: ${item}` : `=${JSON.stringify(item)}`);
        return Object.entries(value).map(([key, item]) => `${option}=${key}${write(item)}`);
    });
}
