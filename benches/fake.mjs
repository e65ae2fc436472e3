// The same fields as `cfwh fake page_created`, built with @faker-js/faker and printed as NDJSON: the peer of
// benches/fake.py.
//
//     node benches/fake.mjs COUNT
//
// Like ours, it gathers 64 KiB before it writes.

import { writeSync } from "node:fs";
import { createRequire } from "node:module";

// FAKER names a folder that has the package in its node_modules, where it is not found from here.
const require = createRequire(process.env.FAKER ? `${process.env.FAKER}/index.js` : import.meta.url);
const { faker } = require("@faker-js/faker");

const count = Number(process.argv[2] ?? 1000);
const BLOCK = 64 * 1024;

const site = `https://${faker.internet.domainWord()}.atlassian.net/wiki`;
const people = Array.from({ length: 40 }, () => `557058:${faker.string.uuid()}`);
const spaces = Array.from({ length: 12 }, () => faker.string.alpha({ length: 3, casing: "upper" }));

function page(now) {
  const creator = faker.helpers.arrayElement(people);
  const id = faker.string.numeric({ length: 10, allowLeadingZeros: false });
  return {
    timestamp: now,
    event: "page_created",
    userAccountId: creator,
    page: {
      id,
      type: "page",
      status: "current",
      title: `${faker.company.buzzNoun()}: ${faker.company.name()}, ${faker.person.firstName()}`,
      spaceKey: faker.helpers.arrayElement(spaces),
      version: { number: 1, when: new Date(now).toISOString(), message: "", minorEdit: false },
      creatorAccountId: creator,
      lastModifierAccountId: creator,
      self: `${site}/rest/api/content/${id}`,
    },
  };
}

faker.seed(1);
let now = Date.UTC(2026, 0, 15, 9, 30);
let block = "";
for (let index = 0; index < count; index += 1) {
  block += `${JSON.stringify(page(now))}\n`;
  now += faker.number.int({ min: 800, max: 180_000 });
  if (block.length >= BLOCK) {
    writeSync(1, block);
    block = "";
  }
}
writeSync(1, block);
