import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { loadMnist } from '../store/mnist.ts';
import { dataCommand } from './data.ts';
import { dataWriters, dataWritersCommand } from './dataWriters.ts';

let folder: string;
let out: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  out = join(folder, 'out');
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A label file of MNIST's own classes and three made-up writers. */
function labelFile(name: string, labels: Uint8Array): string {
  const rows = Array.from(labels, (label, i) => `${label}\t0\t${i % 3}\t0\t${30 + label}\t${i}\t0\t0\n`);
  const path = join(folder, name);
  writeFileSync(path, gzipSync(rows.join('')));
  return path;
}

test('--from: copies are checked against MNIST, told apart by their classes whatever their names, and put into --out', async () => {
  const { train, test: testSet } = loadMnist();
  const from = [labelFile('a.gz', testSet.labels), labelFile('b-test.gz', train.labels)];
  await dataWriters({ url: 'unused', from, out });
  expect(readdirSync(out).sort()).toEqual(['a.gz', 'b-test.gz']);
  expect(readFileSync(join(out, 'a.gz'))).toEqual(readFileSync(from[0]));
  expect(printed).toContain('a.gz: 3 writers of the 10,000 test images');
  expect(printed).toContain('b-test.gz: 3 writers of the 60,000 training images');
  expect(printed).toContain(`--writers ${join(out, 'b-test.gz')}`);
});

test('--from: a file of other classes is refused and not copied', async () => {
  const labels = loadMnist().train.labels.slice();
  labels[41] = (labels[41] + 1) % 10;
  const refused = dataWriters({ url: 'unused', from: [labelFile('c.gz', labels)], out });
  await expect(refused).rejects.toThrow(/^c.gz, row 42: expected class/);
  expect(readdirSync(out)).toEqual([]);
});

test('--url: the files are asked for below the address; one with another checksum is not kept', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end('another file');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/qmnist/`;
  await expect(dataWriters({ url, out })).rejects.toThrow(expect.objectContaining({ code: 'E_CHECKSUM' }));
  expect(asked).toEqual(['/qmnist/qmnist-train-labels.tsv.gz']);
  expect(readdirSync(out)).toEqual([]);
});

test('below `data`, which has an --out of its own, --out is the subcommand’s', async () => {
  const action = vi.fn();
  const writers = dataWritersCommand().action((options) => {
    action(options);
  });
  const data = dataCommand().enablePositionalOptions().addCommand(writers);
  const program = new Command('dactyl').enablePositionalOptions().addCommand(data);
  await program.parseAsync(['data', 'writers', '--from', 'x', 'y', '--out', 'place'], { from: 'user' });
  expect(action).toHaveBeenCalledWith(expect.objectContaining({ from: ['x', 'y'], out: 'place' }));
});
