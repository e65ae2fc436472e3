// The page that `cfwh inspect --html` writes, opened from the disk.
// Usage: node saved.mjs CHROMIUM '{"page": FILE URL, "count": N, "shots": DIR}'

import { check, checkAccess, launch, open, run, text } from './browser.mjs';

const [program, given] = process.argv.slice(2);
const to = JSON.parse(given);
const browser = await launch(program);
let page;
const key = async (name) => {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press(name);
};

await run({
  'it opens without the program': async () => {
    page = await open(browser, to.page);
    await page.waitForSelector('.banner');
    check((await text(page, '#count')).startsWith(`${to.count} deliveries`), await text(page, '#count'));
    check((await text(page, '#live')) === 'Saved page', 'it says that it is not live');
  },
  'it shows the same': async () => {
    await page.locator('#search').fill('signature:mismatch');
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
    await page.locator('.row').click();
    await page.waitForFunction(() => document.querySelector('.banner').textContent.includes('401: the signature does not match, because'));
    await key('d');
    await page.waitForSelector('.differences');
    await key('s');
    check((await text(page, '.cause')).length > 0, 'the signature is explained');
    await key('t');
    await page.waitForSelector('.lane');
  },
  'it cannot send': async () => {
    await page.locator('#search').fill('');
    await page.locator('.row').first().click();
    await page.waitForSelector('.banner');
    await key('r');
    check((await text(page, '#panel')).includes('A saved page cannot send requests'), await text(page, '#panel'));
  },
  'text of strangers stays text': async () => {
    await page.locator('#search').fill('hacked');
    await page.waitForTimeout(400);
    check((await page.locator('.row').count()) > 0, 'it is found');
    await page.locator('.row').first().click();
    await page.waitForSelector('.banner');
    check((await page.evaluate(() => window.hacked)) === undefined, 'nothing runs');
  },
  'axe finds nothing serious': () => checkAccess(page, 'the saved page'),
  'nothing was reported and nothing was asked for': async () => check(page.problems.length === 0, page.problems.join('\n')),
});
await browser.close();
