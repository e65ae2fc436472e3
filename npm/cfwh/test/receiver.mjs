// A receiver on Express. It verifies signatures, unless TRUSTING is set, and forwards what it accepts to FORWARD_TO.
import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const { WEBHOOK_SECRET: secret, TRUSTING, FORWARD_TO, PORT } = process.env;
export const app = express();

function isGenuine(body, header = "") {
  const right = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(header);
  return TRUSTING !== undefined || (given.length === right.length && timingSafeEqual(given, right));
}

app.post("/hooks", express.raw({ type: () => true, limit: "4mb" }), async (request, response) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signature = request.get("X-Hub-Signature");
  if (!isGenuine(body, signature)) return response.status(401).send("wrong signature");
  if (!request.is("application/json")) return response.sendStatus(415);
  try {
    JSON.parse(body);
  } catch {
    return response.sendStatus(400);
  }
  const headers = { "Content-Type": "application/json", "X-Hub-Signature": signature };
  if (FORWARD_TO) await fetch(FORWARD_TO, { method: "POST", body, headers });
  response.send("ok");
});

if (PORT) app.listen(Number(PORT), "127.0.0.1");
