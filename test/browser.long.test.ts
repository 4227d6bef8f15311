import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadMnist } from '../src/store/mnist.ts';
import type { Results } from '../src/study/results.ts';
import { bundleShortRun } from './support/bundle.ts';
import { launchChromium } from './support/chromium.ts';
import { dactyl, temporaryFolder, TINY, TINY_NAME } from './support/dactyl.ts';
import { SHORT_RUN_IMAGES, SHORT_RUNS, shortRun, type ShortRunName } from './support/shortRun.ts';

const launched = await launchChromium();
const browser = launched.browser!;
const where =
  launched.browser === null ? `in Chromium, which does not start here: ${launched.reason}` : 'in Chromium';

afterAll(async () => {
  await launched.browser?.close();
});

/** A page of its own, with all that it asks the network for and all that it complains of. */
async function newPage(): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, requests, complaints };
}

describe.skipIf(launched.browser === null)(where, () => {
  test('short trainings have the same weights and outputs as in Node, to the bit', async () => {
    const { images, labels } = loadMnist().train;
    const bytes = images.data.subarray(0, 784 * SHORT_RUN_IMAGES);
    const classes = labels.subarray(0, SHORT_RUN_IMAGES);
    const { page } = await newPage();
    await page.addScriptTag({ content: await bundleShortRun('iife') });
    await page.evaluate(
      ([images, labels]) => {
        const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        Object.assign(globalThis, { images: bytesOf(images), labels: bytesOf(labels) });
      },
      [Buffer.from(bytes).toString('base64'), Buffer.from(classes).toString('base64')] as const,
    );
    for (const name of Object.keys(SHORT_RUNS) as ShortRunName[]) {
      const there = await page.evaluate(`dactyl.shortRun('${name}', images, labels)`);
      expect(there).toEqual(await shortRun(name, bytes, classes));
    }
  });

  test('the report asks for nothing, complains of nothing, and a cell shows its images', async () => {
    const out = temporaryFolder();
    await dactyl([...TINY, '--out', out]);
    const folder = join(out, TINY_NAME);
    const { trials } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    const { page, requests, complaints } = await newPage();
    const url = `file://${join(folder, 'report.html')}`;
    await page.goto(url);
    expect(await page.title()).toContain('ReLU');

    const section = page.locator('section#model-relu');
    const cell = (trueClass: number, predictedClass: number) =>
      section
        .locator('[data-matrix] svg')
        .first()
        .locator('rect.cell')
        .nth(10 * trueClass + predictedClass);
    const tiles = section.locator('[data-output] .tile');
    const select = section.locator('select');
    const relu = trials.filter(({ activation }) => activation === 'relu');

    for (const { seed, confusionMatrix } of relu) {
      for (const [trueClass, predictedClass] of [
        [4, 9],
        [5, 3],
        [0, 0],
      ]) {
        await cell(trueClass, predictedClass).click();
        await select.selectOption(`seed ${seed}`);
        expect(await tiles.count()).toBe(confusionMatrix[trueClass][predictedClass]);
      }
    }
    await select.selectOption('all');
    await cell(4, 9).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const [first, second] = relu.map(({ confusionMatrix }) => confusionMatrix[4][8]);
    const shown = await tiles.count();
    expect(shown).toBeGreaterThanOrEqual(Math.max(first, second));
    expect(shown).toBeLessThanOrEqual(first + second);
    const notes = await tiles.locator('small').allTextContents();
    const times = notes.flatMap((note) => /^(\d) of 2 seeds$/.exec(note)?.[1] ?? []).map(Number);
    expect(times.reduce((a, b) => a + b, 0)).toBe(first + second);

    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
  });
});
