import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../src/server/config/load.ts';
import { createServices } from '../src/server/services.ts';
import { createApp, registerRoutes } from '../src/server/app.ts';
import { systemClock } from '../src/server/clock.ts';
import { readerFile } from '../src/server/fixtures/serving.ts';
import { launchChromium } from './support/chromium.ts';
import { temporaryFolder } from './support/dactyl.ts';

const launched = await launchChromium();
afterAll(() => launched.browser?.close());

test.skipIf(launched.browser === null).each([
  [true, 360, 'light'],
  [false, 1280, 'dark'],
] as const)(
  'the monitor in a browser, keys asked for: %s, %d px, %s: the key is asked for once, sent in a header, and kept nowhere; start page and documentation fit, and break no policy',
  async (keys, width, colorScheme) => {
    const model = join(temporaryFolder(), 'small.safetensors');
    writeFileSync(model, readerFile());
    const flags = { store: 'memory', logLevel: 'silent', models: [`small=${model}`], security: { keys } };
    const config = loadConfig({ flags });
    const app = createApp(config);
    const services = await createServices({ config, log: app.log }, systemClock);
    const cookies: unknown[] = [];
    app.addHook('onRequest', (request, _reply, done) => {
      cookies.push(request.headers.cookie, /dactyl_/.exec(request.url)?.[0]);
      done();
    });
    await registerRoutes(app, services);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const [own, other] = await Promise.all(
      (['metrics', 'read'] as const).map((scope) => services.keys.create({ name: 'a', scopes: [scope] })),
    );
    const context = await launched.browser!.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/monitor`);
    if (keys) {
      await page.waitForSelector('#sign:not([hidden])');
      expect(await page.locator('#page').innerText()).toBe('');
      for (const wrong of ['nothing', other.text]) {
        await page.locator('#key').fill(wrong);
        await page.keyboard.press('Enter');
        await expect
          .poll(() => page.locator('#status').innerText())
          .toBe('This key is not accepted, or has not the scope “metrics”.');
        expect(await page.locator('#key').inputValue()).toBe('');
      }
      await page.locator('#key').fill(own.text);
      await page.keyboard.press('Enter');
    }
    await page.waitForSelector('#page h1');
    expect(await page.title()).toBe('Not enough images yet: Dactyl’s monitor');
    expect(await page.locator('#page h1').innerText()).toBe('Not enough images yet');
    expect(await page.locator('#gate').isHidden()).toBe(true);
    // The style of the page that is shown is the one that the policy lets through.
    expect(
      await page
        .locator('#page .prose')
        .first()
        .evaluate((one) => getComputedStyle(one).maxWidth),
    ).not.toBe('none');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      '',
    ]);
    expect(await context.cookies()).toEqual([]);
    expect(cookies.filter((one) => one !== undefined)).toEqual([]);
    expect(await page.content()).not.toContain(own.text);
    // Whatever address is opened that asks for a key: the same form, and then what is there.
    for (const [path, shown, words, style] of [
      ['/v1/cards/small', 'main', /^small\n.*No card was made/s, 'normal'],
      ['/v1/models', keys ? '#shown' : 'body', /"name":\s*"small"/, 'pre-wrap'],
      ['/v1/monitor/page', 'h1', /^Not enough images yet$/, 'normal'],
    ] as const) {
      await page.goto(url + path);
      if (keys) {
        for (const text of ['nothing', path.endsWith('page') ? own.text : other.text]) {
          await page.locator('#key').fill(text);
          await page.keyboard.press('Enter');
          if (text !== 'nothing') continue;
          const refused = `This key is not accepted${path.endsWith('page') ? ', or has not the scope “metrics”' : ''}.`;
          await expect.poll(() => page.locator('#status').innerText()).toBe(refused);
        }
      }
      await expect.poll(() => page.locator(shown).first().innerText(), { message: path }).toMatch(words);
      const spaces = await page
        .locator(shown)
        .first()
        .evaluate((one) => getComputedStyle(one).whiteSpace);
      if (keys || shown !== 'body') expect(spaces, path).toBe(style);
      expect(await page.content()).not.toContain(other.text);
    }
    expect(cookies.filter((one) => one !== undefined)).toEqual([]);
    for (const [path, part] of [
      ['/', 'main h1'],
      ['/documentation', '.opblock'],
    ]) {
      await page.goto(url + path);
      await page.waitForSelector(part);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider, path).toBeLessThanOrEqual(0);
    }
    // No bar of others, in which another document could be named; what needs a key can be given one.
    expect(await page.locator('.topbar').count()).toBe(0);
    expect(await page.locator('.authorize').count()).toBe(keys ? 1 : 0);
    // What was refused is said by the browser, too.
    expect(faults.filter((fault) => !/status of 40[13]/.test(fault))).toEqual([]);
    await context.close();
    await app.close();
    await services.close();
  },
  60_000,
);
