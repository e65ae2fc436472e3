/** The program `cfwh`: where it is, how its options are written, and how it reports errors. */
import { type ChildProcess, type SpawnOptions } from "node:child_process";
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
export declare class CfwhError extends Error {
    readonly code: string;
    readonly fix: string | null;
    readonly name = "CfwhError";
    constructor(code: string, message: string, fix?: string | null);
}
/** A check failed. `results` is what the function returns with `check: false`. */
export declare class CheckFailed extends Error {
    readonly results: unknown;
    readonly name = "CheckFailed";
    constructor(lines: string[], results: unknown);
}
/** Returns the path of `cfwh`: `CFWH_BINARY`, else the one of this package, else the first one in `PATH`. */
export declare function findProgram(): string;
/** Starts `cfwh`. */
export declare function start(args: string[], secret: Options["secret"], options?: SpawnOptions): ChildProcess;
/** Ends a process that ends with its stdin. */
export declare function end(child: ChildProcess): Promise<void>;
/** Lets this process end although the other one runs: a test may forget to end it. */
export declare function unref(child: ChildProcess): void;
/** Runs a command to its end, and returns whether the answer is yes, and the lines of stdout. */
export declare function run(command: string, operands: string[], { secret, check: _, ...options }: Options, stdin?: Uint8Array | ""): Promise<[passed: boolean, lines: string[]]>;
/** Throws the error that a command reported on stderr, if it reported one. */
export declare function throwErrorIn(errors: string): void;
/** Writes the members of `options` as options of the command line. */
export declare function toArguments(options: Record<string, Option>): string[];
