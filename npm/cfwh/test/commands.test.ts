import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import * as cfwh from "cfwh";
import { rejection, serveReceiver } from "./support.js";

let served: cfwh.Served;
let url: string;

beforeAll(async () => {
  served = await serveReceiver({ WEBHOOK_SECRET: "s" });
  url = `${served.url}/hooks`;
});
afterAll(() => served.close());
afterEach(() => vi.unstubAllEnvs());

test("a receiver gets its grade", async () => {
  const report = await cfwh.probe(url, { secret: "s" });
  expect(["A", "B"]).toContain(report.grade);
  expect(report.cases.map((one) => one.case)).toEqual(expect.arrayContaining(["sig/missing", "time/fast"]));
});

test("probe fails with the causes first", async () => {
  await using trusting = await serveReceiver({ WEBHOOK_SECRET: "s", TRUSTING: "1" });
  const failure = await rejection<cfwh.CheckFailed>(cfwh.probe(`${trusting.url}/hooks`, { secret: "s" }));
  expect(failure.message).toMatch(/^grade F: .*\ncause: .*\(.*sig\/missing.*\)\n {2}fix: /);
  expect(failure.results).toMatchObject({ grade: "F" });
});

test("send returns the response to each delivery", async () => {
  const options = { to: url, secret: "s", set: { "page.title": 'a "b"' } };
  const sent = await cfwh.send(["page_created", "page_updated"], options);
  const responses = sent.map(({ event, response }) => [event, response?.body]);
  expect(responses).toEqual([["page_created", "ok"], ["page_updated", "ok"]]);
});

test("send fails with the response that is not expected", async () => {
  const failure = await rejection<cfwh.CheckFailed>(cfwh.send("page_updated", { to: url, secret: "wrong" }));
  expect(failure.message).toBe("page_updated: the response 401 is not expected\n  wrong signature");
  const [unchecked] = await cfwh.send("page_updated", { to: url, secret: "wrong", check: false });
  expect(unchecked).toMatchObject({ status: 401, ok: false });
  const [expected] = await cfwh.send("page_updated", { to: url, secret: "wrong", expect: 401 });
  expect(expected).toMatchObject({ status: 401, ok: true });
});

test("errors have a code and a fix", async () => {
  const error = await rejection<cfwh.CfwhError>(cfwh.send("pag_created", { to: url }));
  expect(error).toMatchObject({ name: "CfwhError", code: "usage", fix: "did you mean `page_created`?" });
  expect(error.message).toContain("\nfix: did you mean");
  const nobody = cfwh.probe("http://127.0.0.1:1/", { secret: "s" });
  await expect(nobody).rejects.toMatchObject({ code: "connection-refused" });
  await expect(cfwh.serve("node", ["-e", ""])).rejects.toMatchObject({ code: "not-ready" });
  await expect(cfwh.listen({ profile: "another" })).rejects.toMatchObject({ code: "usage" });
});

test("what is signed can be verified", async () => {
  const [body = Buffer.of()] = await cfwh.fake("page_created", { seed: 1 });
  const { "X-Hub-Signature": signature } = await cfwh.sign(body, { secret: "s" });
  expect(await cfwh.verify(body, { signature, secret: "s" })).toMatchObject({ verdict: "valid" });
  const longer = Buffer.concat([body, Buffer.from("\n")]);
  const wrong = cfwh.verify(longer, { signature, secret: "s" });
  await expect(wrong).rejects.toThrow(/is not valid: mismatch\ncause: .*line/);
  const token = await cfwh.sign(null, { auth: "connect", url, secret: "s" });
  expect(token.Authorization).toMatch(/^JWT /);
});

test("validate names the place of each error", async () => {
  const [body = Buffer.of()] = await cfwh.fake("page_created");
  expect(await cfwh.validate(body)).toMatchObject([{ event: "page_created", verdict: "clean" }]);
  const broken = Buffer.from(body.toString().replace(/"id":"\d+"/, '"id":true'));
  await expect(cfwh.validate(broken)).rejects.toThrow(/^-:1:\d+: error: /);
  const [result] = await cfwh.validate(broken, { check: false });
  expect(result?.findings.map((finding) => finding.pointer)).toEqual(["/page/id"]);
});

test("the secret is no argument", async () => {
  const program = join(await mkdtemp(join(tmpdir(), "cfwh-")), "program");
  await writeFile(program, '#!/bin/sh\necho "{\\"header\\":\\"$CFWH_SECRET\\",\\"signature\\":\\"$*\\"}"\n');
  await chmod(program, 0o755);
  vi.stubEnv("CFWH_BINARY", program);
  vi.stubEnv("CFWH_SECRET", "from outside");
  expect(await cfwh.sign(null, { secret: "s" })).toEqual({ s: "--json --color=never sign" });
  expect(await cfwh.sign(null)).toEqual({ "from outside": "--json --color=never sign" });
  const options = { header: { A: "b" }, full: true, edit: false, to: null, retryDelay: "1s", only: ["a", "b"] };
  const written = "--json --color=never sign --header=A: b --full --retry-delay=1s --only=a --only=b";
  expect(await cfwh.sign(null, { secret: false, ...options })).toEqual({ "": written });
  vi.stubEnv("CFWH_BINARY", "/nothing");
  await expect(cfwh.fake("page_created")).rejects.toThrow("cannot run /nothing");
});
