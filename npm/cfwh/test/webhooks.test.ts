import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import * as cfwh from "cfwh";
import { here, rejection, serveReceiver } from "./support.js";

test("deliveries have the request", async () => {
  await using webhooks = await cfwh.listen();
  const { url: to, secret } = webhooks;
  await cfwh.send("page_created", { to, secret });
  const [delivery] = await webhooks.expect("page_created");
  expect(delivery).toMatchObject({ status: 200, signature: "valid", json: { page: { type: "page" } } });
  const { "X-Hub-Signature": signature } = await cfwh.sign(delivery?.body ?? null, { secret });
  expect(delivery?.headers.get("x-hub-signature")).toBe(signature);
});

test("what a receiver forwards is received", async () => {
  await using webhooks = await cfwh.listen();
  const { secret = "" } = webhooks;
  await using receiver = await serveReceiver({ WEBHOOK_SECRET: secret, FORWARD_TO: webhooks.url });
  const events = ["page_created", "page_updated", "page_created"];
  await cfwh.send(events, { to: `${receiver.url}/hooks`, secret });
  expect(await webhooks.expect("page_created", { count: 2 })).toHaveLength(2);
  expect((await webhooks.expect("page_*")).map((delivery) => delivery.event)).toEqual(events);
  expect(await webhooks.expect("space_*", { count: 0 })).toEqual([]);
});

test("expect waits for deliveries", async () => {
  await using webhooks = await cfwh.listen();
  const { url: to, secret } = webhooks;
  const expected = webhooks.expect("page_created", { count: 1 });
  await cfwh.send("page_created", { to, secret });
  expect(await expected).toHaveLength(1);
});

test("expect fails with what was received", async () => {
  await using webhooks = await cfwh.listen();
  const { url: to, secret } = webhooks;
  await cfwh.send("page_created", { to, secret: `${secret}\n`, expect: 401 });
  await cfwh.send("page_updated", { to, secret });
  await cfwh.send("page_updated", { to: to.replace("/webhooks", "/other"), secret, expect: 404 });
  const failure = await rejection<cfwh.CheckFailed>(webhooks.expect("page_created", { timeout: 100 }));
  const [first, created, cause, updated, other] = failure.message.split("\n");
  expect(first).toBe("received 0 of 1 page_created within 0.1 s; all requests:");
  expect(created).toBe("  401 page_created, signature mismatch");
  expect(cause).toContain("secret");
  expect(updated).toBe("  200 page_updated, signature valid");
  expect(other).toMatch(/^ {2}404 POST \/other\/confluence: /);
  await expect(webhooks.expect("page_updated", { count: 0 })).rejects.toThrow("received 1 of 0 page_updated");
});

test("other options are those of listen", async () => {
  await using webhooks = await cfwh.listen({ secret: false, profile: "cloud", respond: 503 });
  expect(webhooks.secret).toBeUndefined();
  await cfwh.send("page_created", { to: webhooks.url, secret: false, profile: "cloud", expect: 503 });
});

test("no process is left when a process is killed, and none keeps it alive", async () => {
  const script = `
    import { listen, serve } from "cfwh";
    const webhooks = await listen();
    const served = await serve("node", ["receiver.mjs"], { env: { WEBHOOK_SECRET: "s" } });
    console.log(webhooks.url + " " + served.url);`;
  for (const then of ["", "setInterval(() => {}, 1000)"]) {
    const child = spawn("node", ["--input-type=module", "-e", script + then], { cwd: here });
    const [urls] = await once(child.stdout, "data");
    if (then) child.kill("SIGKILL");
    await once(child, "exit");
    for (const left of String(urls).trim().split(" ")) {
      await vi.waitUntil(() => fetch(left).then(() => false, () => true), { timeout: 4000, interval: 10 });
    }
  }
});
