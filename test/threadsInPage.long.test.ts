import { resolve } from 'node:path';
import { build, type Rollup } from 'vite';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadMnist } from '../src/store/mnist.ts';
import { launchChromium } from './support/chromium.ts';
import { threadedRun } from './support/threadedRun.ts';

const launched = await launchChromium();
const where =
  launched.browser === null ? `in Chromium, which does not start here: ${launched.reason}` : 'in Chromium';

afterAll(async () => {
  await launched.browser?.close();
});

describe.skipIf(launched.browser === null)(where, () => {
  test.each([
    ['with cross-origin isolation two threads', true, 2],
    ['without it one thread', false, 1],
  ])('%s: the bits of Node', async (_, isolated, threads) => {
    const outputs = (await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        lib: {
          entry: resolve(import.meta.dirname, 'support/threadedRun.ts'),
          name: 'dactyl',
          formats: ['iife'],
        },
      },
    })) as Rollup.RollupOutput[];
    const page = await launched.browser!.newPage();
    onTestFinished(() => page.close());
    const headers = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    await page.route('http://localhost/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>Dactyl</title>',
        headers: isolated ? headers : {},
      }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: outputs[0].output[0].code });
    const { images, labels } = loadMnist().train;
    const bytes = images.data.subarray(0, 784 * 300);
    const classes = labels.subarray(0, 300);
    const there = await page.evaluate(
      ([bytes, classes]) =>
        (globalThis as unknown as { dactyl: { threadedRun: typeof threadedRun } }).dactyl.threadedRun(
          Uint8Array.from(bytes),
          Uint8Array.from(classes),
          2,
        ),
      [[...bytes], [...classes]] as const,
    );
    expect(there).toEqual({ ...(await threadedRun(bytes, classes, 1)), threads });
  });
});
