import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { bytesFile } from '../src/nn.ts';
import { loadDataset } from '../src/node.ts';
import { launchChromium } from './support/chromium.ts';
import { temporaryFolder } from './support/dactyl.ts';
import { serve } from './support/serve.ts';

const launched = await launchChromium();
afterAll(async () => {
  await launched.browser?.close();
});

const pictures = JSON.parse(
  readFileSync(new URL('../src/data/readers/pictures/fixtures/pictures.json', import.meta.url), 'utf8'),
) as { name: string; file: string; shape: number[] }[];
const { archives } = JSON.parse(
  readFileSync(new URL('../src/data/readers/fixtures/arrays.json', import.meta.url), 'utf8'),
) as { archives: Record<string, string> };

/** Pictures of 24 × 17 pixels of every format, five in each of two classes. */
const ten = ['PNG by Pillow: filters', 'JPEG 4:2:0', 'JPEG progressive', 'WebP with loss', 'BMP RGB'].map(
  (name) => pictures.find((picture) => picture.name === name)!.file,
);
const SETS: Record<string, Record<string, string>> = {
  pictures: Object.fromEntries(
    ['a', 'b'].flatMap((label) => ten.map((file, k) => [`${label}/${k}`, file] as const)),
  ),
  archive: { 'a.npz': archives.deflated },
};

test.skipIf(launched.browser === null)(
  'a page reads pictures and archives as Node does, to the byte',
  async () => {
    const folder = temporaryFolder();
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: 'es2022',
        modulePreload: false,
        rollupOptions: {
          input: join(import.meta.dirname, 'support/readInPage.ts'),
          output: { entryFileNames: 'page.js' },
        },
      },
    });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>');
    const { origin, close } = await serve(folder);
    onTestFinished(close);
    const page = await launched.browser!.newPage();
    onTestFinished(() => page.close());
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction('globalThis.identityOf !== undefined');
    for (const [name, files] of Object.entries(SETS)) {
      const there = await page.evaluate(`identityOf(${JSON.stringify(files)})`);
      const here = await loadDataset(
        Object.entries(files).map(([path, base64]) =>
          bytesFile(path, new Uint8Array(Buffer.from(base64, 'base64'))),
        ),
      );
      expect(there, name).toEqual(here.identity);
    }
  },
);
