/** A receiver that runs in the background. */
import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { clearTimeout, setTimeout } from "node:timers";
import { CfwhError, CheckFailed, end, start, throwErrorIn, toArguments, unref } from "./program.js";
/**
 * Receives deliveries on a free port of this machine until `close()`, or to the end of an `await using` block.
 *
 * Without `secret`, one is generated; `false` verifies nothing. Other options are those of `cfwh listen`.
 */
export async function listen(options = {}) {
    const { secret = randomBytes(16).toString("hex"), ...others } = options;
    const folder = await mkdtemp(join(tmpdir(), "cfwh-"));
    // Its stdin ends with this process, even if that is killed.
    const args = toArguments({ port: 0, untilEof: true, verbose: true, capture: folder, ...others });
    const child = start(["listen", ...args], secret);
    let errors = "";
    child.stderr?.on("data", (data) => (errors += data));
    const webhooks = new Webhooks(secret || undefined, child.stdout, async () => {
        await end(child);
        await webhooks.ended;
        await rm(folder, { recursive: true, force: true });
    });
    await webhooks.until(() => webhooks.url !== "");
    unref(child);
    if (webhooks.url)
        return webhooks;
    await webhooks.close();
    throwErrorIn(errors);
    throw new CfwhError("not-ready", `cfwh listen did not start: ${errors}`);
}
/** A running `cfwh listen`; `close()` ends it. */
export class Webhooks {
    secret;
    close;
    url = "";
    /** All deliveries until now, accepted or not. */
    deliveries = [];
    /** The other requests until now. */
    refused = [];
    /** @internal */
    ended;
    #changes = new EventEmitter().setMaxListeners(0);
    #hasEnded = false;
    constructor(secret, lines, close) {
        this.secret = secret;
        this.close = close;
        this.ended = this.#read(lines);
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    /**
     * Waits for accepted deliveries of an event, or of a pattern such as `page_*`, and returns them.
     *
     * @throws {CheckFailed} Not exactly `count` are received within `timeout` milliseconds, or without `count` none.
     */
    async expect(event, options = {}) {
        const { count, timeout = 4000 } = options;
        const least = count ?? 1;
        await this.until(() => this.#accepted(event).length >= least, timeout);
        const found = this.#accepted(event);
        if (count === undefined ? found.length > 0 : found.length === count)
            return found;
        const first = `received ${found.length} of ${least} ${event} within ${timeout / 1000} s; all requests:`;
        const others = this.refused.map((line) => `  ${line.status} ${line.method} ${line.target}: ${line.reason}`);
        throw new CheckFailed([first, ...this.deliveries.map(describe), ...others], found);
    }
    /** @internal */
    until(isMet, timeout) {
        return new Promise((resolve) => {
            const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout);
            const check = () => {
                if (!this.#hasEnded && !isMet())
                    return void this.#changes.once("change", check);
                clearTimeout(timer);
                resolve();
            };
            check();
        });
    }
    #accepted(event) {
        const pattern = new RegExp(`^${event.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
        return this.deliveries.filter(({ event, status }) => pattern.test(event ?? "") && /^2/.test(`${status}`));
    }
    async #read(input) {
        for await (const text of createInterface({ input })) {
            const line = JSON.parse(text);
            if (line.type === "ready")
                this.url = line.url;
            else if (line.type === "delivery")
                this.deliveries.push(await withRequest(line));
            else if (line.type === "refused")
                this.refused.push(line);
            this.#changes.emit("change");
        }
        this.#hasEnded = true;
        this.#changes.emit("change");
    }
}
/** Adds the header fields and the body, which are in the capture. */
async function withRequest(line) {
    const capture = line.capture === null ? Buffer.from("\r\n\r\n") : await readFile(line.capture);
    const end = capture.indexOf("\r\n\r\n");
    const [, ...fields] = capture.subarray(0, end).toString("latin1").split("\r\n");
    const headers = new Headers();
    for (const field of fields)
        headers.append(...field.split(/: ?(.*)/s, 2));
    const body = capture.subarray(end + 4);
    let json;
    try {
        json = JSON.parse(body.toString());
    }
    catch { }
    return { ...line, headers, body, json };
}
function describe({ status, event, signature, causes = [], findings }) {
    const reasons = [...causes, ...findings].map(({ message }) => message);
    return [`  ${status} ${event ?? "an unknown event"}, signature ${signature}`, ...reasons].join("\n    ");
}
