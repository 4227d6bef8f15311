import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startServer } from './support/server.ts';

const run = promisify(execFile);
const CLIENTS = resolve(import.meta.dirname, 'clients');
/** Where virtual environments lie, for the next run. */
const ENVIRONMENTS = resolve(import.meta.dirname, '../build/clients');
const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'dactyl-clients-'));
let server: ServerProcess;

beforeAll(async () => {
  if (hasPython) server = await startServer([]);
});
afterAll(async () => {
  if (hasPython) {
    server.child.kill('SIGTERM');
    await server.ended;
  }
  rmSync(folder, { recursive: true });
});

/** One environment each, for together they resolve to old versions. */
test.skipIf(!hasPython).for([
  { environment: 'triton', packages: ['tritonclient[http]'], script: 'triton_sync.py' },
  { environment: 'triton', packages: ['tritonclient[http]'], script: 'triton_aio.py' },
  { environment: 'kserve', packages: ['kserve'], script: 'kserve_rest.py' },
  { environment: 'mlserver', packages: ['mlserver'], script: 'mlserver_codecs.py' },
])(
  'the shipped reader answers $script of $packages (skipped where Python or its packages cannot be had)',
  { timeout: 900_000 },
  async ({ environment, packages, script }, { skip }) => {
    const place = join(ENVIRONMENTS, environment);
    const python = join(place, 'bin/python');
    if (!existsSync(join(place, 'installed'))) {
      await run('python3', ['-m', 'venv', place]);
      try {
        await run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
      } catch (error) {
        if (process.env.CI) throw error;
        skip(`pip could not install ${packages.join(' ')}`);
      }
      await run(python, ['-c', `open(${JSON.stringify(join(place, 'installed'))}, 'w')`]);
    }
    const { stdout } = await run(python, [join(CLIENTS, script), server.place, 'reader', folder]);
    expect(stdout).toMatch(/^ok/m);
  },
);
