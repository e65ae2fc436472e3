// What the tests of the page share: a browser, signed deliveries, checks.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Modules that are imported by name are not looked for in NODE_PATH; those that are required are.
const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core');

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const launch = (program) => chromium.launch({ executablePath: program, args: ARGUMENTS });

/** A page that fails the test when it reports an error, or asks any other host for anything. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const own = new URL(url);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.host !== own.host && asked.protocol !== 'data:') page.problems.push(`it asked ${asked.host}`);
  });
  await page.goto(url);
  return page;
}

export const signature = (body, secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Sends a body; `signed` is what its signature is made of. */
export function deliver({ receiver, secret }, body, { signed = body, headers = {} } = {}) {
  return fetch(receiver, {
    method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-Hub-Signature': signature(signed, secret), ...headers },
  });
}

export const page = (id, title, version = 1, rest = {}) => JSON.stringify({
  timestamp: 1768469400000 + version, event: version === 1 ? 'page_created' : 'page_updated', userAccountId: '557058:d1789c60-f77d-481d-aab8-065518c782ba',
  page: { id: String(id), type: 'page', status: 'current', title, spaceKey: 'OPS', version: { number: version, when: '2026-01-15T09:30:00.000Z', message: '', minorEdit: false }, creatorAccountId: '557058:d1789c60-f77d-481d-aab8-065518c782ba', lastModifierAccountId: '557058:d1789c60-f77d-481d-aab8-065518c782ba', self: `https://acme.atlassian.net/wiki/rest/api/content/${id}`, ...rest },
});

export function check(isRight, what) {
  if (!isRight) throw new Error(`not so: ${what}`);
}

export async function text(where, selector) {
  return (await where.locator(selector).allTextContents()).join('\n');
}

/** Fails when axe finds something serious. */
export async function checkAccess(where, what) {
  // The page allows no scripts but its own, so the debugger runs it.
  if (!(await where.evaluate(() => 'axe' in window))) await where.evaluate(readFileSync(axe, 'utf8'));
  const { violations } = await where.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const shown = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html} (${node.any.map((any) => any.message).join('; ')})`).join('\n   ')}`);
  check(!serious.length, `axe finds nothing serious in ${what}:\n  ${shown.join('\n  ')}`);
}

/** Runs tests in their order. The first that fails ends the run. */
export async function run(cases) {
  for (const [name, test] of Object.entries(cases)) {
    try {
      await test();
    } catch (error) {
      console.log(`FAILED ${name}: ${error.stack}`);
      process.exit(1);
    }
    console.log(`ok ${name}`);
  }
}
