import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { CONSUMER, succeed } from './installed.ts';

interface Bundled {
  readonly bytes: number;
  /** Paths of all modules that are in it. */
  readonly inputs: readonly string[];
}

interface Output {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

async function runEsbuild(
  user: string,
  name: string,
  folder: string,
  flags: readonly string[],
): Promise<Record<string, Output>> {
  const meta = join(user, folder, `${name}.json`);
  const all = ['--bundle', '--format=esm', '--minify', '--log-level=warning', `--metafile=${meta}`, ...flags];
  const { stderr } = await succeed(join(CONSUMER, '.bin/esbuild'), [join(user, `${name}.js`), ...all], user);
  expect(stderr).toBe('');
  return (JSON.parse(readFileSync(meta, 'utf8')) as { outputs: Record<string, Output> }).outputs;
}

/** By esbuild: `<name>.js` in the folder `user`, where the package is installed, into `<folder>/<name>.js`. */
export async function esbuild(
  user: string,
  name: string,
  folder: string,
  platform: 'browser' | 'node',
): Promise<void> {
  await runEsbuild(user, name, folder, [
    `--platform=${platform}`,
    `--outfile=${join(user, folder, `${name}.js`)}`,
  ]);
}

/** The same for a page; `splitting`: without what is loaded only when it is needed. */
export async function weigh(
  user: string,
  name: string,
  folder: string,
  splitting: boolean,
): Promise<Bundled> {
  const flags = splitting ? ['--splitting'] : [];
  const outputs = await runEsbuild(user, name, folder, [
    '--platform=browser',
    `--outdir=${join(user, folder)}`,
    ...flags,
  ]);
  const loaded = new Set([Object.keys(outputs).find((path) => path.endsWith(`/${name}.js`))!]);
  for (const path of loaded) {
    for (const { path: next, kind } of outputs[path].imports)
      if (kind === 'import-statement') loaded.add(next);
  }
  const inputs = [...loaded].flatMap((output) =>
    Object.entries(outputs[output].inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  );
  const bytes = [...loaded].map((path) => gzipSync(readFileSync(join(user, path)), { level: 9 }).length);
  return { bytes: bytes.reduce((a, b) => a + b), inputs };
}
