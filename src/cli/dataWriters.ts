import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { WRITER_FILES, WRITER_FILES_ADDRESS } from '../data/mnist/writerLabels.ts';
import { ensureWritableFolder, writeFileAtomic } from '../store/atomic.ts';
import { loadMnist } from '../store/mnist.ts';
import { fetchWriters, loadWriters } from '../store/writers.ts';
import { DactylError } from '../util/errors.ts';
import { print, styled } from './terminal.ts';

export interface DataWritersOptions {
  readonly url: string;
  readonly from?: readonly string[];
  readonly out: string;
}

type Part = keyof typeof WRITER_FILES;

/** `dactyl data writers`. Program and `data` need `enablePositionalOptions()`: `data` has an --out of its own, which would take this one. */
export function dataWritersCommand(): Command {
  return new Command('writers')
    .description(
      'Fetch the two label files of QMNIST, which name the writer of every image (for folds grouped by writer), and check them row by row against MNIST.',
    )
    .option('--url <address>', 'the folder that has both files', WRITER_FILES_ADDRESS)
    .addOption(
      new Option('--from <files...>', 'local copies (.tsv or .tsv.gz) instead of a download').conflicts(
        'url',
      ),
    )
    .option('--out <folder>', 'where the files are put', 'data')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl data writers\n  dactyl data writers --from qmnist-train-labels.tsv.gz --out data',
    );
}

/** Fetches or copies, checks and describes. Throws the errors of `fetchWriters` and `loadWriters`. */
export async function dataWriters(
  { url, from, out }: DataWritersOptions,
  signal?: AbortSignal,
): Promise<void> {
  ensureWritableFolder(out);
  const { train, test } = loadMnist();
  const labels = { train: train.labels, test: test.labels };
  if (from !== undefined) {
    for (const path of from) {
      const { part, writers } = identify(path, labels);
      describe(part, copy(path, out), writers);
    }
    return;
  }
  for (const part of ['train', 'test'] satisfies Part[]) {
    const { file, sha256 } = WRITER_FILES[part];
    const path = await fetchWriters({
      url: `${url.replace(/\/$/, '')}/${file}`,
      folder: out,
      sha256,
      ...(signal && { signal }),
      ...(process.stderr.isTTY && { onProgress: progressOf(file) }),
    });
    describe(part, path, loadWriters(path, labels[part]));
  }
}

/** The part whose classes the file has; the error of the likelier one where it has those of neither. */
function identify(
  path: string,
  labels: Readonly<Record<Part, ArrayLike<number>>>,
): { part: Part; writers: Uint16Array } {
  const likely: Part = basename(path).includes('test') ? 'test' : 'train';
  const other: Part = likely === 'test' ? 'train' : 'test';
  try {
    return { part: likely, writers: loadWriters(path, labels[likely]) };
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_FORMAT')) throw error;
    try {
      return { part: other, writers: loadWriters(path, labels[other]) };
    } catch {
      throw error;
    }
  }
}

function copy(path: string, folder: string): string {
  const target = join(folder, basename(path));
  writeFileAtomic(target, readFileSync(path));
  return target;
}

function describe(part: Part, path: string, writers: Uint16Array): void {
  const set = part === 'train' ? 'training' : 'test';
  print(
    `${styled('bold', path)}: ${new Set(writers).size} writers of the ${grouped(writers.length)} ${set} images, every class as in MNIST.`,
  );
  if (part === 'train') print(`For folds grouped by writer: --writers ${path}`);
}

function progressOf(file: string): (received: number, total: number | undefined) => void {
  return (received, total) => {
    const done = total === received;
    const text = `${file}: ${grouped(received)}${total === undefined ? '' : ` of ${grouped(total)}`} bytes`;
    process.stderr.write(`\r${text}${done ? '\n' : ''}`);
  };
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
