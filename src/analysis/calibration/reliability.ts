import { quantile } from '../../stats/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { requireFields, requireNumber } from '../../util/options.ts';
import { checkTopLabel, type TopLabel } from './predictions.ts';

/** Images whose confidence lies in (low, high]. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** How many are read right. */
  readonly correct: number;
  /** Their mean confidence. */
  readonly confidence: number;
}

/** As many bins as usual (Guo et al. 2017). */
export const BINS = 15;

/**
 * The reliability diagram of the most probable class: bins of equal width over [0, 1]. The ends belong to the bin below;
 * bins without images are left out.
 */
export function reliabilityDiagram(top: TopLabel, bins = BINS): ReliabilityBin[] {
  requireFields('reliabilityDiagram: top', ['confidence', 'correct'], top);
  requireNumber('reliabilityDiagram: bins', bins);
  requireBins(bins);
  checkTopLabel(top, 'A reliability diagram');
  return binned(top, equalWidthEdges(bins));
}

/** 0, 1/bins, … 1. */
export function equalWidthEdges(bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, k) => k / bins);
}

/**
 * Bins with nearly the same number of images each: their ends are the k/`bins` quantiles of the confidences. Equal
 * confidences are never parted, so there may be fewer bins, and larger ones.
 */
export function equalMassDiagram(top: TopLabel, bins = BINS): ReliabilityBin[] {
  requireFields('equalMassDiagram: top', ['confidence', 'correct'], top);
  requireNumber('equalMassDiagram: bins', bins);
  requireBins(bins);
  checkTopLabel(top, 'A reliability diagram');
  const sorted = top.confidence.slice().sort();
  return binned(
    top,
    Array.from({ length: bins + 1 }, (_, k) => quantile(sorted, k / bins)),
  );
}

function requireBins(bins: number): void {
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 256)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A reliability diagram: expected from 1 to 256 bins, received ${bins}.`,
    );
  }
}

function binned({ confidence, correct }: TopLabel, edges: readonly number[]): ReliabilityBin[] {
  const { bins, binOf } = assignBins(confidence, edges);
  const found = Array.from({ length: bins }, () => ({ count: 0, correct: 0, sum: 0 }));
  for (let i = 0; i < confidence.length; i++) {
    const bin = found[binOf[i]];
    bin.count++;
    bin.correct += correct[i];
    bin.sum += confidence[i];
  }
  return found.flatMap(({ count, correct: right, sum }, k) =>
    count === 0
      ? []
      : [{ low: edges[k], high: edges[k + 1], count, correct: right, confidence: sum / count }],
  );
}

/** The bin of each value: how many inner edges are below it. */
export function assignBins(
  values: Float64Array,
  edges: readonly number[],
): { readonly bins: number; readonly binOf: Uint8Array } {
  const bins = edges.length - 1;
  const binOf = Uint8Array.from(values, (value) => {
    let low = 1;
    let high = bins;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  });
  return { bins, binOf };
}
