import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { type Ended, run } from './dactyl.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** What `scripts/install-test-tools.ts` installs: others' tools, of other versions than the house's own. */
export const CONSUMER = join(ROOT, 'test/consumer/node_modules');
/** Likewise: other engines, and Node for another processor. */
export const RUNTIMES = join(ROOT, 'test/runtimes/node_modules');
/** What stands in the way of packing a fresh build, or is large. */
const LEFT_OUT = ['node_modules', 'build', 'runs', 'coverage', '.git'];
/** npm and the command run under the Node of the tests. */
const env = { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };

export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: { readonly path: string; readonly size: number }[];
}

export interface Installed {
  readonly packed: Packed;
  /** A folder with nothing but the package and what it depends on. */
  readonly user: string;
  remove(): void;
}

export async function succeed(command: string, args: string[], cwd: string): Promise<Ended> {
  const ended = await run(command, args, { cwd, env });
  expect(ended.exit, `${command} ${args.join(' ')}\n${ended.stdout}\n${ended.stderr}`).toBe(0);
  return ended;
}

/** The package, built from the present sources, packed, and installed into an empty folder. */
export async function installPackage(): Promise<Installed> {
  await succeed(process.execPath, ['scripts/prepare.ts'], ROOT);
  const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  const source = join(place, 'source');
  for (const name of readdirSync(ROOT)) {
    if (!LEFT_OUT.includes(name) && !name.endsWith('.tgz'))
      cpSync(join(ROOT, name), join(source, name), {
        recursive: true,
        filter: (path) => !path.includes('node_modules'),
      });
  }
  const { stdout } = await succeed('npm', ['pack', '--ignore-scripts', '--json'], source);
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  const packed = Object.values(answer)[0];

  const user = join(place, 'user');
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
  return {
    packed,
    user,
    remove: () => {
      rmSync(place, { recursive: true, force: true });
    },
  };
}
