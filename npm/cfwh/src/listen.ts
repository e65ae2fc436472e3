/** A receiver that runs in the background. */

import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import type { Delivery as Received, ListenLine, RefusedRequest } from "../types/listen.js";
import { CfwhError, CheckFailed, end, start, throwErrorIn, toArguments, unref, type Options } from "./program.js";

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
export async function listen(options: Options = {}): Promise<Webhooks> {
  const { secret = randomBytes(16).toString("hex"), ...others } = options;
  const folder = await mkdtemp(join(tmpdir(), "cfwh-"));
  // Its stdin ends with this process, even if that is killed.
  const args = toArguments({ port: 0, untilEof: true, verbose: true, capture: folder, ...others });
  const child = start(["listen", ...args], secret);
  let errors = "";
  child.stderr?.on("data", (data) => (errors += data));
  const webhooks = new Webhooks(secret || undefined, child.stdout!, async () => {
    await end(child);
    await webhooks.ended;
    await rm(folder, { recursive: true, force: true });
  });
  await webhooks.until(() => webhooks.url !== "");
  unref(child);
  if (webhooks.url) return webhooks;
  await webhooks.close();
  throwErrorIn(errors);
  throw new CfwhError("not-ready", `cfwh listen did not start: ${errors}`);
}

/** A running `cfwh listen`; `close()` ends it. */
export class Webhooks implements AsyncDisposable {
  url = "";
  /** All deliveries until now, accepted or not. */
  readonly deliveries: Delivery[] = [];
  /** The other requests until now. */
  readonly refused: RefusedRequest[] = [];
  /** @internal */
  readonly ended: Promise<void>;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #hasEnded = false;

  constructor(readonly secret: string | undefined, lines: Readable, readonly close: () => Promise<void>) {
    this.ended = this.#read(lines);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Waits for accepted deliveries of an event, or of a pattern such as `page_*`, and returns them.
   *
   * @throws {CheckFailed} Not exactly `count` are received within `timeout` milliseconds, or without `count` none.
   */
  async expect(event: string, options: { count?: number; timeout?: number } = {}): Promise<Delivery[]> {
    const { count, timeout = 4000 } = options;
    const least = count ?? 1;
    await this.until(() => this.#accepted(event).length >= least, timeout);
    const found = this.#accepted(event);
    if (count === undefined ? found.length > 0 : found.length === count) return found;
    const first = `received ${found.length} of ${least} ${event} within ${timeout / 1000} s; all requests:`;
    const others = this.refused.map((line) => `  ${line.status} ${line.method} ${line.target}: ${line.reason}`);
    throw new CheckFailed([first, ...this.deliveries.map(describe), ...others], found);
  }

  /** @internal */
  until(isMet: () => boolean, timeout?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout);
      const check = () => {
        if (!this.#hasEnded && !isMet()) return void this.#changes.once("change", check);
        clearTimeout(timer);
        resolve();
      };
      check();
    });
  }

  #accepted(event: string): Delivery[] {
    const pattern = new RegExp(`^${event.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
    return this.deliveries.filter(({ event, status }) => pattern.test(event ?? "") && /^2/.test(`${status}`));
  }

  async #read(input: Readable): Promise<void> {
    for await (const text of createInterface({ input })) {
      const line: ListenLine = JSON.parse(text);
      if (line.type === "ready") this.url = line.url;
      else if (line.type === "delivery") this.deliveries.push(await withRequest(line));
      else if (line.type === "refused") this.refused.push(line);
      this.#changes.emit("change");
    }
    this.#hasEnded = true;
    this.#changes.emit("change");
  }
}

/** Adds the header fields and the body, which are in the capture. */
async function withRequest(line: Received): Promise<Delivery> {
  const capture = line.capture === null ? Buffer.from("\r\n\r\n") : await readFile(line.capture);
  const end = capture.indexOf("\r\n\r\n");
  const [, ...fields] = capture.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Headers();
  for (const field of fields) headers.append(...(field.split(/: ?(.*)/s, 2) as [string, string]));
  const body = capture.subarray(end + 4);
  let json;
  try {
    json = JSON.parse(body.toString());
  } catch {}
  return { ...line, headers, body, json };
}

function describe({ status, event, signature, causes = [], findings }: Delivery): string {
  const reasons = [...causes, ...findings].map(({ message }) => message);
  return [`  ${status} ${event ?? "an unknown event"}, signature ${signature}`, ...reasons].join("\n    ");
}
