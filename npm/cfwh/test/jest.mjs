// With Jest.
import { listen, send } from "cfwh";

let webhooks;
beforeAll(async () => (webhooks = await listen()));
afterAll(() => webhooks.close());

test("webhooks are received", async () => {
  await send("page_created", { to: webhooks.url, secret: webhooks.secret });
  await webhooks.expect("page_created", { count: 1 });
});
