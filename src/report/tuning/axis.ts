import { type Distribution, type Parameter } from '../../study/tuning/space.ts';
import { positionOf } from '../../study/tuning/sample.ts';
import { valueText } from './facts.ts';

/** One axis of parallel coordinates, 0 at its foot and 1 at its head. */
export interface ValueAxis {
  position(value: number | string | null): number;
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
}

const MOST_TICKS = 5;

/** The axis of a parameter as it was searched: logarithmic where that was, one place for each choice. `values`: those to be drawn. */
export function axisOf(
  parameter: Parameter,
  distribution: Distribution,
  values: readonly (number | string)[],
): ValueAxis {
  const text = (value: number | string): string => valueText(parameter, value);
  if (distribution.kind === 'choice') {
    const places = sorted([...new Set([...distribution.values, ...values])]);
    const position = (value: number | string | null): number => middle(places.indexOf(value!), places.length);
    return { position, ticks: places.map((value) => ({ y: position(value), text: text(value) })) };
  }
  const { from, to } = distribution;
  const position = (value: number | string | null): number => positionOf(distribution, value as number);
  if (distribution.kind === 'integer' && to - from < MOST_TICKS) {
    const all = Array.from({ length: to - from + 1 }, (_, k) => from + k);
    return { position, ticks: all.map((value) => ({ y: position(value), text: text(value) })) };
  }
  return {
    position,
    ticks: [from, ...inner(distribution), to].map((value) => ({ y: position(value), text: text(value) })),
  };
}

/** Powers of ten or of two where the axis is logarithmic, else the middle. */
function inner({ kind, from, to }: Exclude<Distribution, { kind: 'choice' }>): number[] {
  if (kind === 'uniform') return [(from + to) / 2];
  if (kind === 'integer') return [Math.round((from + to) / 2)];
  const base = to / from >= 30 ? 10 : 2;
  const ticks: number[] = [];
  for (let tick = base === 10 ? 1e-12 : 1 / 1024; tick < to; tick *= base) {
    const value = Number(tick.toPrecision(6));
    if (value > 1.3 * from && value < to / 1.3) ticks.push(value);
  }
  return ticks;
}

function sorted(values: (number | string)[]): (number | string)[] {
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
}

function middle(place: number, count: number): number {
  return (place + 0.5) / count;
}
