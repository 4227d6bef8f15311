import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startServer } from './support/server.ts';

const run = promisify(execFile);
/** Where the virtual environment lies, for the next run. */
const ENVIRONMENT = resolve(import.meta.dirname, '../build/clients/schemathesis');
const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;

/** 503 with Retry-After is what a busy server says, and 501 what the protocol has for parts that are not served. */
const CONFIG = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501", "503"]\n';
const CHECKS = 'not_a_server_error,content_type_conformance,response_schema_conformance';

test.skipIf(!hasPython)(
  'schemathesis over the OpenAPI document: no 5xx but 503, types and answers as documented (skipped where Python or schemathesis cannot be had)',
  { timeout: 900_000 },
  async ({ skip }) => {
    const program = join(ENVIRONMENT, 'bin/schemathesis');
    if (!existsSync(join(ENVIRONMENT, 'installed'))) {
      await run('python3', ['-m', 'venv', ENVIRONMENT]);
      try {
        await run(join(ENVIRONMENT, 'bin/pip'), ['install', '--quiet', 'schemathesis==4.32.5']);
      } catch (error) {
        if (process.env.CI) throw error;
        skip('pip could not install schemathesis');
      }
      writeFileSync(join(ENVIRONMENT, 'installed'), '');
    }
    const folder = mkdtempSync(join(tmpdir(), 'dactyl-schema-'));
    const config = join(folder, 'schemathesis.toml');
    writeFileSync(config, CONFIG);
    const server = await startServer([]);
    const document = `http://${server.place}/documentation/json`;
    const chosen = [
      '--checks',
      CHECKS,
      '--phases',
      'coverage,fuzzing',
      '-n',
      '10',
      '--seed',
      '1',
      '--no-color',
    ];
    const { stdout } = await run(program, ['--config-file', config, 'run', document, ...chosen], {
      cwd: folder,
    })
      // What failed stands in its output.
      .catch((error: unknown) => error as { stdout: string });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    rmSync(folder, { recursive: true });
    expect(stdout).toMatch(/Tested: \d\d/);
    expect(stdout).not.toMatch(/ST\d+ .*: \d/);
  },
);
