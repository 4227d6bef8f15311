import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as buildWithVite, createServer, type InlineConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import * as library from '../src/nn.ts';
import { launchChromium } from './support/chromium.ts';
import { run } from './support/dactyl.ts';
import { CONSUMER, type Installed, installPackage, ROOT, succeed } from './support/installed.ts';
import { POLICY, serve } from './support/serve.ts';
import { train } from './support/training.ts';

/** gzip -9, as bundled and minified by esbuild. */
const MOST_BYTES = { nn: 45_500, root: 45_500, convolution: 56_500, saving: 62_500, all: 67_000 };

/** What these are meant to weigh at most. They weigh more since names of losses, metrics and schedules bring all of them; whoever gets there turns `fails` into a plain test. */
const GOALS = { nn: 36_000, root: 36_000, saving: 45_000 };

const NAMES = 'Dense, Flatten, Input, Rescaling, Sequential';
/** Scripts that train, by the entry of the package that they import from; `worker` and `starts` with a page's thread of its own. */
const SCRIPTS = {
  nn: `import { ${NAMES} } from 'dactyl/nn';
    import { train } from './training.js';
    globalThis.answer = train({ ${NAMES} });`,
  root: `import { ${NAMES} } from 'dactyl';
    import { train } from './training.js';
    globalThis.answer = train({ ${NAMES} });`,
  everything: `import * as dactyl from 'dactyl';
    import { train } from './training.js';
    const study = { name: 'a', question: 'b', arms: { relu: {}, tanh: { activation: 'tanh' } }, seeds: 2 };
    dactyl.studyHash(dactyl.parseStudy(JSON.stringify(study), 'a.json'));
    globalThis.answer = train(dactyl);`,
  worker: `import { ${NAMES} } from 'dactyl/nn';
    import { train } from './training.js';
    train({ ${NAMES} }).then(postMessage);`,
  starts: `const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    globalThis.answer = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });`,
};
const MAIN = ['nn', 'root', 'everything'] as const;

const launched = await launchChromium();
const browser = launched.browser!;
const where =
  launched.browser === null ? `in Chromium, which does not start here: ${launched.reason}` : 'in Chromium';

let installed: Installed | undefined;
let user: string;
let expected: string;

beforeAll(async () => {
  expected = await train(library);
  installed = await installPackage();
  ({ user } = installed);
  const text = readFileSync(join(ROOT, 'test/support/training.ts'), 'utf8');
  writeFileSync(join(user, 'training.js'), stripTypeScriptTypes(text));
  for (const [name, script] of Object.entries(SCRIPTS)) {
    writeFileSync(join(user, `${name}.js`), script);
    writeFileSync(join(user, `${name}.html`), page(`/${name}.js`));
  }
}, 900_000);

afterAll(async () => {
  installed?.remove();
  await launched.browser?.close();
});

const page = (script: string): string =>
  `<!doctype html><title>Dactyl</title><script type="module" src="${script}"></script>`;

interface Bundled {
  readonly bytes: number;
  /** Paths of all modules that are in it. */
  readonly inputs: readonly string[];
}

/** By esbuild: `<name>.js` of the user into `<folder>/<name>.js`. */
async function esbuild(name: string, folder: string, platform: 'browser' | 'node'): Promise<Bundled> {
  const out = join(user, folder, `${name}.js`);
  const meta = join(user, folder, `${name}.json`);
  const settings = [`--platform=${platform}`, `--outfile=${out}`, `--metafile=${meta}`];
  const flags = ['--bundle', '--format=esm', '--minify', '--log-level=warning'];
  const { stderr } = await succeed(
    join(CONSUMER, '.bin/esbuild'),
    [join(user, `${name}.js`), ...flags, ...settings],
    user,
  );
  expect(stderr).toBe('');
  const { outputs } = JSON.parse(readFileSync(meta, 'utf8')) as {
    outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
  };
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return { bytes: gzipSync(readFileSync(out), { level: 9 }).length, inputs };
}

/** What the page's training comes to, under the policy; nothing may be complained of. */
async function answerOf(address: string): Promise<unknown> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  const answer = await page.evaluate('globalThis.answer');
  expect(complaints).toEqual([]);
  return answer;
}

async function answersOf(folder: string, names: readonly string[]): Promise<unknown[]> {
  const { origin, close } = await serve(join(user, folder));
  onTestFinished(close);
  const answers: unknown[] = [];
  for (const name of names) {
    writeFileSync(join(user, folder, `${name}.html`), page(`/${name}.js`));
    answers.push(await answerOf(`${origin}/${name}.html`));
  }
  return answers;
}

const viteConfig = (): InlineConfig => ({
  configFile: false,
  logLevel: 'error',
  root: user,
  mode: 'production',
});

describe('in Node', () => {
  test('as installed, and bundled by esbuild: the same weights, to the bit', async () => {
    for (const name of MAIN) {
      await esbuild(name, 'node', 'node');
      for (const path of [join(user, `${name}.js`), join(user, 'node', `${name}.js`)]) {
        const code = `await import(${JSON.stringify(path)}); console.log(await globalThis.answer)`;
        const ended = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: user });
        expect(ended).toEqual({ exit: 0, stdout: `${expected}\n`, stderr: '' });
      }
    }
  });

  test('importing dactyl/nn takes less than 0.2 s of processor time, the least of five', async () => {
    const code = `const before = process.cpuUsage();
      await import('dactyl/nn');
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 1e6);`;
    const seconds: number[] = [];
    for (let k = 0; k < 5; k++) {
      seconds.push(
        Number((await succeed(process.execPath, ['--input-type=module', '-e', code], user)).stdout),
      );
    }
    console.log(`import of dactyl/nn: ${Math.min(...seconds)} s of processor time`);
    expect(Math.min(...seconds)).toBeLessThan(0.2);
  });
});

describe('in bytes', () => {
  const script = (names: string): string =>
    `import { ${names} } from 'dactyl/nn';
    globalThis.used = [${names}];`;
  const MEASURED = {
    ...SCRIPTS,
    saving: script(`${NAMES}, encodeModel, decodeModel`),
    convolution: script(`${NAMES}, Conv2D, Dropout, MaxPooling2D`),
    all: `import * as nn from 'dactyl/nn';
    globalThis.used = { ...nn };`,
  };

  test.each(Object.keys(MOST_BYTES) as (keyof typeof MOST_BYTES)[])('%s', async (name) => {
    writeFileSync(join(user, `${name}.js`), MEASURED[name]);
    const { bytes, inputs } = await esbuild(name, 'bytes', 'browser');
    console.log(`${name}: ${bytes} bytes, minified by esbuild and gzipped, of ${inputs.length} modules`);
    expect(inputs.filter((path) => /typebox|piscina|dist\/(store|queue|cli)\//.test(path))).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES[name]);
    const text = readFileSync(join(user, 'bytes', `${name}.js`), 'utf8');
    for (const layer of [
      'Conv2D',
      'DepthwiseConv2D',
      'MaxPooling2D',
      'BatchNormalization',
      'LayerNormalization',
    ]) {
      const imported = name === 'saving' || name === 'all' || MEASURED[name].includes(` ${layer}`);
      expect(text.includes(layer), `${layer} in ${name}`).toBe(imported);
    }
  });

  test.fails.each(Object.keys(GOALS) as (keyof typeof GOALS)[])('%s is within its goal', async (name) => {
    writeFileSync(join(user, `${name}.js`), MEASURED[name]);
    const { bytes } = await esbuild(name, 'bytes', 'browser');
    expect(bytes).toBeLessThanOrEqual(GOALS[name]);
  });
});

describe.skipIf(launched.browser === null)(where, () => {
  test('bundled by esbuild, in a page and in a Web Worker: the same weights, to the bit', async () => {
    for (const name of [...MAIN, 'worker'] as const) await esbuild(name, 'esbuild', 'browser');
    writeFileSync(join(user, 'esbuild/starts.js'), SCRIPTS.starts);
    const answers = await answersOf('esbuild', [...MAIN, 'starts']);
    expect(answers).toEqual(answers.map(() => expected));
  });

  test('bundled by webpack, in a page and in a Web Worker: the same weights, to the bit', async () => {
    // Its own types are not installed with the house's tools.
    const webpack = createRequire(join(CONSUMER, 'x.js'))('webpack') as (
      settings: object,
      done: (error: Error | null, stats?: { toString: (what: string) => string }) => void,
    ) => void;
    const names = [...MAIN, 'starts'];
    const report = await new Promise<string>((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          context: user,
          entry: Object.fromEntries(names.map((name) => [name, `./${name}.js`])),
          output: { path: join(user, 'webpack'), publicPath: '/' },
          performance: false,
        },
        (error, stats) => {
          if (error) reject(error);
          else resolve(stats?.toString('errors-warnings') ?? '');
        },
      );
    });
    expect(report).toBe('webpack compiled successfully');
    const answers = await answersOf('webpack', names);
    expect(answers).toEqual(answers.map(() => expected));
  });

  test('built by Vite, in a page and in a Web Worker: the same weights, to the bit', async () => {
    const names = [...MAIN, 'starts'];
    await buildWithVite({
      ...viteConfig(),
      worker: { format: 'es' },
      build: { outDir: 'vite', rolldownOptions: { input: names.map((name) => join(user, `${name}.html`)) } },
    });
    const { origin, close } = await serve(join(user, 'vite'));
    onTestFinished(close);
    for (const name of names) expect(await answerOf(`${origin}/${name}.html`)).toBe(expected);
  });

  test('served by Vite while one develops, in a page and in a Web Worker: the same weights, to the bit', async () => {
    const server = await createServer({
      ...viteConfig(),
      mode: 'development',
      cacheDir: 'cache',
      server: { port: 0, host: '127.0.0.1', headers: { 'content-security-policy': POLICY } },
    });
    onTestFinished(() => server.close());
    await server.listen();
    const [origin] = server.resolvedUrls!.local;
    for (const name of [...MAIN, 'starts']) expect(await answerOf(`${origin}${name}.html`)).toBe(expected);
  });
});
