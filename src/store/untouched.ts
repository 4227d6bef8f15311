import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHED } from '../data/catalogue/sets.ts';
import { type UntouchedDigits, untouchedDigits } from '../data/mnist/untouched.ts';
import { readIdx } from '../data/readers/idx.ts';
import { inflate } from '../data/readers/inflate.ts';
import { cacheFolder } from './catalogue.ts';
import { readFile } from './readFile.ts';
import { sha256 } from './sha256.ts';

const { folder: FOLDER, files: FILES } = PUBLISHED['qmnist-test50k'];
const [IMAGES, LABELS] = [FILES[2].file, FILES[3].file];

/** Where QMNIST's test images and labels lie once `dactyl data fetch qmnist-test50k` has brought them; undefined where they do not. */
export function untouchedFiles(cache = cacheFolder()): readonly [images: string, labels: string] | undefined {
  const [images, labels] = [IMAGES, LABELS].map((file) => join(cache, FOLDER, file));
  return existsSync(images) && existsSync(labels) ? [images, labels] : undefined;
}

/** SHA-256 of the files, one after the other. Throws E_FILE. */
export function untouchedSum(files: readonly [images: string, labels: string]): string {
  return sha256(...files.map((path) => readFile(path)));
}

/** The images that nobody has tuned on. Throws E_FILE, E_IDX and E_DATA for files that are not QMNIST's. */
export async function loadUntouched(
  files: readonly [images: string, labels: string],
): Promise<UntouchedDigits> {
  const [images, table] = await Promise.all(
    files.map(async (path) => readIdx(await inflate(readFile(path), path, 'gzip'), path)),
  );
  return untouchedDigits(images, table, files);
}
