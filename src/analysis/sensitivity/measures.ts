import { nameOf, type SubjectName } from '../subject.ts';
import { requireFields } from '../../util/options.ts';
import { QUANTILES, type Sensitivity, type SensitivityOfSubject } from './measure.ts';
import type { UnitsOfLayer } from './units.ts';

const MEDIAN = QUANTILES.indexOf(0.5);

/** What claims of sensitivity are judged by, of one network. */
export interface SensitivityMeasures extends SubjectName {
  /** Mean ‖∇ loss‖₂: nats per unit of change of the image. */
  readonly gradientNorm: number;
  /** Mean of the largest slopes of the margin found around images: logits per unit. */
  readonly lipschitz: number;
  /** Median of those slopes over the margin at the image: per unit, whatever the scale of the outputs; null where every margin is 0. */
  readonly relativeSlope: number | null;
  /** Shares of the outputs of hidden units that are flat, and of dead hidden units; null where no activation has a slope of its own. */
  readonly saturatedShare: number | null;
  readonly deadShare: number | null;
}

export function sensitivityMeasures(sensitivity: Sensitivity): SensitivityMeasures[] {
  requireFields('sensitivityMeasures: sensitivity', ['subjects'], sensitivity);
  const { subjects } = sensitivity;
  return subjects.map((subject) => ({
    ...nameOf(subject),
    gradientNorm: subject.gradients.loss.mean,
    lipschitz: subject.lipschitz.around.mean,
    relativeSlope: medianRelativeSlope(subject),
    saturatedShare: flatShare(subject),
    deadShare: deadShare(subject),
  }));
}

export function medianRelativeSlope({
  lipschitz: { relative },
}: Pick<SensitivityOfSubject, 'lipschitz'>): number | null {
  return relative && relative.quantiles[MEDIAN];
}

/** Of all outputs of hidden units; every unit of every layer counts the same. */
export function flatShare({ layers }: Pick<SensitivityOfSubject, 'layers'>): number | null {
  return overUnits(layers, ({ low, high, units }) =>
    low === null || high === null ? null : (low + high) * units,
  );
}

export function deadShare({ layers }: Pick<SensitivityOfSubject, 'layers'>): number | null {
  return overUnits(layers, ({ dead }) => dead);
}

function overUnits(
  layers: readonly UnitsOfLayer[],
  of: (layer: UnitsOfLayer) => number | null,
): number | null {
  let [sum, units] = [0, 0];
  for (const layer of layers) {
    const value = of(layer);
    if (value === null) continue;
    sum += value;
    units += layer.units;
  }
  return units === 0 ? null : sum / units;
}
