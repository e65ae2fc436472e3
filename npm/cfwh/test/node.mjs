// With the test runner of Node.js.
import { test } from "node:test";
import { listen, send } from "cfwh";

test("webhooks are received", async (context) => {
  const webhooks = await listen();
  context.after(() => webhooks.close());
  await send("page_created", { to: webhooks.url, secret: webhooks.secret });
  await webhooks.expect("page_created", { count: 1 });
});
