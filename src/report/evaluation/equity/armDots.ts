import type { LegendItem } from '../../figures/figure.ts';
import type { Theme } from '../../theme.ts';
import type { IntervalDot } from './intervalRows.ts';

/** What an arm brings to a figure of dots with intervals. */
interface DrawnArm {
  readonly label: string;
  colourIn(theme: Theme): string;
}

/** A share as a dot in percent; none where there is no share. */
export function percentDot(
  share: number | null,
  interval: readonly [low: number, high: number] | null,
  dot: Pick<IntervalDot, 'colour' | 'filled' | 'note'>,
): IntervalDot[] {
  if (share === null) return [];
  return [{ x: 100 * share, interval: interval && [100 * interval[0], 100 * interval[1]], ...dot }];
}

export function armLegend(arms: readonly DrawnArm[], theme: Theme): LegendItem[] {
  return arms.map((arm) => ({ kind: 'mark', label: arm.label, colour: arm.colourIn(theme), shape: 'dot' }));
}

/** The dashed lines, an arm’s value of everything together, in the legend. */
export function referenceLegend(what: string, { ink }: Theme): LegendItem {
  return { kind: 'line', label: `the same, ${what}`, colour: ink, width: 1.25, dash: '4,3' };
}

/** Arm by arm, by name where there are several. */
export function armByArm<A extends DrawnArm>(arms: readonly A[], text: (arm: A) => string): string {
  return arms.map((arm) => `${arms.length > 1 ? `${arm.label} ` : ''}${text(arm)}`).join(', ');
}
