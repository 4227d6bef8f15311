import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openReading } from '../src/server/store/openReading.ts';
import { readerFile } from '../src/server/fixtures/serving.ts';
import { dactyl } from './support/dactyl.ts';
import { startServer } from './support/server.ts';
import { found } from './support/evidence.ts';

const folder = mkdtempSync(join(tmpdir(), 'dactyl-serve-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function modelFile(name: string, seed: number): string {
  const file = join(folder, name);
  writeFileSync(file, readerFile({ seed }));
  return file;
}

const image = Buffer.alloc(784, 9);
const HEADERS = { 'inference-header-content-length': '0' };

/** The status, and whether the connection was taken at all. */
function ask(place: string, agent: Agent): Promise<number | 'refused' | 'cut'> {
  return new Promise((resolve) => {
    const asked = request(`http://${place}/v2/models/digits/infer`, {
      method: 'POST',
      agent,
      headers: HEADERS,
    });
    asked.on('response', (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode!);
      });
      response.on('error', () => {
        resolve('cut');
      });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'cut');
    });
    asked.end(image);
  });
}

test('SIGTERM under load: what was accepted is answered, the exit code is 0, within 15 seconds', async () => {
  const server = await startServer([
    `digits=${modelFile('a.safetensors', 1)}`,
    ...['--store', 'sqlite', '--data-dir', join(folder, 'kept')],
  ]);
  // A connection for each: one that is kept open may be closed between two requests of it.
  const agent = new Agent({ keepAlive: false });
  let stopping = false;
  const answers: (number | string)[] = [];
  const clients = Array.from({ length: 16 }, async () => {
    while (!stopping || answers.at(-1) === 200) {
      const answer = await ask(server.place, agent);
      answers.push(answer);
      if (answer === 'refused' || answer === 'cut') return;
    }
  });
  while (answers.length < 100) await new Promise((resolve) => setTimeout(resolve, 10));
  stopping = true;
  const began = performance.now();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(15_000);
  await Promise.all(clients);
  const answered = answers.filter((answer) => answer === 200).length;
  expect(answered).toBeGreaterThanOrEqual(100);
  // A connection that the system had taken and the server had not is cut; of what the server took, every answer has arrived.
  const store = await openReading(join(folder, 'kept'));
  const [{ decisions }] = await store.query(
    "SELECT count(*) AS decisions FROM audit_events WHERE kind = 'decision'",
  );
  await store.close();
  expect(answered).toBe(decisions);
  found({
    id: 'graceful',
    points: ['E9'],
    articles: ['GDPR 32', 'AI Act 15'],
    says: 'Ended under load, the server answered everything that it had accepted.',
  });
});

test('SIGHUP serves what a changed file holds, under the same name', async () => {
  const file = modelFile('b.safetensors', 1);
  const server = await startServer([`digits=${file}`]);
  const versionsOf = async (): Promise<string[]> =>
    ((await (await fetch(`http://${server.place}/v2/models/digits`)).json()) as { versions: string[] })
      .versions;
  const [before] = await versionsOf();
  writeFileSync(file, readerFile({ seed: 2 }));
  server.child.kill('SIGHUP');
  await expect.poll(versionsOf, { timeout: 60_000 }).toHaveLength(2);
  expect((await versionsOf())[1]).toBe(before);
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
});

test('what is wrong is said in one line with the exit code 1: settings, files, a port that is taken', async () => {
  const settings = await dactyl(['serve', '--port', '70000', '--store', 'mysql']);
  expect(settings.exit).toBe(1);
  expect(settings.stderr).toMatch(/^dactyl: The server’s settings: 2 are wrong.*\[E_ARGUMENT\]\n$/);
  const absent = await dactyl([
    'serve',
    join(folder, 'none.safetensors'),
    '--store',
    'memory',
    '--port',
    '0',
  ]);
  expect([absent.exit, absent.stderr]).toEqual([
    1,
    expect.stringMatching(/none\.safetensors.*\[E_FILE\]\n$/),
  ]);
  const server = await startServer([`digits=${modelFile('c.safetensors', 1)}`]);
  const port = server.place.split(':')[1];
  const taken = await dactyl([
    'serve',
    `digits=${join(folder, 'c.safetensors')}`,
    '--store',
    'memory',
    '--port',
    port,
  ]);
  expect(taken.exit).toBe(1);
  expect(taken.stderr).toMatch(/another program does \(EADDRINUSE\).*\[E_FILE\]/);
  server.child.kill('SIGTERM');
  await server.ended;
});
