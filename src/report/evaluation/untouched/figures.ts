import type { Untouched } from '../../../analysis/untouched/measure.ts';
import { studentInterval } from '../../../stats/student.ts';
import { capitalised, percent, points } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { type IntervalRow, intervalsFigure } from '../intervalsFigure.ts';
import { MOST_DRAWN, networksText, type ShownArm, shownArms, unitsText } from './words.ts';

/** Each arm on the published images and on those that nobody tuned on. */
export function accuracyFigure(untouched: Untouched, context: FigureContext): Figure {
  return intervalsFigure(
    {
      name: 'untouched-accuracy',
      title: 'Read correctly: published test images, and those that nobody tuned on',
      subtitle: `${capitalised(networksText(untouched))}; 95\u00a0% intervals over ${unitsText(untouched)}, of the published images over seeds.`,
      rows: shownArms(untouched)
        .slice(0, MOST_DRAWN)
        .flatMap((arm) => [testRow(arm), ownRow(arm)]),
      axis: 'share read correctly',
      write: (value) => percent(value, 2),
      zero: false,
    },
    context,
  );
}

function testRow({ label, colour, networks, testAccuracy }: ShownArm): IntervalRow {
  const shares = networks.map((network) => network.testAccuracy);
  const range = shares.length < 2 ? { low: null, high: null } : studentInterval(shares);
  return { label: `${label}, published`, mean: testAccuracy, low: range.low, high: range.high, colour };
}

function ownRow({ label, colour, accuracy, error: { interval } }: ShownArm): IntervalRow {
  const [low, high] = interval === null ? [null, null] : [1 - interval[1], 1 - interval[0]];
  return { label: `${label}, untouched`, mean: accuracy, low, high, colour };
}

/** What the first arm has over each other one, there and here. */
export function gainsFigure(untouched: Untouched, context: FigureContext): Figure {
  const labels = new Map(shownArms(untouched).map(({ arm, label }) => [arm, label]));
  const shown = untouched.differences.slice(0, MOST_DRAWN - 1);
  const several = shown.length > 1;
  const other = (second: string): string => labels.get(second)!;
  return intervalsFigure(
    {
      name: 'untouched-gains',
      title: `${labels.get(untouched.differences[0].first)} minus ${several ? 'each other arm' : other(shown[0].second)}`,
      subtitle: `Paired by seed; 95\u00a0% intervals over ${unitsText(untouched)}, the published images being given. Change: the difference on the untouched images less that on the published ones.`,
      rows: shown.flatMap(({ second, test, accuracy, change }) => {
        const prefix = several ? `${other(second)}: ` : '';
        return [
          { label: `${prefix}published`, mean: test, low: null, high: null },
          { label: `${prefix}untouched`, ...accuracy },
          { label: `${prefix}change`, ...change },
        ];
      }),
      axis: 'percentage points',
      write: (value) => points(value, 2).replace('\u00a0points', ''),
      zero: true,
    },
    context,
  );
}
