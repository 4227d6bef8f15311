import type { Random } from '../../util/random.ts';
import { glorotNormal } from './glorotNormal.ts';
import { glorotUniform } from './glorotUniform.ts';
import { heNormal } from './heNormal.ts';
import { heUniform } from './heUniform.ts';
import type { Initializer } from './initializer.ts';
import { lecunNormal } from './lecunNormal.ts';
import { lecunUniform } from './lecunUniform.ts';
import { ones } from './ones.ts';
import { zeros } from './zeros.ts';

/** Every initializer by its name. */
export const INITIALIZERS = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  zeros,
  ones,
} as const satisfies Record<string, Initializer>;

export type InitializerName = keyof typeof INITIALIZERS;

/** Draws a kernel [fanIn][fanOut], row by row, each number computed in float64 and rounded once. */
export function initialize(
  name: InitializerName,
  fanIn: number,
  fanOut: number,
  count: number,
  random: Random,
): Float32Array {
  return Float32Array.from({ length: count }, INITIALIZERS[name](fanIn, fanOut, random));
}
