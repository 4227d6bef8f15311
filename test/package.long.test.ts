import { globSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, TINY, TINY_NAME } from './support/dactyl.ts';
import { CONSUMER, type Installed, installPackage, type Packed, ROOT, succeed } from './support/installed.ts';

let installed: Installed | undefined;
let packed: Packed;
let user: string;

beforeAll(async () => {
  installed = await installPackage();
  ({ packed, user } = installed);
}, 900_000);

afterAll(() => {
  installed?.remove();
});

test('the package holds the build, the schema and the documents; no tests, sources or fixtures; below 3.2 MB (3.11 were measured once the server was in it), a third of it drawings', () => {
  const paths = packed.files.map(({ path }) => path);
  const outside = paths.filter((path) => !path.startsWith('dist/')).sort();
  expect(outside).toEqual([
    'CHANGELOG.md',
    'CITATION.cff',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'data/README.md',
    'data/reader-drift.json',
    'data/reader.md',
    'data/reader.safetensors',
    'data/unipen-digits.ndjson.gz',
    ...globSync('docs/**/*.*', { cwd: ROOT }).sort(),
    ...globSync('examples/**/*.*', { cwd: ROOT }).sort(),
    'package.json',
    'schemas/evaluation.schema.json',
    'schemas/results.schema.json',
    'schemas/study.schema.json',
    'schemas/tuning.schema.json',
    ...readdirSync(join(ROOT, 'studies'))
      .map((name) => `studies/${name}`)
      .sort(),
  ]);
  for (const path of paths.filter((path) => !path.startsWith('examples/')))
    expect(path).not.toMatch(/\.test\.|fixtures|\.(?<!\.d\.)ts$|\.map$|\.tsbuildinfo$/);
  for (const path of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/bin.js', 'dist/queue/worker.js']) {
    expect(paths).toContain(path);
  }
  console.log(
    `${packed.filename}: ${packed.size} bytes, ${packed.unpackedSize} unpacked, ${paths.length} files`,
  );
  expect(packed.size).toBeLessThan(3_200_000);
});

test('links of the documents in the package lead to files in it', () => {
  const paths = packed.files.map(({ path }) => path);
  const isThere = (target: string): boolean =>
    paths.some((path) => path === target || path.startsWith(`${target.replace(/\/$/, '')}/`));
  const missing: string[] = [];
  for (const document of paths.filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(user, 'node_modules/dactyl', document), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!target.startsWith('https://') && !isThere(join(dirname(document), target)))
        missing.push(`${document}: ${target}`);
    }
  }
  expect(missing).toEqual([]);
});

test('npx dactyl --version', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect((await succeed('npx', ['--offline', 'dactyl', '--version'], user)).stdout).toBe(`${version}\n`);
});

test('npx dactyl serve: what only the server needs is not installed, and the line that installs it is named', async () => {
  const { exit, stderr } = await run('npx', ['--offline', 'dactyl', 'serve'], { cwd: user });
  expect(exit).toBe(1);
  expect(stderr).toMatch(
    /^dactyl: dactyl serve: expected the package fastify.* npm install fastify .*\[E_PACKAGE\]\n$/,
  );
});

test('npx dactyl compare, npx dactyl verify', async () => {
  const { stdout } = await succeed('npx', ['--offline', 'dactyl', ...TINY], user);
  expect(stdout).toContain(`Report   runs/${TINY_NAME}/report.html\n`);
  const published = join(user, 'node_modules/dactyl/schemas/results.schema.json');
  const beside = join(user, 'runs', TINY_NAME, 'results.schema.json');
  expect(readFileSync(beside, 'utf8')).toBe(readFileSync(published, 'utf8'));
  const verified = await succeed(
    'npx',
    ['--offline', 'dactyl', 'verify', `runs/${TINY_NAME}`, 'tanh/2'],
    user,
  );
  expect(verified.stdout).toContain('identical');
});

const LEAST_NODE = join(CONSUMER, '.bin/node');

test('the least Node of package.json runs the command, with the same bits', async () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const { stdout } = await succeed(LEAST_NODE, ['--version'], user);
  expect(engines.node).toMatch(/^>=\d+\.\d+$/);
  expect(stdout.trim()).toBe(`v${engines.node.slice(2)}.0`);
  const bin = 'node_modules/dactyl/dist/cli/bin.js';
  const again = await succeed(LEAST_NODE, [bin, 'verify', `runs/${TINY_NAME}`, 'relu/1'], user);
  expect(again.stdout).toContain('identical');
  const fresh = await succeed(LEAST_NODE, [bin, ...TINY, '--out', 'least'], user);
  expect(fresh.stdout).toContain(`Report   least/${TINY_NAME}/report.html\n`);
});

test('an older Node: one line that says which is needed, exit code 1, and nothing else is loaded', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  const ended = await run(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(older)}`,
      'node_modules/dactyl/dist/cli/bin.js',
      ...TINY,
    ],
    { cwd: user },
  );
  expect(ended).toEqual({
    exit: 1,
    stdout: '',
    stderr:
      'dactyl: expected Node 22.13 or later, received 20.20.2. Install a later one, or put it first on PATH.\n',
  });
});

test.each([
  ['5.4', join(CONSUMER, 'typescript/bin/tsc')],
  ['of the house', join(ROOT, 'node_modules/typescript/bin/tsc')],
])('TypeScript %s: every declaration is checked, without the types of a page or of Node', async (_, tsc) => {
  const modules = ['dactyl', 'dactyl/nn', 'dactyl/reading', 'dactyl/stats', 'dactyl/analysis', 'dactyl/node'];
  writeFileSync(
    join(user, 'declarations.ts'),
    `${modules.map((name, k) => `import * as m${k} from '${name}';`).join('\n')}
    export const all = [${modules.map((_, k) => `m${k}`).join()}];
    export const bytes: Uint8Array = m1.encodeModel(new m1.Sequential([m1.Input([1]), m1.Dense(2)], { seed: 1 }));
    // @ts-expect-error: units is a number
    m0.Dense('32');`,
  );
  for (const [module, moduleResolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ]) {
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, target: 'ES2022', lib: ['ES2022'], types: [] },
      ...{ module, moduleResolution },
    };
    const path = join(user, `tsconfig.${moduleResolution}.json`);
    writeFileSync(path, JSON.stringify({ compilerOptions, files: ['declarations.ts'] }));
    await succeed(process.execPath, [tsc, '-p', path], user);
  }
});

test('the example of README.md: its types resolve, and it runs as TypeScript and as JavaScript', async () => {
  const [, code] = /```ts\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
  writeFileSync(join(user, 'readme.ts'), code);
  writeFileSync(join(user, 'readme.js'), code);
  // Fails to compile if types were `any`.
  writeFileSync(
    join(user, 'types.ts'),
    `import { Dense, DactylError, type ErrorCode, type Results, type Tensor } from 'dactyl';
    // @ts-expect-error: units is a number
    Dense('32');
    const code: ErrorCode = new DactylError('E_SHAPE', '').code;
    const accuracy = (results: Results): number => results.trials[0].testAccuracy;
    const tensor: Tensor<Uint8Array> = { data: new Uint8Array(4), shape: [2, 2] };
    export { accuracy, code, tensor };`,
  );
  writeFileSync(
    join(user, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, target: 'ES2024', module: 'NodeNext', types: [] },
      files: ['readme.ts', 'types.ts'],
    }),
  );
  await succeed(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], user);
  const [typescript, javascript] = await Promise.all([
    succeed(process.execPath, ['readme.ts'], user),
    succeed(process.execPath, ['readme.js'], user),
  ]);
  for (const { stdout, stderr } of [typescript, javascript]) {
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Epoch 2\/2\n1875\/1875 - /);
    expect(stdout).toMatch(/ 0\.9\d+ [0-9a-f]{64}\n\[ 10000, 10 \]\n$/);
  }
  const hash = /[0-9a-f]{64}/;
  expect(hash.exec(typescript.stdout)?.[0]).toBe(hash.exec(javascript.stdout)?.[0]);
});
