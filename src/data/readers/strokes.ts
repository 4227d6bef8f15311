import { DactylError } from '../../util/errors.ts';
import { MOST_POINTS, rasterizeStrokes, type PenStroke } from '../../images/rasterize.ts';
import type { RawExamples } from './parts.ts';
import { quoted, refuse, type Place } from './refuse.ts';

const SIZE = 28 * 28;

/**
 * Drawings as NDJSON, one object a line: `strokes`, a list of [x₀, y₀, x₁, y₁, …] with y downwards, and `digit` or `label`; other fields are passed over.
 * They become images as `rasterizeStrokes` says. Throws E_DATA, with the line, for other lines, a drawing without a stroke and a stroke without a point.
 */
export function readStrokes(bytes: Uint8Array, file: string): { examples: RawExamples; notes: string[] } {
  const lines: { line: number; label: string; image: Uint8Array }[] = [];
  for (const { line, bytes: text } of linesOf(bytes)) {
    const drawing = drawingOf(text, file, line);
    if (drawing !== undefined) lines.push({ line, ...labelled(drawing, file, line) });
  }
  const images = new Uint8Array(lines.length * SIZE);
  lines.forEach(({ image }, i) => {
    images.set(image, i * SIZE);
  });
  const place = (i: number): Place => ({ file, at: `line ${lines[i].line}` });
  return {
    examples: {
      images: { data: images, shape: [lines.length, 28, 28] },
      labels: lines.map(({ label }) => label),
      file,
      labelFile: file,
      labelAt: place,
      imageAt: place,
      bytes: true,
    },
    notes: [
      'strokes, drawn as images like MNIST’s: 28 × 28 pixels, a round pen of 2.3 pixels, ink of 20, centred',
    ],
  };
}

/** The lines of a text, counted from 1. */
export function* linesOf(bytes: Uint8Array): Generator<{ line: number; bytes: Uint8Array }> {
  let line = 0;
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.length : found;
    yield { line: ++line, bytes: bytes.subarray(at, end) };
    at = end + 1;
  }
}

function textOf(bytes: Uint8Array, file: string, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(file, { at: `line ${line}`, expected: 'text in UTF-8', received: 'other bytes' });
  }
}

/** A drawing as a line states it. */
export interface Drawing {
  readonly strokes: readonly PenStroke[];
  /** `label`, or `digit`. */
  readonly label?: unknown;
}

/** The drawing of a line, at least one stroke of at least one finite point; undefined where the line is empty. Throws E_DATA, with the line. */
export function drawingOf(bytes: Uint8Array, file: string, line: number): Drawing | undefined {
  const fail = (expected: string, received: string): never =>
    refuse(file, { at: `line ${line}`, expected, received });
  const text = textOf(bytes, file, line).trim();
  if (text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('an object of JSON', quoted(text));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('an object with strokes', quoted(text));
  }
  const { strokes, digit, label = digit } = value as Record<string, unknown>;
  if (!Array.isArray(strokes) || strokes.length === 0) {
    return fail(
      'strokes: a list of at least one [x0, y0, x1, y1, …]',
      strokes === undefined ? 'none' : quoted(JSON.stringify(strokes)),
    );
  }
  let points = 0;
  (strokes as unknown[]).forEach((stroke, s) => {
    if (!isStroke(stroke)) {
      fail(`stroke ${s + 1} to be the x and y of at least one point, as finite numbers`, wrongIn(stroke));
    }
    points += (stroke as unknown[]).length / 2;
  });
  if (points > MOST_POINTS) fail(`at most ${MOST_POINTS} points in a drawing`, String(points));
  return { strokes: strokes as PenStroke[], label };
}

function labelled(
  { strokes, label }: Drawing,
  file: string,
  line: number,
): { label: string; image: Uint8Array } {
  const fail = (expected: string, received: string): never =>
    refuse(file, { at: `line ${line}`, expected, received });
  if (typeof label !== 'string' && typeof label !== 'number') {
    return fail(
      'digit or label: a number or a text',
      label === undefined ? 'neither' : quoted(JSON.stringify(label)),
    );
  }
  try {
    return { label: String(label), image: rasterizeStrokes(strokes) };
  } catch (error) {
    if (error instanceof DactylError) return fail('strokes that can be drawn', error.message);
    throw error;
  }
}

function isStroke(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length % 2 === 0 &&
    value.every((x) => typeof x === 'number' && Number.isFinite(x))
  );
}

/** What is no stroke, or the first number of it that is none, with its type where its look says too little. */
function wrongIn(stroke: unknown): string {
  const wrong = Array.isArray(stroke)
    ? stroke.findIndex((x) => typeof x !== 'number' || !Number.isFinite(x))
    : -1;
  if (wrong < 0) return Array.isArray(stroke) ? counted(stroke.length) : shown(stroke);
  return `${shown((stroke as unknown[])[wrong])} as number ${wrong + 1}`;
}

function counted(count: number): string {
  return count === 0 ? 'none' : `${count} ${count === 1 ? 'number' : 'numbers'}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  // JSON's 1e999.
  return typeof value === 'number' ? String(value) : quoted(JSON.stringify(value));
}
