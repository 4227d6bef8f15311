import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { build as buildWithVite, createServer, type InlineConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ACTIVATIONS } from '../src/engine/activations/activations.ts';
import type { LossFamily } from '../src/engine/losses/family.ts';
import { LOSS_RULES } from '../src/engine/losses/losses.ts';
import { RULES } from '../src/engine/rules/all.ts';
import { RULES as PAGE_RULES } from '../src/engine/rules/members.page.ts';
import * as library from '../src/nn.ts';
import { NN_FEATURES as PAGE_FEATURES } from '../src/nn/features/members.page.ts';
import { INITIALIZERS } from '../src/nn/initializers/initializers.ts';
import { LAYERS } from '../src/nn/layers/all.ts';
import { LAYERS as PAGE_LAYERS } from '../src/nn/layers/members.page.ts';
import { METRICS } from '../src/nn/metrics/all.ts';
import { METRICS as PAGE_METRICS } from '../src/nn/metrics/members.page.ts';
import { SCHEDULE_KINDS } from '../src/nn/schedules/all.ts';
import { SCHEDULE_KINDS as PAGE_SCHEDULES } from '../src/nn/schedules/members.page.ts';
import { launchChromium } from './support/chromium.ts';
import { esbuild, weigh } from './support/bundling.ts';
import { run } from './support/dactyl.ts';
import { CONSUMER, type Installed, installPackage, ROOT, succeed } from './support/installed.ts';
import { POLICY, serve } from './support/serve.ts';
import { tryParts, type Walked } from './support/parts.ts';
import { train } from './support/training.ts';

/** gzip -9, as bundled and minified by esbuild. `all`: every member of every family, without what is loaded only when it is needed (threads). */
const MOST_BYTES = {
  nn: 36_000,
  root: 36_000,
  convolution: 52_000,
  saving: 45_000,
  all: 70_000,
};

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
      await esbuild(user, name, 'node', 'node');
      for (const path of [join(user, `${name}.js`), join(user, 'node', `${name}.js`)]) {
        const code = `await import(${JSON.stringify(path)}); console.log(await globalThis.answer)`;
        const ended = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: user });
        expect(ended).toEqual({ exit: 0, stdout: `${expected}\n`, stderr: '' });
      }
    }
  });

  test('importing dactyl/nn takes less than eight times the processor time in which Node starts, the least of five each', async () => {
    const spent = `const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6);`;
    const least = async (code: string): Promise<number> => {
      const seconds: number[] = [];
      for (let k = 0; k < 5; k++) {
        const { stdout } = await succeed(process.execPath, ['--input-type=module', '-e', code], user);
        seconds.push(Number(stdout));
      }
      return Math.min(...seconds);
    };
    const [start, both] = [await least(spent), await least(`await import('dactyl/nn'); ${spent}`)];
    console.log(`import of dactyl/nn: ${both - start} s of processor time, Node's start ${start} s`);
    expect((both - start) / start).toBeLessThan(8);
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
    all: `import 'dactyl/nn/all';
    ${script(NAMES)}`,
  };

  test.each(Object.keys(MOST_BYTES) as (keyof typeof MOST_BYTES)[])('%s', async (name) => {
    writeFileSync(join(user, `${name}.js`), MEASURED[name]);
    const { bytes, inputs } = await weigh(user, name, 'bytes', name === 'all');
    console.log(`${name}: ${bytes} bytes, minified by esbuild and gzipped, of ${inputs.length} modules`);
    expect(inputs.filter((path) => /typebox|piscina|dist\/(store|queue|cli)\//.test(path))).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES[name]);
    const has = (path: string): boolean => inputs.some((input) => input.endsWith(`dist/${path}.js`));
    for (const [layer, path] of Object.entries({
      Conv2D: 'conv2d',
      DepthwiseConv2D: 'depthwiseConv2d',
      MaxPooling2D: 'maxPooling2d',
      BatchNormalization: 'batchNormalization',
      LayerNormalization: 'layerNormalization',
    })) {
      const imported = name === 'all' || MEASURED[name].includes(` ${layer}`);
      expect(has(`nn/layers/${path}`), `${layer} in ${name}`).toBe(imported);
    }
    expect(has('engine/rareKernels')).toBe(name === 'all');
  });
});

describe('what a page’s bundle does not hold', () => {
  const WALKED = 'Dense, Flatten, Input, Rescaling, Sequential, layersFrom, encodeModel, decodeModel';
  const LAYERS_AS_DATA: readonly { readonly type: keyof typeof LAYERS }[] = [
    { type: 'Input', shape: [4] },
    { type: 'Activation', activation: 'tanh' },
    { type: 'AveragePooling2D' },
    { type: 'BatchNormalization' },
    { type: 'Conv2D', filters: 2, kernelSize: 2 },
    { type: 'DepthwiseConv2D', kernelSize: 2 },
    { type: 'GlobalAveragePooling2D' },
    { type: 'LayerNormalization' },
    { type: 'MaxPooling2D' },
    { type: 'Dense', units: 2 },
    { type: 'Dropout', rate: 0.5 },
    { type: 'Flatten' },
    { type: 'RandomDistortion', rotation: 0, scale: 0, shear: 0, shift: 1, elastic: 0 },
    { type: 'Rescaling', scale: 2 },
    { type: 'Reshape', targetShape: [2, 2] },
  ] as { type: keyof typeof LAYERS }[];
  const walked: Walked = {
    optimizer: Object.keys(RULES),
    metric: Object.keys(METRICS),
    loss: Object.entries(LOSS_RULES).map(([name, { takes = 'linear' }]: [string, LossFamily]) => ({
      name,
      activation: takes,
    })),
    schedule: [
      { name: 'constant' },
      { name: 'cosine' },
      { name: 'linear' },
      { name: 'exponential', rate: 0.5, every: 10 },
      { name: 'step', factor: 0.5, every: 10 },
      { name: 'piecewise', boundaries: [1], factors: [1, 0.5] },
    ],
    layer: LAYERS_AS_DATA,
    activation: Object.keys(ACTIVATIONS),
    initializer: Object.keys(INITIALIZERS),
  };
  const absent = (family: string, table: object): string[] =>
    Object.entries(table).flatMap(([name, member]) => (member === undefined ? [`${family} ${name}`] : []));
  const ABSENT = [
    ...absent('optimizer', PAGE_RULES),
    ...absent('metric', PAGE_METRICS),
    ...absent('schedule', PAGE_SCHEDULES),
    ...absent('layer', PAGE_LAYERS),
    // A warning, which a page does without.
    ...absent('feature', PAGE_FEATURES).filter((part) => part !== 'feature doubleScaling'),
    'feature averaging',
    'feature inputGradients',
    'feature threads',
  ];

  /** What the script's bundle for a page says in Node. */
  async function said(name: string, script: string): Promise<unknown> {
    writeFileSync(join(user, `${name}.js`), script);
    await esbuild(user, name, 'parts', 'browser');
    const code = `await import(${JSON.stringify(join(user, 'parts', `${name}.js`))}); console.log(JSON.stringify(await globalThis.answer))`;
    const { stdout } = await succeed(process.execPath, ['--input-type=module', '--eval', code], user);
    return JSON.parse(stdout);
  }
  const script = (first: string): string => `${first}
    import { ${WALKED} } from 'dactyl/nn';
    import { tryParts } from './tryParts.js';
    globalThis.answer = tryParts({ ${WALKED} }, ${JSON.stringify(walked)});`;

  beforeAll(() => {
    const text = readFileSync(join(ROOT, 'test/support/parts.ts'), 'utf8');
    writeFileSync(join(user, 'tryParts.js'), stripTypeScriptTypes(text));
  });

  test('is answered with what to do, name by name; all else works', async () => {
    expect(walked.schedule.map(({ name }) => name).sort()).toEqual(Object.keys(SCHEDULE_KINDS).sort());
    expect(LAYERS_AS_DATA.map(({ type }) => type).sort()).toEqual(Object.keys(LAYERS).sort());
    const found = (await said('page', script(''))) as Record<string, string>;
    const expected = Object.keys(found).map((what) => {
      const [part] = what.split(':');
      const missing = ABSENT.includes(part);
      const message = `E_BUNDLE: The ${part} is not in this page's bundle: import 'dactyl/nn/all' once.`;
      return [what, missing ? message : 'works'];
    });
    expect(found).toEqual(Object.fromEntries(expected));
    const seen = new Set(Object.keys(found).map((what) => what.split(':')[0]));
    expect(ABSENT.filter((part) => !seen.has(part))).toEqual([]);
  });

  test('in Node everything works', async () => {
    const found = await tryParts(library, walked);
    expect(Object.entries(found).filter(([, answer]) => answer !== 'works')).toEqual([]);
  });

  test('works with dactyl/nn/all, all of it', async () => {
    const found = (await said('withAll', script("import 'dactyl/nn/all';"))) as Record<string, string>;
    expect(Object.entries(found).filter(([, answer]) => answer !== 'works')).toEqual([]);
  });

  test('works where its function is imported', async () => {
    const answer = await said(
      'builders',
      `import { AUC, cosineDecay, Dense, Flatten, Input, layersFrom, Lion, MaxPooling2D, RandomDistortion, Sequential } from 'dactyl/nn';
      async function use() {
        const distortion = RandomDistortion({ rotation: 0.1, scale: 0, shear: 0, shift: 1, elastic: 0 });
        const model = new Sequential([Input([28, 28]), distortion, Flatten(), Dense(1, { activation: 'sigmoid' })]);
        model.compile({ optimizer: Lion(), loss: 'binaryCrossentropy', metrics: [AUC()] });
        const images = { data: new Uint8Array(4 * 784).fill(9), shape: [4, 28, 28] };
        const { history } = await model.fit(images, Uint8Array.of(0, 1, 1, 0), { schedule: cosineDecay(), verbose: 0 });
        MaxPooling2D();
        return [Object.keys(history), layersFrom([{ type: 'MaxPooling2D' }])[0].type];
      }
      globalThis.answer = use();`,
    );
    expect(answer).toEqual([['loss', 'auc'], 'MaxPooling2D']);
  });
});

describe.skipIf(launched.browser === null)(where, () => {
  test('bundled by esbuild, in a page and in a Web Worker: the same weights, to the bit', async () => {
    for (const name of [...MAIN, 'worker'] as const) await esbuild(user, name, 'esbuild', 'browser');
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
