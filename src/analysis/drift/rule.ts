import type { Effect } from './effect.ts';

/** When traffic counts as drifted; docs/decisions/0024-drift.md says why so. */
export const DRIFT_RULE = {
  /** A window is closed after so many images, the newest; the long one is judged with it, from half its length on. */
  windows: [250, 2000],
  /** An effect alarms where even the end nearest to 0 of its interval of ± so many standard errors is beyond the least that matters. */
  z: 5,
  /** The least effects that matter. */
  least: { classifier: 0.05, confidence: 0.05, inputs: 0.2, classes: 0.01 },
  /** An episode ends after so many windows in a row without an alarm. */
  quiet: 2,
} as const;

/** What tells served images from held-out ones. */
export type DriftKind = keyof typeof DRIFT_RULE.least;

export interface DriftMeasure extends Effect {
  readonly kind: DriftKind;
  /** Of `inputs`, the statistic. */
  readonly statistic?: string;
  readonly label: string;
  readonly alarm: boolean;
}
