// Takes each delivery once, and works on it after the response, in any order.
//
// Confluence may send a delivery twice, and sends deliveries in any order. All of this is in memory: a restart loses it, and with
// it deliveries that got a 200. In production use two tables: `known`, with the identity as its unique key, and `pages`.

import { createHash } from 'node:crypto';

const MOST_KNOWN = 100_000;

export class InvalidDelivery extends Error {}

export class Deliveries {
  known = new Set();
  queue = [];
  pages = new Map();
  done = 0;

  // Takes a delivery, unless it is known already.
  add(body, eventInUrl) {
    const { event, delivery } = parse(body, eventInUrl);
    // Not the identifier in a header: no signature covers it.
    const identity = createHash('sha256').update(`${event} ${JSON.stringify(delivery)}`).digest('hex');
    if (this.known.has(identity)) return;
    this.known.add(identity);
    if (this.known.size > MOST_KNOWN) this.known.delete(this.known.values().next().value); // the oldest
    this.queue.push({ event, delivery });
    setImmediate(() => this.work());
  }

  work() {
    for (const { event, delivery } of this.queue.splice(0)) {
      try {
        this.handle(event, delivery);
        this.done += 1;
      } catch (error) {
        console.error(`cannot handle ${event}:`, error);
      }
    }
  }

  // Your work. Ignore an event without a branch: it is new, or does not matter to you.
  handle(event, delivery) {
    if (event.startsWith('page_')) {
      this.savePage(event, delivery.page, delivery.timestamp);
    } else if (event.endsWith(':page')) { // of Forge: avi:confluence:updated:page
      this.savePage(event, delivery.content, Date.parse(delivery.eventCreatedDate));
    }
  }

  // Keeps the newest. A deleted page stays: an older update may still arrive.
  savePage(event, page, time) {
    // Ids are text: those of Cloud may be larger than a number of JavaScript can be.
    const id = page.idAsString ?? String(page.id);
    const known = this.pages.get(id);
    if (known && known.time >= time) return;
    this.pages.set(id, { id, title: page.title, isDeleted: /trashed|removed|deleted/.test(event), time });
  }

  // For `cfwh probe --state`.
  state() {
    return { done: this.done, pages: [...this.pages.values()] };
  }
}

function parse(body, eventInUrl) {
  let delivery;
  try {
    delivery = JSON.parse(body);
  } catch {
    throw new InvalidDelivery('the body is not JSON');
  }
  delivery = delivery?.payload ?? delivery; // an example of Atlassian shows Forge's deliveries so
  if (typeof delivery !== 'object' || delivery === null) throw new InvalidDelivery('the body is not a JSON object');
  delete delivery.retryContext; // in Forge's retries only
  const event = delivery.event ?? delivery.eventType ?? eventInUrl;
  if (typeof event !== 'string') throw new InvalidDelivery('no event in the body or in the URL');
  return { event, delivery };
}
