import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { DataSet } from '../data/dataSet.ts';
import { resolveData, resolveNamed, USUAL_DATA } from '../store/data.ts';
import { readStudy, type StudyRecord } from '../store/studyRecord.ts';
import { DactylError } from '../util/errors.ts';
import { Progress } from './progress.ts';

/** `--data NAME|PATH`; undefined where it is not given, for then a file may say it. */
export function dataOption(usual = 'those that it names, or mnist'): Option {
  return new Option(
    '--data <name-or-path>',
    `images: a name, or a file or folder of images and labels (default: ${usual})`,
  );
}

/** `--size N`, for pictures of several sizes. */
export function sizeOption(): Option {
  return new Option('--size <n>', 'scales every image of --data to n × n pixels, its form kept').argParser(
    (text) => {
      if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 512) return Number(text);
      throw new InvalidArgumentError(`expected a whole number from 1 to 512, received '${text}'.`);
    },
  );
}

/** `--data` and `--size` as one, in the form that study files and records keep: 'scans@28'. */
export function sizedData({ data, size }: { data?: string; size?: number }): { data?: string } {
  if (size !== undefined) return { data: `${data ?? USUAL_DATA}@${size}` };
  return data === undefined ? {} : { data };
}

/** The data of a name or path, with a live line while pictures are read. Throws as `resolveData`. */
export async function readData(nameOrPath: string, live: boolean, test?: string): Promise<DataSet> {
  let progress: Progress | undefined;
  try {
    return await resolveData(nameOrPath, {
      shared: true,
      ...(test !== undefined && { test }),
      onProgress: (done, total) => {
        progress ??= new Progress(total, live);
        progress.advance(`picture ${done} of ${total}`);
      },
    });
  } finally {
    progress?.end();
  }
}

/** What was understood of files of one's own. */
export function sayData({ facts: { sheet } }: DataSet, say: (line: string) => void): void {
  for (const note of sheet?.notes ?? []) say(`  ${note}`);
}

/**
 * The images of a study or search that was run, held to the identity in its record: those given, else those that it names. Throws E_MISMATCH where they
 * are others, and as `resolveData`.
 */
export async function dataOfRecord(
  folder: string,
  { study, data: identity }: Pick<StudyRecord, 'study' | 'data'>,
  given: string | undefined,
): Promise<DataSet> {
  const set = await resolveNamed(study, given);
  if (set.identity.join() === identity.join()) return set;
  throw new DactylError(
    'E_MISMATCH',
    `${folder} is of other images (SHA-256 ${identity[0].slice(0, 12)}…) than ${set.name} (${set.identity[0].slice(0, 12)}…): give the images of its own with --data NAME|PATH.`,
  );
}

/** The images of what is evaluated: those given, else those that a study's folder names, else MNIST. */
export function dataOfTarget(path: string, given: string | undefined): Promise<DataSet> {
  return resolveNamed(existsSync(join(path, 'study.json')) ? readStudy(path).study : {}, given);
}
