import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { serve, type Served } from "cfwh";

export const here = dirname(fileURLToPath(import.meta.url));

/** Runs the receiver on Express with these variables. */
export function serveReceiver(env: Record<string, string>): Promise<Served> {
  return serve("node", ["receiver.mjs"], { cwd: here, env });
}

/** What a promise is rejected with. */
export async function rejection<Reason>(promise: Promise<unknown>): Promise<Reason> {
  const result = await promise.then(() => undefined, (error: unknown) => ({ error: error as Reason }));
  if (result === undefined) throw new Error("the promise was not rejected");
  return result.error;
}
