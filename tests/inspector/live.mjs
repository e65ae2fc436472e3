// The page of `cfwh listen --inspect`, in a browser.
// Usage: node live.mjs CHROMIUM '{"inspect": URL, "receiver": URL, "secret": S, "endpoint": URL, "shots": DIR}'

import { check, checkAccess, deliver, launch, open, page as body, run, text } from './browser.mjs';

const [program, given] = process.argv.slice(2);
const to = JSON.parse(given);
const browser = await launch(program);
let page;

const rows = () => page.locator('.row').count();
const key = async (name) => {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press(name);
};
const pick = async (number) => {
  await page.locator(`#row-${number}`).click();
  await page.waitForFunction((wanted) => document.querySelector('.facts')?.textContent.startsWith(`#${wanted}`), number);
};
const waitForRows = (count) => page.waitForFunction((wanted) => document.querySelectorAll('.row').length === wanted, count);
const shot = (name) => (to.shots ? page.screenshot({ path: `${to.shots}/${name}.png` }) : undefined);

await run({
  'an empty page says what to do': async () => {
    const started = Date.now();
    page = await open(browser, to.inspect);
    await page.waitForSelector('.empty pre');
    check(Date.now() - started < 1000 * to.patience, `it opens in a second: ${Date.now() - started} ms`);
    check((await text(page, '.empty pre')).startsWith('cfwh send page_created --secret SECRET --to http://127.0.0.1:'), 'it names the command');
    await shot('empty');
  },
  'deliveries appear as they are received': async () => {
    await page.waitForFunction(() => document.getElementById('live').textContent === 'Live');
    check((await deliver(to, body(1, 'Plan'))).status === 200, 'the first is accepted');
    await page.waitForSelector('#row-1');
    await deliver(to, body(2, 'Notes'));
    await deliver(to, body(1, 'Plan B', 2));
    const sorted = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body(3, 'Wrong'))).sort(([a], [b]) => (a < b ? -1 : 1))));
    check((await deliver(to, body(3, 'Wrong'), { signed: `${body(3, 'Wrong')}\n` })).status === 401, 'a wrong signature is refused');
    check(sorted.length > 0, 'it is JSON');
    await deliver(to, body(4, 'Odd').replace('"id":"4"', '"id":4'));
    await waitForRows(5);
    check((await text(page, '#count')).includes('5 deliveries · 2 failed'), 'they are counted');
  },
  'the reason is the first thing that is read': async () => {
    await pick(4);
    const banner = await text(page, '.banner');
    check(banner.includes('401: the signature does not match, because') && banner.includes('fix:'), banner);
    await pick(5);
    check((await text(page, '.banner')).includes('at /page/id'), await text(page, '.banner'));
    const line = page.locator('.ln.hit');
    check((await line.textContent()).includes('"id": 4,'), 'the finding stands at its line');
    check((await page.locator('.ln.hit + .finding').count()) === 1, 'with its message below');
    await shot('finding');
  },
  'j and k move, and n finds what failed': async () => {
    await pick(5);
    await key('j');
    await page.waitForFunction(() => document.querySelector('.facts').textContent.startsWith('#4'));
    await key('k');
    await page.waitForFunction(() => document.querySelector('.facts').textContent.startsWith('#5'));
    await key('n');
    await page.waitForFunction(() => document.querySelector('.facts').textContent.startsWith('#4'));
    check((await page.locator('#list').getAttribute('aria-activedescendant')) === 'row-4', 'a screen reader hears it');
  },
  'filter and search': async () => {
    await page.locator('#result').selectOption('bad');
    await waitForRows(2);
    await page.locator('#result').selectOption('');
    await page.locator('#event').selectOption('page_updated');
    await waitForRows(1);
    await page.locator('#event').selectOption('');
    await key('/');
    await page.keyboard.type('status:401');
    await waitForRows(1);
    await page.locator('#search').fill('content/2');
    await waitForRows(1);
    check((await page.locator('.row').first().getAttribute('id')) === 'row-2', 'the text of a body is found');
    await page.locator('#search').fill('');
    await waitForRows(5);
  },
  'a difference shows the fields that changed': async () => {
    await pick(3);
    await key('d');
    await page.waitForSelector('#panel .note');
    check((await text(page, '#panel')).includes('this event has no earlier delivery'), 'there is none');
    await deliver(to, body(2, 'Notes, again', 2));
    await deliver(to, body(1, 'Plan C', 3));
    await waitForRows(7);
    await pick(7);
    await page.waitForSelector('.differences');
    const shown = await text(page, '.differences');
    check((await text(page, '#panel')).includes('the previous page_updated for the same content'), await text(page, '#panel'));
    check(shown.includes('/page/title') && shown.includes('"Plan B"') && shown.includes('"Plan C"') && !shown.includes('spaceKey'), shown);
    await shot('difference');
    await page.locator('#diff-from').fill('2');
    await page.locator('#diff-from').press('Enter');
    await page.waitForFunction(() => document.querySelector('.differences')?.textContent.includes('/page/id'));
  },
  'a replay arrives byte for byte': async () => {
    await pick(1);
    await key('r');
    await page.locator('#replay-to').fill(to.endpoint);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#panel .banner');
    check((await text(page, '#panel .banner')).includes('200 in'), await text(page, '#panel .banner'));
    check((await text(page, '#panel .banner')).includes('unchanged'), 'it says what was sent');
  },
  'an edited delivery is signed again and valid': async () => {
    await pick(1);
    await key('e');
    await page.locator('#replay-to').fill(to.receiver);
    await page.getByRole('button', { name: /^\/page\/title:/ }).click();
    await page.keyboard.type('"Edited \\u00e9"');
    await page.keyboard.press('Enter');
    await page.locator('#replay-other').fill('-/page/version');
    await page.getByRole('button', { name: 'Add' }).click();
    check((await text(page, '.edits')).includes('remove /page/version'), 'changes are listed');
    await page.getByRole('button', { name: 'Send the edited delivery' }).click();
    await page.waitForSelector('#panel .banner');
    check((await text(page, '#panel .banner')).includes('with 2 edits, signed again'), await text(page, '#panel .banner'));
    await page.waitForSelector('#row-8');
    await pick(8);
    await key('b');
    check((await text(page, '.facts')).includes('#8') && (await text(page, '.code')).includes('"Edited \\u00e9"'), await text(page, '.code'));
    check((await text(page, '.banner')).includes('200: the signature is valid') || (await text(page, '.banner')).includes('warning'), await text(page, '.banner'));
  },
  'an edit without a new signature is refused with the reason': async () => {
    await key('e');
    await page.getByRole('button', { name: /^\/page\/title:/ }).click();
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.locator('#replay-resign').uncheck();
    await page.getByRole('button', { name: 'Send the edited delivery' }).click();
    await page.waitForSelector('#panel .banner.bad');
    check((await text(page, '#panel .banner')).includes('fix: select "Sign again"'), await text(page, '#panel .banner'));
    page.problems = page.problems.filter((problem) => !problem.includes('422'));
  },
  'another machine has to be confirmed': async () => {
    await key('r');
    await page.locator('#replay-to').fill('http://192.0.2.1/hook');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#panel .banner.warn');
    check((await text(page, '#panel .banner')).includes('192.0.2.1 is not this machine'), await text(page, '#panel .banner'));
    page.problems = page.problems.filter((problem) => !problem.includes('409'));
  },
  'commands are copied': async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await pick(1);
    for (const [name, begins] of [['c', 'curl -sS -i'], ['x', 'printf %s ']]) {
      await page.locator('#toast').evaluate((toast) => { toast.hidden = true; });
      await key(name);
      await page.waitForSelector('#toast:not([hidden])');
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      check(copied.startsWith(begins) && !copied.includes(to.secret), copied);
    }
  },
  'the timeline has a lane for each page, and gaps are red': async () => {
    await deliver(to, body(9, 'Late', 7));
    await page.waitForSelector('#row-9');
    await key('t');
    await page.waitForSelector('.lane');
    check((await text(page, '.cause')).includes('was not created before'), await text(page, '.detail'));
    check((await page.locator('.dot.bad').count()) > 0, 'they are red');
    await checkAccess(page, 'the timeline');
    await shot('timeline');
    await page.locator('.dot').first().click();
    await page.waitForSelector('.banner');
  },
  'text of strangers stays text': async () => {
    const hostile = ['<img src=x onerror="window.hacked=1">', '</script><script>window.hacked=1</script>', '\u202eabc\u0000\u0007', '"><svg onload=window.hacked=1>', '{{constructor.constructor("window.hacked=1")()}}', 'javascript:window.hacked=1', "'; window.hacked=1; '"];
    const before = await rows();
    for (const one of hostile) {
      const headers = { 'X-Odd': one.replace(/[^\x20-\x7e]/g, '') };
      await deliver(to, body(one, one), { headers });
      await deliver(to, JSON.stringify({ event: one, page: { [one]: one } }), { headers });
    }
    await page.waitForFunction((count) => document.getElementById('count').textContent.startsWith(`${count} `), before + 2 * hostile.length);
    for (let step = 0; step < 2 * hostile.length; step += 1) {
      await pick(9 + 2 * hostile.length - step);
      for (const name of ['b', 'b', 'h', 'o', 's', 'd', 'e']) await key(name);
    }
    await key('t');
    await page.waitForSelector('.lane');
    check((await page.locator('.row .control').first().getAttribute('data-code')) === 'U+202E', 'characters that turn text around are shown');
    check((await page.evaluate(() => /[\u0000-\u0008\u202e]/.test(document.body.textContent))) === false, 'and are not in the page');
    check((await page.evaluate(() => window.hacked)) === undefined, 'nothing runs');
    check((await page.locator('main img, main svg, main script, nav img, nav script').count()) === 0, 'nothing is made of it');
  },
  'the page is usable with a screen reader, in the dark and when narrow': async () => {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [400, 1440]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => document.body.classList.remove('reading'));
        await page.waitForTimeout(200);
        await checkAccess(page, `the list, ${colorScheme}, ${width}`);
        await pick(await page.locator('.row').first().getAttribute('id').then((id) => Number(id.slice(4))));
        for (const name of ['b', 'h', 'o', 's', 'd', 'r', 'e']) {
          await key(name);
          await page.waitForTimeout(150);
          await checkAccess(page, `${name}, ${colorScheme}, ${width}`);
          const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth
            || document.querySelector('.detail').scrollWidth > document.querySelector('.detail').clientWidth);
          check(!isWide, `nothing scrolls sideways: ${name}, ${width}`);
        }
        await key('?');
        await checkAccess(page, `the keys, ${colorScheme}, ${width}`);
        await page.keyboard.press('Escape');
        await page.locator('.detail').evaluate((detail) => { detail.scrollTop = 0; });
        await key('b');
        await shot(`${colorScheme}-${width}`);
        await key('Escape');
      }
    }
  },
  'nothing was reported and nobody else was asked': async () => {
    // Of a first delivery there is no earlier one to compare with, which is a 404.
    const problems = page.problems.filter((problem) => !problem.includes('status of 404'));
    check(problems.length === 0, problems.join('\n'));
  },
  'the end is said': async () => {
    process.kill(to.process, 'SIGINT');
    await page.waitForFunction(() => document.getElementById('live').textContent === 'Ended');
    await page.waitForSelector('#toast:not([hidden])');
    check((await text(page, '#toast')).includes('cfwh listen has stopped'), await text(page, '#toast'));
    check((await rows()) > 0, 'what was received is still there');
  },
});
await browser.close();
