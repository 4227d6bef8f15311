import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UNIPEN_DIGITS } from '../../src/data/unipen/drawnDigits.ts';

export interface Drawn {
  readonly digit: number;
  readonly strokes: readonly (readonly number[])[];
}

/** The drawings that come with Dactyl, as strokes. */
export function drawings(): Drawn[] {
  const path = new URL(`../../data/${UNIPEN_DIGITS.file}`, import.meta.url);
  const text = gunzipSync(readFileSync(path)).toString().trim();
  return text.split('\n').map((line) => JSON.parse(line) as Drawn);
}
