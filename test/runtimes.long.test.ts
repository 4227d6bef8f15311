import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMnist } from '../src/store/mnist.ts';
import { bundleShortRun } from './support/bundle.ts';
import { run, temporaryFolder } from './support/dactyl.ts';
import { CONSUMER } from './support/installed.ts';
import {
  SHORT_RUN_IMAGES,
  SHORT_RUNS,
  shortRun,
  type ShortRunName,
  type ShortRunResult,
} from './support/shortRun.ts';

/** The least Node of package.json, and every other one of this machine that has WebAssembly SIMD (16.4). */
function otherNodes(): { path: string; version: string }[] {
  const own = realpathSync(process.execPath);
  const places = (process.env.PATH ?? '').split(delimiter).filter((place) => !place.includes('node_modules'));
  const found = new Set(
    [...places, join(CONSUMER, '.bin')]
      .map((place) => join(place, 'node'))
      .filter((path) => existsSync(path))
      .map((path) => realpathSync(path))
      .filter((path) => path !== own),
  );
  return [...found]
    .map((path) => ({ path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }))
    .filter(({ version }) => Number(/^v(\d+)/.exec(version)?.[1]) >= 17);
}

const nodes = otherNodes();

if (nodes.length === 0) test.skip('in another Node: this machine has none');

test.each(nodes)(
  'Node $version: short trainings have the same weights and outputs, to the bit',
  async ({ path }) => {
    const folder = temporaryFolder();
    const { images, labels } = loadMnist().train;
    const bytes = images.data.subarray(0, 784 * SHORT_RUN_IMAGES);
    const classes = labels.subarray(0, SHORT_RUN_IMAGES);
    writeFileSync(join(folder, 'images'), bytes);
    writeFileSync(join(folder, 'labels'), classes);
    writeFileSync(join(folder, 'engine.mjs'), await bundleShortRun('es'));
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { readFileSync } from 'node:fs';
    import { SHORT_RUNS, shortRun } from './engine.mjs';
    const bytes = (name) => new Uint8Array(readFileSync(new URL(name, import.meta.url)));
    const results = {};
    for (const name of Object.keys(SHORT_RUNS)) results[name] = await shortRun(name, bytes('images'), bytes('labels'));
    console.log(JSON.stringify(results));`,
    );
    const { exit, stdout, stderr } = await run(path, [join(folder, 'main.mjs')]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const there = JSON.parse(stdout) as Record<ShortRunName, ShortRunResult>;
    for (const name of Object.keys(SHORT_RUNS) as ShortRunName[]) {
      expect(there[name]).toEqual(await shortRun(name, bytes, classes));
    }
  },
);
