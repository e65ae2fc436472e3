// Ten thousand deliveries.
// Usage: node many.mjs CHROMIUM '{"inspect": URL, "count": N}'

import { check, launch, open, run } from './browser.mjs';

const [program, given] = process.argv.slice(2);
const to = JSON.parse(given);
const browser = await launch(program);
let page;

await run({
  'the first ones are there soon, and then all': async () => {
    const started = Date.now();
    page = await open(browser, to.inspect);
    await page.waitForSelector('.row');
    check(Date.now() - started < 1000 * to.patience, `the first: ${Date.now() - started} ms`);
    const count = to.count.toLocaleString('en');
    await page.waitForFunction((wanted) => document.getElementById('count').textContent.startsWith(`${wanted} deliveries`), count);
    console.log(`all after ${Date.now() - started} ms`);
  },
  'the list scrolls without a long pause, and few rows are elements': async () => {
    const longest = await page.evaluate(async () => {
      const list = document.getElementById('list');
      let [last, longest] = [performance.now(), 0];
      for (let step = 0; step < 200; step += 1) {
        list.scrollTop = (step * list.scrollHeight) / 200;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
      return longest;
    });
    console.log(`longest frame ${longest.toFixed(0)} ms`);
    check(longest < 100 * to.patience, `longest frame: ${longest} ms`);
    check((await page.locator('.row').count()) < 60, 'few rows are elements');
  },
  'memory stays small': async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    console.log(`heap ${(usedSize / 1e6).toFixed(1)} MB`);
    check(usedSize < 80e6, `the heap has ${usedSize} bytes`);
  },
  'a filter answers at once': async () => {
    const started = Date.now();
    await page.locator('#search').fill(`number:${to.count / 2}`);
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
    check(Date.now() - started < 500 * to.patience, `the filter: ${Date.now() - started} ms`);
  },
  'nothing was reported': async () => check(page.problems.length === 0, page.problems.join('\n')),
});
await browser.close();
