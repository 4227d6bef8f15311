import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, run, TINY, TINY_NAME } from './support/dactyl.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** What stands in the way of packing a fresh build, or is large. */
const LEFT_OUT = ['node_modules', 'dist', 'build', 'runs', 'coverage', '.git'];
/** npm and the command run under the Node of the tests. */
const env = { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: { readonly path: string; readonly size: number }[];
}

let place: string;
let packed: Packed;
let user: string;

async function succeed(command: string, args: string[], cwd: string): Promise<Ended> {
  const ended = await run(command, args, { cwd, env });
  expect(ended.exit, `${command} ${args.join(' ')}\n${ended.stdout}\n${ended.stderr}`).toBe(0);
  return ended;
}

/** The package, built from the present sources, packed, and installed into an empty folder. */
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  const source = join(place, 'source');
  for (const name of readdirSync(ROOT)) {
    if (!LEFT_OUT.includes(name) && !name.endsWith('.tgz'))
      cpSync(join(ROOT, name), join(source, name), {
        recursive: true,
        filter: (path) => !path.includes('node_modules'),
      });
  }
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await succeed(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(source, 'dist')], ROOT);
  const { stdout } = await succeed('npm', ['pack', '--ignore-scripts', '--json'], source);
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  packed = Object.values(answer)[0];

  user = join(place, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  const install = (network: string): Promise<Ended> =>
    run('npm', ['install', network, '--no-audit', '--no-fund', join(source, packed.filename)], {
      cwd: user,
      env,
    });
  // What `npm ci` has fetched is enough, unless the cache has been cleared since.
  let installed = await install('--offline');
  if (installed.exit !== 0) installed = await install('--prefer-offline');
  expect(installed.exit, installed.stderr).toBe(0);
}, 300_000);

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

test('the package holds the build, the schema and the documents; no tests, sources or fixtures; below 1 MB', () => {
  const paths = packed.files.map(({ path }) => path);
  const outside = paths.filter((path) => !path.startsWith('dist/')).sort();
  expect(outside).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
    'schemas/evaluation.schema.json',
    'schemas/results.schema.json',
    'schemas/study.schema.json',
    'schemas/tuning.schema.json',
    ...readdirSync(join(ROOT, 'studies'))
      .map((name) => `studies/${name}`)
      .sort(),
  ]);
  for (const path of paths)
    expect(path).not.toMatch(/\.test\.|fixtures|\.(?<!\.d\.)ts$|\.map$|\.tsbuildinfo$/);
  for (const path of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'dist/queue/worker.js']) {
    expect(paths).toContain(path);
  }
  console.log(
    `${packed.filename}: ${packed.size} bytes, ${packed.unpackedSize} unpacked, ${paths.length} files`,
  );
  expect(packed.size).toBeLessThan(1_000_000);
});

test('npx dactyl --version', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect((await succeed('npx', ['--offline', 'dactyl', '--version'], user)).stdout).toBe(`${version}\n`);
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
