import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { createApp } from '../src/server/app.ts';
import { loadConfig } from '../src/server/config/load.ts';
import type { Reviews } from '../src/server/review/reviews.ts';
import { reviewRoutes } from '../src/server/review/routes.ts';
import { launchChromium } from './support/chromium.ts';
import { itemOf } from './support/consents.ts';

const ANSWER = { label: '4', confidence: 0.61, reason: '9 is nearly as probable.' };
const launched = await launchChromium();
let asked: string[] = [];
let decided: string[] = [];
let waiting = 2;
/** Claimed by pages that were closed. */
const elsewhere = 1;

/** Two images wait; the network answered 4 to both. */
const reviews: Reviews = {
  offer: () => Promise.resolve(),
  counts() {
    const claimed = 2 - waiting - decided.length + elsewhere;
    const claimedUntil = claimed === 0 ? null : Date.now() + 150_000;
    return Promise.resolve({ waiting, claimed, claimedUntil, decided: decided.length, oldest: null });
  },
  claim() {
    if (waiting === 0) return Promise.resolve(undefined);
    waiting--;
    const { image, shape, answer } = itemOf(waiting);
    return Promise.resolve({
      review: `r${waiting}`,
      claim: 'c',
      until: 0,
      image,
      shape,
      choices: answer.classes,
    });
  },
  suggestion(review) {
    asked.push(review);
    return Promise.resolve(ANSWER);
  },
  decide(_review, _claim, outcome) {
    decided.push(outcome);
    return Promise.resolve({ outcome, suggestion: '4', override: outcome !== '4' });
  },
  release: () => Promise.resolve(),
};

const app = createApp(loadConfig({ flags: { logLevel: 'silent' } }));
reviewRoutes(app, { reviews });
let url = '';
beforeAll(async () => {
  url = await app.listen({ port: 0 });
});
afterAll(async () => {
  await launched.browser?.close();
  await app.close();
});

async function opened(
  browser: Browser,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<{ page: Page; faults: string[] }> {
  [asked, decided, waiting] = [[], [], 2];
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${url}/review`);
  await page.waitForSelector('#work:not([hidden])');
  return { page, faults };
}

test.skipIf(launched.browser === null).each([
  [360, 'light'],
  [1280, 'dark'],
] as const)(
  'the page preselects nothing, tells no answer before a choice, and is worked by keys: %d px, %s',
  async (width, scheme) => {
    const { page, faults } = await opened(launched.browser!, width, scheme);
    const checked = (): Promise<number> => page.locator('input[type=radio]:checked').count();
    const text = (): Promise<string> => page.locator('main').innerText();
    expect(await page.locator('#counts').innerText()).toBe(
      '1 shown here · 1 waiting · 1 claimed elsewhere · 0 decided',
    );
    expect(await checked()).toBe(0);
    expect(await page.locator('#decide').isDisabled()).toBe(true);
    expect(await page.locator('#show').isDisabled()).toBe(true);
    expect(await text()).not.toMatch(/61|nearly|answered/);
    await page.keyboard.press('Enter');
    expect(decided).toEqual([]);

    await page.keyboard.press('7');
    expect(await checked()).toBe(1);
    expect(asked).toEqual([]);
    await page.locator('#show').click();
    await page.waitForSelector('#suggestion:not([hidden])');
    expect(await page.locator('#suggestion').innerText()).toBe(
      'The network answered 4, with a probability of 61 %, and was not sure: 9 is nearly as probable.',
    );
    expect(asked).toEqual(['r1']);
    // Enter would record it from here.
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('7');

    await page.keyboard.press('n');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('#status').innerText())
      .toBe('Recorded: no digit. The network had answered 4.');
    expect(decided).toEqual(['no digit']);
    expect(await checked()).toBe(0);
    expect(await page.locator('#suggestion').isHidden()).toBe(true);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);

    await page.keyboard.press('4');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#empty:not([hidden])');
    expect(await text()).toContain('Recorded: 4, as the network had answered.');
    expect(await text()).toContain('1 claimed by reviewers, free again at the latest in 3 minutes.');
    // Script and style are let through by the policy.
    expect(faults).toEqual([]);
    await page.close();
  },
);
