import { studentInterval } from '../../../stats/student.ts';
import { capitalised, percent, points } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { type IntervalRow, intervalsFigure } from '../intervalsFigure.ts';
import { type Drawings, drawnArms, networksText, type ShownArm, unitsText } from './words.ts';

/** Each arm on the test images and on the drawings. */
export function accuracyFigure(drawings: Drawings, context: FigureContext): Figure {
  return intervalsFigure(
    {
      name: 'drawings-accuracy',
      title: 'Read correctly: test images, and digits that other people drew',
      subtitle: `${capitalised(networksText(drawings))}; 95\u00a0% intervals of the drawings over ${unitsText(drawings)}, of the test images over seeds.`,
      rows: drawnArms(drawings).flatMap((arm) => [testRow(arm), drawnRow(arm)]),
      axis: 'share read correctly',
      write: (value) => percent(value, 1),
      zero: false,
    },
    context,
  );
}

function testRow({ label, colour, networks }: ShownArm): IntervalRow {
  const shares = networks.map(({ testError }) => 1 - testError);
  const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length;
  const range = shares.length < 2 ? { low: null, high: null } : studentInterval(shares);
  return { label: `${label}, test`, mean, low: range.low, high: range.high, colour };
}

function drawnRow({ label, colour, error: { rate, interval } }: ShownArm): IntervalRow {
  return {
    label: `${label}, drawings`,
    mean: 1 - (rate ?? 1),
    low: interval && 1 - interval[1],
    high: interval && 1 - interval[0],
    colour,
  };
}

/** What the first arm has over each other one. */
export function differencesFigure(drawings: Drawings, context: FigureContext): Figure {
  const arms = drawnArms(drawings);
  const labelOf = (name: string): string | undefined => arms.find(({ arm }) => arm === name)?.label;
  const [first] = arms;
  const shown = drawings.differences.flatMap((one) => {
    const other = labelOf(one.second);
    return other === undefined ? [] : [{ ...one, other }];
  });
  const several = shown.length > 1;
  return intervalsFigure(
    {
      name: 'drawings-differences',
      title: `${first.label} minus ${several ? 'each other arm' : shown[0].other} on the drawings`,
      subtitle: `Paired by seed; 95\u00a0% intervals over ${unitsText(drawings)}. Lost: what is read of the test images less what is read of the drawings.`,
      rows: shown.flatMap(({ other, error, loss }) => [
        {
          label: several ? `${other}: read` : 'read correctly',
          mean: error.mean,
          low: error.low,
          high: error.high,
        },
        // The loss of the second less that of the first, so that it is turned round.
        { label: several ? `${other}: lost` : 'lost', mean: -loss.mean, low: -loss.high, high: -loss.low },
      ]),
      axis: 'percentage points',
      write: (value) => points(value, 2).replace('\u00a0points', ''),
      zero: true,
    },
    context,
  );
}
