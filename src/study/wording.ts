/** Numbers and names as they are written in sentences and tables: English, decimal point, a real minus, no-break spaces. */

import type { ActivationName } from '../engine/activations/activations.ts';
import { CURVES } from '../engine/activations/curves.ts';

/** What networks are called that have none, or several. */
const OTHERS: Readonly<Record<string, string>> = { convolutional: 'Convolutional', mixed: 'Mixed' };

export const NO_BREAK_SPACE = '\u00a0';
const MINUS = '\u2212';

/** The name of an activation in prose; one that is not in the table is given as it is. */
export function activationName(activation: string): string {
  if (Object.hasOwn(CURVES, activation)) return CURVES[activation as ActivationName].title;
  return Object.hasOwn(OTHERS, activation) ? OTHERS[activation] : activation;
}

/** `fixed(-0.1234, 2)` is '−0.12'; what rounds to zero has no sign. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'undefined' : value > 0 ? '∞' : `${MINUS}∞`;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** With a plus where the rounded value is above zero. */
export function signed(value: number, digits: number): string {
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

/** A share as a percentage: `percent(0.9762)` is '97.62 %'. */
export function percent(share: number, digits = 2): string {
  return `${fixed(100 * share, digits)}${NO_BREAK_SPACE}%`;
}

/** A difference of shares in percentage points, with its sign: '+0.33 points'. */
export function points(difference: number, digits = 2): string {
  return `${signed(100 * difference, digits)}${NO_BREAK_SPACE}points`;
}

/** A whole number with its thousands set off by commas. */
export function grouped(value: number): string {
  return fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ',');
}

const SMALL = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** 'one seed', 'five seeds', '20 seeds': in words up to twelve. */
export function countOf(n: number, singular: string, plural = `${singular}s`): string {
  return `${n < SMALL.length ? SMALL[n] : grouped(n)}${NO_BREAK_SPACE}${n === 1 ? singular : plural}`;
}

/** 'a', 'a and b', 'a, b and c'. */
export function listOf(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** '1 to 30' where they are consecutive. */
export function seedRange(seeds: readonly number[]): string {
  const consecutive = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i);
  return consecutive ? `${seeds[0]} to ${seeds[seeds.length - 1]}` : seeds.join(', ');
}

/** Where a study lies, as a command names it: where it is by default if nothing is said. */
export function folderOf({ name }: { readonly name: string }, folder?: string): string {
  const path = folder ?? `runs/${name}`;
  return /^[\w./:\\@+-]+$/.test(path) ? path : `"${path}"`;
}
