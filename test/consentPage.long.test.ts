import { afterAll, expect, test } from 'vitest';
import { answerErrors, createApp } from '../src/server/app.ts';
import { loadConfig } from '../src/server/config/load.ts';
import { consentRoutes } from '../src/server/consents/routes.ts';
import { notFound } from '../src/server/errors.ts';
import { launchChromium } from './support/chromium.ts';
import { consentsAlone, itemOf, wholeItems } from './support/consents.ts';

const launched = await launchChromium();
afterAll(() => launched.browser?.close());

test.skipIf(launched.browser === null)(
  'people see, correct, restrict and erase what they consented to on a page; its address gives no token away',
  async () => {
    const own = await consentsAlone();
    const { token } = await own.consents.keep({ purposes: ['training'], days: 30 }, [itemOf(1)], 'd');
    const app = createApp(loadConfig({ flags: { logLevel: 'silent' } }));
    answerErrors(app, 'own');
    const models = {
      find: () => {
        throw notFound('none');
      },
      predict: () => Promise.reject(new Error('no model')),
    };
    const paths: string[] = [];
    app.addHook('onRequest', (request, _reply, done) => {
      if (!request.url.startsWith('/v1/consents/')) paths.push(request.url);
      done();
    });
    consentRoutes(app, { ...own, models });
    const url = await app.listen({ port: 0 });
    const page = await launched.browser!.newPage({ viewport: { width: 360, height: 800 } });
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/consent#${token}`);
    const says = page.locator('#says');
    await expect
      .poll(() => says.innerText(), { timeout: 30_000 })
      .toMatch(/^The image is kept, encrypted, until 2026-12-29/);
    const read = page.locator('#images p');
    expect(await read.innerText()).toBe('Read as 4 (61\u00a0%).');
    const shows = page.locator('#images select');
    expect(await shows.inputValue()).toBe('');
    await shows.selectOption('9');
    await expect.poll(() => read.innerText(), { timeout: 30_000 }).toBe('Read as 4 (61\u00a0%). Labelled 9.');
    expect(await page.locator('#images select').inputValue()).toBe('9');
    expect(wholeItems(await own.consents.items(await own.consents.find(token), 'shown'))[0].label).toEqual({
      value: '9',
      by: 'person',
    });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    await page.locator('#restrict').click();
    await expect
      .poll(() => says.innerText(), { timeout: 30_000 })
      .toMatch(/used for nothing while the restriction lasts/);
    await page.locator('#erase').click();
    expect(await page.locator('#erase').innerText()).toBe('Erase for good: press again');
    expect((await own.consents.find(token)).erasedAt).toBeNull();
    await page.locator('#erase').click();
    await expect
      .poll(() => says.innerText(), { timeout: 30_000 })
      .toMatch(/^The image was erased on 2026-11-29, as you asked/);
    expect(await page.locator('#rights').isHidden()).toBe(true);
    expect(paths.join()).not.toContain(token.slice(0, 20));
    expect(faults).toEqual([]);
    await page.close();
    await app.close();
  },
  120_000,
);
