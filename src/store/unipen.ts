import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  type Drawing,
  drawingsOf,
  type DrawnDigits,
  drawnDigits,
  UNIPEN_DIGITS,
} from '../data/unipen/drawnDigits.ts';
import { DactylError } from '../util/errors.ts';
import { type ExtraExamples, learnsDrawings } from '../study/extraData.ts';
import { fileError } from './fileError.ts';
import { sha256 } from './sha256.ts';

/** The drawings that come with Dactyl, as images. Synchronous. Throws E_FILE where the file is missing, E_CHECKSUM where it is another. */
export function loadUnipenDigits(): DrawnDigits {
  return drawnDigits(loadUnipenDrawings());
}

/** The same as strokes. */
export function loadUnipenDrawings(): Drawing[] {
  const path = fileURLToPath(new URL(`../../data/${UNIPEN_DIGITS.file}`, import.meta.url));
  let text: Uint8Array;
  try {
    text = gunzipSync(readFileSync(path));
  } catch (error) {
    throw fileError(error, 'read', path);
  }
  const received = sha256(text);
  if (received !== UNIPEN_DIGITS.sha256) {
    throw new DactylError(
      'E_CHECKSUM',
      `${path}: expected SHA-256 ${UNIPEN_DIGITS.sha256} of the text unpacked, received ${received}. Install Dactyl again.`,
    );
  }
  return drawingsOf(new TextDecoder().decode(text));
}

let drawn: DrawnDigits | undefined;

/** The images that these recipes add to the training images, read once. Throws as `loadUnipenDigits`. */
export function extraFor(recipes: readonly Parameters<typeof learnsDrawings>[0][]): {
  extra?: ExtraExamples;
} {
  if (!recipes.some(learnsDrawings)) return {};
  return { extra: { [UNIPEN_DIGITS.name]: (drawn ??= loadUnipenDigits()) } };
}
