import type { Closed } from '../../analysis/drift/observed.ts';
import { certainly, intervalOf } from '../../analysis/drift/effect.ts';
import { type DriftKind, DRIFT_RULE } from '../../analysis/drift/rule.ts';

/** An effect as it is shown, with its interval of 95 %. */
export interface ShownEffect {
  readonly kind: DriftKind;
  readonly statistic?: string;
  readonly label: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** How much of the effect is certain, over the least that matters: above 1 it alarms. */
  readonly weight: number;
  readonly alarm: boolean;
}

/** What is kept of a closed window. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alarm: boolean;
  readonly windows: readonly { readonly images: number; readonly effects: readonly ShownEffect[] }[];
  /** Without labels, of the longest window, with its interval of 95 %. */
  readonly accuracy: { readonly estimate: number; readonly low: number; readonly high: number };
}

const Z95 = 1.959964;

export function pointOf(
  closed: Closed,
  at: number,
  accuracy: { readonly estimate: number; readonly standardError: number },
): Point {
  return {
    at,
    alarm: closed.alarm,
    windows: closed.windows.map(({ images, measures }) => ({
      images,
      effects: measures.map(({ standardError, ...measure }) => ({
        ...measure,
        ...rounded(intervalOf({ ...measure, standardError }, Z95)),
        estimate: round(measure.estimate),
        weight: round(
          certainly({ ...measure, standardError }, DRIFT_RULE.z) / DRIFT_RULE.least[measure.kind],
        ),
      })),
    })),
    accuracy: { estimate: round(accuracy.estimate), ...rounded(share(intervalOf(accuracy, Z95))) },
  };
}

function share({ low, high }: { low: number; high: number }): { low: number; high: number } {
  return { low: Math.max(0, low), high: Math.min(1, high) };
}

function rounded({ low, high }: { low: number; high: number }): { low: number; high: number } {
  return { low: round(low), high: round(high) };
}

/** Five significant digits: a point is kept as text. */
function round(x: number): number {
  return Number(x.toPrecision(5));
}
