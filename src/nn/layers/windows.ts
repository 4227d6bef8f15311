import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import { describeShape } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';
import { isNumber, requireType } from '../../util/options.ts';
import { isCount } from './layer.ts';

/** A number for both axes, or [vertical, horizontal]. */
export type Extents = number | readonly [number, number];

export const PAIR_FIELDS = form.list(form.integer);
export const PADDING_FIELDS = form.oneOf('valid', 'same');

/** [n, n] of a number n. */
export function resolvePair(layer: string, name: string, value: Extents): Pair {
  const pair: readonly number[] = typeof value === 'number' ? [value, value] : value;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((extent) => isNumber(extent, isCount))) {
    const [vertical, horizontal] = pair as readonly number[];
    return [vertical, horizontal];
  }
  throw new DactylError(
    'E_ARGUMENT',
    `${layer}: expected ${name}: a whole number > 0 or two of them, such as [3, 3]; received ${describeShape(value)}.`,
  );
}

export function resolvePadding(layer: string, padding: unknown): Padding {
  const fits = padding === 'valid' || padding === 'same';
  requireType(layer, "padding: 'valid' or 'same'", fits, padding);
  return padding as Padding;
}

/** 3 × 3, strides 2 × 2, same. */
export function windowWords(size: Pair, strides: Pair, padding: Padding, usual: Pair): string {
  const stepped =
    strides[0] === usual[0] && strides[1] === usual[1] ? '' : `, strides ${strides.join(' × ')}`;
  return `${size.join(' × ')}${stepped}${padding === 'same' ? ', same' : ''}`;
}
