import { DactylError } from '../../util/errors.ts';
import { exponential } from '../../util/exponential.ts';
import { naturalLogarithm } from '../../util/logarithm.ts';
import { Random } from '../../util/random.ts';
import { denseOf } from '../network.ts';
import type { Recipe } from '../recipe.ts';
import { type Distribution, type Parameter, type SearchSpace, searched } from './space.ts';

/** What was drawn, by parameter. */
export type Values = { readonly [P in Parameter]?: number | string };

/** Draws in vain before a space is held to be exhausted. */
const MOST_REDRAWS = 1000;

/**
 * `count` different configurations, drawn at random (Bergstra & Bengio 2012). Each parameter of each configuration has a stream of its own, so
 * that one more configuration or parameter leaves the others' draws as they are. Throws E_ARGUMENT where the space has too few.
 */
export function sampleConfigurations(space: SearchSpace, count: number, seed: number): Values[] {
  const parameters = searched(space);
  const seen = new Set<string>();
  return Array.from({ length: count }, (_, number) => {
    const streams = parameters.map((parameter) => new Random(seed, `tuning/${number}/${parameter}`));
    for (let draw = 0; draw < MOST_REDRAWS; draw++) {
      const values = parameters.map((parameter, p) => valueAt(space[parameter]!, streams[p].uniform()));
      const text = JSON.stringify(values);
      if (seen.has(text)) continue;
      seen.add(text);
      return Object.fromEntries(parameters.map((parameter, p) => [parameter, values[p]]));
    }
    throw new DactylError(
      'E_ARGUMENT',
      `The space holds no ${count} different configurations: ${seen.size} were found. Take fewer, or widen it.`,
    );
  });
}

/** The value of a distribution at `u` in [0, 1), real ones rounded to three significant digits. */
export function valueAt(distribution: Distribution, u: number): number | string {
  switch (distribution.kind) {
    case 'uniform': {
      const { from, to } = distribution;
      return within(distribution, Number((from + u * (to - from)).toPrecision(3)));
    }
    case 'logUniform': {
      const { from, to } = distribution;
      return within(distribution, Number(between(from, to, u).toPrecision(3)));
    }
    case 'integer':
      return distribution.from + Math.floor(u * (distribution.to - distribution.from + 1));
    case 'logInteger':
      return within(distribution, Math.floor(between(distribution.from, distribution.to + 1, u)));
    case 'choice':
      return distribution.values[Math.floor(u * distribution.values.length)];
  }
}

/** The inverse of `valueAt` for numbers: where in [0, 1] a value lies, the middle of its share for whole numbers and choices. */
export function positionOf(distribution: Distribution, value: number): number {
  switch (distribution.kind) {
    case 'uniform':
      return share(distribution.from, distribution.to, value);
    case 'logUniform':
      return share(...logarithms(distribution.from, distribution.to), naturalLogarithm(value));
    case 'integer':
      return share(distribution.from, distribution.to + 1, value + 0.5);
    case 'logInteger':
      return share(...logarithms(distribution.from, distribution.to + 1), naturalLogarithm(value + 0.5));
    case 'choice': {
      const sorted = (distribution.values as number[]).toSorted((a, b) => a - b);
      return (sorted.indexOf(value) + 0.5) / sorted.length;
    }
  }
}

/** A recipe with what was drawn. Hidden layers have the widths width · narrowingᵏ, rounded, k = 0 … depth − 1. */
export function recipeWith(recipe: Recipe, values: Values, epochs: number): Recipe {
  const { width, depth, narrowing, ...own } = values;
  const network = width !== undefined || depth !== undefined || narrowing !== undefined;
  const changed = { ...recipe, ...own, epochs } as Recipe;
  if (!network) return changed;
  const shape = { ...shapeOf(denseOf(recipe).units), ...values } as Record<
    'width' | 'depth' | 'narrowing',
    number
  >;
  return { ...changed, units: unitsOf(shape) };
}

/** What a recipe says of the parameters of a space, for comparison with what was drawn. */
export function valuesIn(recipe: Recipe, space: SearchSpace): Values {
  const all = { ...recipe, ...(recipe.units && shapeOf(recipe.units)) } as Values;
  return Object.fromEntries(searched(space).map((parameter) => [parameter, all[parameter]]));
}

function shapeOf(units: readonly number[]): Record<'width' | 'depth' | 'narrowing', number> {
  const narrowing = units.length > 1 ? units[1] / units[0] : 1;
  return { width: units[0], depth: units.length, narrowing };
}

function unitsOf({ width, depth, narrowing }: Record<'width' | 'depth' | 'narrowing', number>): number[] {
  const units: number[] = [];
  let exact = width;
  for (let layer = 0; layer < depth; layer++) {
    units.push(Math.max(1, Math.round(exact)));
    exact *= narrowing;
  }
  return units;
}

function between(from: number, to: number, u: number): number {
  const [low, high] = logarithms(from, to);
  return exponential(low + u * (high - low));
}

function logarithms(from: number, to: number): [number, number] {
  return [naturalLogarithm(from), naturalLogarithm(to)];
}

function share(from: number, to: number, value: number): number {
  return to > from ? (value - from) / (to - from) : 0.5;
}

/** Rounding may leave the bounds. */
function within({ from, to }: { readonly from: number; readonly to: number }, value: number): number {
  return Math.min(to, Math.max(from, value));
}
