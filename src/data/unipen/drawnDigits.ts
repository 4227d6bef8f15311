import { type PenStroke, rasterizeStrokes } from '../../images/rasterize.ts';
import type { Dataset } from '../examples.ts';

/** Digits drawn with a pen, by whom and where. */
export interface DrawnDigits extends Dataset {
  /** [n], numbers that mean nothing else. */
  readonly writers: Uint16Array;
  /** [n], indices of `sourceNames`. */
  readonly sources: Uint8Array;
  /** In the order of the alphabet. */
  readonly sourceNames: readonly string[];
}

/** What `data/README.md` says of the drawings that come with Dactyl (Guyon et al. 1994, doi 10.5281/zenodo.1195803, CC BY 4.0). */
export const UNIPEN_DIGITS = {
  name: 'unipen-digits',
  file: 'unipen-digits.ndjson.gz',
  images: 8_057,
  writers: 134,
  /** Of the text, unpacked. */
  sha256: 'c24c0cec913c29c4fff85cc11d4b64b35303ab4f2f97830b6b6240a333d5f00d',
  /** Of its images and of its labels, each as the IDX file that has just these bytes (`dataIdentity`). */
  identity: [
    '576ca23dca9f365e15f000177e293ae4176a75f6f56ca4a5ebef77588ff0fd1c',
    '8d325f3a389ceccf0326271c67c124719a0ee76e6ec1c58abd8ba30390d29568',
  ],
  licence: 'CC BY 4.0',
} as const;

/** One line of the file. */
export interface Drawing {
  readonly digit: number;
  readonly writer: number;
  readonly source: string;
  readonly strokes: readonly PenStroke[];
}

/** The drawings, a line of JSON each. For text that a checksum has vouched for. */
export function drawingsOf(text: string): Drawing[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Drawing);
}

/** The drawings as images of 28 × 28 bytes. */
export function drawnDigits(drawings: readonly Drawing[]): DrawnDigits {
  const images = new Uint8Array(drawings.length * 784);
  drawings.forEach(({ strokes }, i) => {
    images.set(rasterizeStrokes(strokes), i * 784);
  });
  const sourceNames = [...new Set(drawings.map(({ source }) => source))].sort();
  return {
    images: { data: images, shape: [drawings.length, 28, 28] },
    labels: Uint8Array.from(drawings, ({ digit }) => digit),
    classes: 10,
    writers: Uint16Array.from(drawings, ({ writer }) => writer),
    sources: Uint8Array.from(drawings, ({ source }) => sourceNames.indexOf(source)),
    sourceNames,
  };
}
