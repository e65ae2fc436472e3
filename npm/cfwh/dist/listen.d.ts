/** A receiver that runs in the background. */
import type { Readable } from "node:stream";
import type { Delivery as Received, RefusedRequest } from "../types/listen.js";
import { type Options } from "./program.js";
/** A delivery with its request. */
export interface Delivery extends Received {
    headers: Headers;
    body: Buffer;
    /** The body as JSON; `undefined` if it is not JSON. */
    json: any;
}
/**
 * Receives deliveries on a free port of this machine until `close()`, or to the end of an `await using` block.
 *
 * Without `secret`, one is generated; `false` verifies nothing. Other options are those of `cfwh listen`.
 */
export declare function listen(options?: Options): Promise<Webhooks>;
/** A running `cfwh listen`; `close()` ends it. */
export declare class Webhooks implements AsyncDisposable {
    #private;
    readonly secret: string | undefined;
    readonly close: () => Promise<void>;
    url: string;
    /** All deliveries until now, accepted or not. */
    readonly deliveries: Delivery[];
    /** The other requests until now. */
    readonly refused: RefusedRequest[];
    constructor(secret: string | undefined, lines: Readable, close: () => Promise<void>);
    [Symbol.asyncDispose](): Promise<void>;
    /**
     * Waits for accepted deliveries of an event, or of a pattern such as `page_*`, and returns them.
     *
     * @throws {CheckFailed} Not exactly `count` are received within `timeout` milliseconds, or without `count` none.
     */
    expect(event: string, options?: {
        count?: number;
        timeout?: number;
    }): Promise<Delivery[]>;
}
