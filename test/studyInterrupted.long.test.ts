import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { wideName } from '../src/queue/wide.ts';
import { WIDE_VERSIONS } from '../src/queue/wideVersions.ts';
import { dactyl, MAIN, temporaryFolder } from './support/dactyl.ts';
import { canMount, disk } from './support/disk.ts';
import { copyOf, eventsIn, expectOneLine, fileOf, hashesIn, LONG, STUDY } from './support/studies.ts';

let out: string;

/** One tiny study that several tests look at. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  await dactyl(['study', 'run', fileOf(STUDY, out), '--out', out]);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

describe('stopping and going on', () => {
  /** The hashes of a run that was not stopped. */
  let whole: string[];
  beforeAll(async () => {
    const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
    const { exit, stderr } = await dactyl(['study', 'run', fileOf(LONG, place), '--out', place]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    whole = hashesIn(place, 'long');
    rmSync(place, { recursive: true });
  });

  test.each(['SIGINT', 'SIGKILL', 'SIGABRT'] as const)(
    '%s in the middle of trials, then study resume: the same bits, also where the first ran with --wide and V8 aborted',
    async (signal) => {
      const wide = signal === 'SIGABRT' && WIDE_VERSIONS.includes(wideName()) ? ['--wide'] : [];
      const place = temporaryFolder();
      const stopped = await dactyl(
        [
          ...['study', 'run', fileOf(LONG, place), '--out', place],
          ...['--events', '-', '--checkpoint-every', '0.05', ...wide],
        ],
        { signal: (text) => ((text.match(/"event":"epoch"/g) ?? []).length >= 3 ? signal : undefined) },
      );
      expect(stopped.exit).toBe(signal === 'SIGINT' ? 130 : signal);
      if (signal === 'SIGINT') {
        expect(stopped.stderr).toMatch(/^dactyl: Stopped\. \d of 2 trials have ended and are kept\..*\n$/);
        expect(existsSync(join(place, 'long', 'lock.json'))).toBe(false);
      }
      const unfinished = readdirSync(join(place, 'trials', '.unfinished'));
      expect(unfinished.length).toBeGreaterThan(0);
      const { exit, stdout, stderr } = await dactyl([
        ...['study', 'resume', join(place, 'long')],
        ...['--events', '-'],
      ]);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(hashesIn(place, 'long')).toEqual(whole);
      // Taken up, not begun anew: fewer epochs are told of than there are.
      const epochs = eventsIn(stdout).filter(({ event }) => event === 'epoch').length;
      expect(epochs).toBeLessThan(12);
      expect(readdirSync(join(place, 'trials', '.unfinished'))).toEqual([]);
    },
  );

  test('a checkpoint that is whole but cannot be taken up: the trial begins anew, with the same bits', async () => {
    const place = temporaryFolder();
    const file = fileOf(LONG, place);
    await dactyl(['study', 'run', file, '--out', place, '--events', '-', '--checkpoint-every', '0.05'], {
      signal: (text) => (text.includes('"event":"epoch"') ? 'SIGKILL' : undefined),
    });
    for (const key of readdirSync(join(place, 'trials', '.unfinished'))) {
      const folder = join(place, 'trials', '.unfinished', key);
      const content = 'of another version';
      const name = createHash('sha256').update(content).digest('hex').slice(0, 16);
      writeFileSync(join(folder, `1000000-${name}.safetensors`), content);
    }
    const { exit, stderr } = await dactyl(['study', 'resume', join(place, 'long')]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(hashesIn(place, 'long')).toEqual(whole);
  });

  test('SIGKILL while the report is written: nothing torn is read, the report comes out the same', async () => {
    const place = copyOf(out);
    const folder = join(place, 'tiny');
    const before = readFileSync(join(folder, 'results.json'), 'utf8');
    const killed = await dactyl(['study', 'run', fileOf(STUDY, place), '--out', place], {
      signal: (text) => (text.includes('Writing the report') ? 'SIGKILL' : undefined),
    });
    expect(killed.exit).toBe('SIGKILL');
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(before));
    const { exit, stderr } = await dactyl(['study', 'resume', folder]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(before));
  });
});

describe('two processes on one study', () => {
  test('the second is told of the first: E_LOCKED with its number', async () => {
    const place = temporaryFolder();
    const args = [MAIN, 'study', 'run', fileOf(LONG, place), '--out', place, '--quiet'];
    const holder = spawn(process.execPath, args, { stdio: 'ignore' });
    try {
      await expect.poll(() => existsSync(join(place, 'long', 'lock.json')), { timeout: 30_000 }).toBe(true);
      expectOneLine(
        await dactyl(['study', 'resume', join(place, 'long')]),
        new RegExp(`in use by process ${holder.pid} on ${hostname()}.*E_LOCKED`),
      );
    } finally {
      holder.kill('SIGKILL');
    }
  });

  test.each([
    ['of a dead process', JSON.stringify({ pid: spawnSync('true').pid, host: hostname(), token: 'x' })],
    ['torn', '{"pid":'],
  ])('a lock %s is taken over', async (_, content) => {
    const place = copyOf(out);
    writeFileSync(join(place, 'tiny', 'lock.json'), content);
    const { exit, stderr } = await dactyl(['study', 'resume', join(place, 'tiny'), '--no-report']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(existsSync(join(place, 'tiny', 'lock.json'))).toBe(false);
  });
});

describe('where nothing can be written', () => {
  const isRoot = process.getuid?.() === 0;

  test.skipIf(isRoot)('a folder without the permission', async () => {
    const place = temporaryFolder();
    const file = fileOf(STUDY, place);
    chmodSync(place, 0o500);
    onTestFinished(() => {
      chmodSync(place, 0o700);
    });
    expectOneLine(await dactyl(['study', 'run', file, '--out', join(place, 'runs')]), /permission.*E_FILE/);
  });

  test.skipIf(!canMount)('a read-only disk (needs the right to mount)', async () => {
    const file = fileOf(STUDY, temporaryFolder());
    expectOneLine(
      await dactyl(['study', 'run', file, '--out', join(disk('ro'), 'runs'), '--quiet']),
      /the file system is read-only.*E_FILE/,
    );
  });

  test.skipIf(!canMount)(
    'a disk that becomes full at a checkpoint: nothing torn; with room it goes on',
    async () => {
      const place = disk('size=256k');
      const wide = { ...LONG, recipe: { units: [64], epochs: 2 } };
      const file = fileOf(wide, temporaryFolder());
      const args = [
        'study',
        'run',
        file,
        '--out',
        place,
        '--checkpoint-every',
        '0.05',
        '--no-report',
        '--quiet',
      ];
      expectOneLine(await dactyl(args), /Cannot write .*the disk is full.*E_FILE/);
      expect(existsSync(join(place, 'long', 'lock.json'))).toBe(false);
      for (const path of readdirSync(place, { recursive: true, encoding: 'utf8' }))
        expect(path).not.toMatch(/\.tmp$|\.writing/);
      spawnSync('mount', ['-o', 'remount,size=64m', place]);
      const { exit, stderr } = await dactyl(args);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    },
  );
});
