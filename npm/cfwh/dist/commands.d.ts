/** The commands that run to their end, one function each. */
import type { Grade, ProbedCase } from "../types/probe.js";
import type { SentDelivery } from "../types/send.js";
import type { Validation } from "../types/validate.js";
import type { Verification } from "../types/verify.js";
import { type Options } from "./program.js";
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
export declare function send(sources: string | string[], options?: Options): Promise<SentDelivery[]>;
/**
 * Tests a receiver, and returns its grade and all cases.
 *
 * @throws {CheckFailed} A case that MUST pass fails, or with `strict: true` any case. The message has the causes.
 */
export declare function probe(url: string, options?: Options): Promise<ProbeReport>;
/**
 * Checks a body (bytes), or what is at a path, against the document of its sender.
 *
 * @throws {CheckFailed} A body has errors, or with `strict: true` warnings.
 */
export declare function validate(body: Body, options?: Options): Promise<Validation[]>;
/**
 * Checks the `signature` of a body (bytes), or of the capture at a path.
 *
 * @throws {CheckFailed} The signature is not valid. The message has the cause, where it is known.
 */
export declare function verify(body: Body, options?: Options): Promise<Verification>;
/** Returns the header that authenticates a body. With `auth: "connect"` and `auth: "forge"` it does not sign one. */
export declare function sign(body: Body | null, options?: Options): Promise<Record<string, string>>;
/** Returns realistic bodies: of an event, of `all` events, or of a `story`. */
export declare function fake(source: string, options?: Options): Promise<Buffer[]>;
