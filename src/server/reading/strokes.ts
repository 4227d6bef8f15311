import type { PenStroke } from '../../images/rasterize.ts';
import { badRequest, type HttpError } from '../errors.ts';
import { requireBody } from '../schemaErrors.ts';
import { MOST_NUMBERS, MOST_STROKES, StrokesNames } from './schemas.ts';

const EXAMPLE = '{"strokes": [[x0, y0, x1, y1, …], …]}: a stroke is the x and y of its points, y downwards.';

/** The strokes of a body of JSON, and the fields beside them. Throws E_DATA (400) that names what is wrong in it. By hand: a schema's errors take seconds for as many numbers as a body may hold. */
export function strokesIn(body: unknown): {
  readonly strokes: readonly PenStroke[];
  readonly fields: Readonly<Record<string, unknown>>;
} {
  requireBody(StrokesNames, body, { code: 'E_DATA', example: EXAMPLE });
  const { strokes, ...fields } = body as Readonly<Record<string, unknown>>;
  requireList('strokes', strokes, 1, MOST_STROKES);
  for (const [i, stroke] of strokes.entries()) {
    requireList(`strokes[${i}]`, stroke, 2, MOST_NUMBERS);
    const k = stroke.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
    if (k >= 0) throw refusal(`strokes[${i}][${k}]`, 'a number', shown(stroke[k]));
  }
  return { strokes: strokes as readonly PenStroke[], fields };
}

function requireList(
  place: string,
  value: unknown,
  least: number,
  most: number,
): asserts value is readonly unknown[] {
  const isList = Array.isArray(value);
  if (isList && value.length >= least && value.length <= most) return;
  throw refusal(
    place,
    `a list of ${least} to ${most} entries`,
    isList ? `one of ${value.length}` : shown(value),
  );
}

function refusal(place: string, expected: string, received: string): HttpError {
  return badRequest(`${place}: expected ${expected}; received ${received}. Such as ${EXAMPLE}`, 'E_DATA');
}

/** Of what is deep or long only what it is. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
