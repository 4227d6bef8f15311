import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { DigitReading } from '../src/reading/answer.ts';
import { ReadingPage } from '../src/report/reading/page.ts';
import { launchChromium } from './support/chromium.ts';

const launched = await launchChromium();
let browser: Browser;

beforeAll(() => {
  if (launched.browser) browser = launched.browser;
});
afterAll(async () => {
  await launched.browser?.close();
});

const BOX = { left: 0, top: 0, width: 10, height: 20 };
const digit: DigitReading = {
  ...{ digit: 3, second: 5, none: 0.1, confidence: 0.9, box: BOX, image: new Uint8Array(784) },
  probabilities: Float64Array.from({ length: 10 }, (_, k) => (k === 3 ? 0.9 : 0)),
  crop: { data: new Uint8Array(200), rows: 20, columns: 10, channels: 1 },
};

test.skipIf(!launched.browser)(
  'the bars of all eleven classes stand on one line, and their labels within the card, at any width and in print',
  async () => {
    const words = { name: 'reader', hash: 'ab', temperature: 1, sureFrom: 0.95, model: { outputs: 11 } };
    const made = new ReadingPage({ kind: 'digits', reader: words }, '1.2.3');
    const number = { text: '3333', digits: [digit, digit, digit, digit], box: BOX, line: 0, confidence: 0.6 };
    made.add({
      file: 'a.png',
      kind: 'numbers',
      reading: { width: 9, height: 9, numbers: [number], notes: [] },
    });
    const page = await browser.newPage();
    await page.setContent(made.markup());
    for (const [media, width] of [
      ['screen', 320],
      ['screen', 700],
      ['screen', 1280],
      ['print', 700],
    ] as const) {
      await page.emulateMedia({ media });
      await page.setViewportSize({ width, height: 800 });
      const { bottoms, over } = await page.evaluate(() => {
        const bars = document.querySelector('.bars')!;
        return {
          bottoms: [...bars.querySelectorAll('i')].map((bar) => bar.getBoundingClientRect().bottom),
          over: bars.scrollWidth - bars.clientWidth,
        };
      });
      expect(bottoms).toHaveLength(11);
      expect(new Set(bottoms).size, `${media}, ${width} pixels`).toBe(1);
      expect(over).toBe(0);
    }
    await page.close();
  },
);
