import type { Dataset } from '../../data/examples.ts';
import { quantile, mean } from '../../stats/describe.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { drawSample, part, type Sample } from '../adversarial/sample.ts';
import { Target } from '../adversarial/target.ts';
import { checkStopped, nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { inputGradientNorms, type InputGradients } from './inputGradients.ts';
import { localLipschitz, type LipschitzOptions, relativeSlopes } from './lipschitz.ts';
import { measureUnits, type UnitsOfLayer } from './units.ts';

/** A quantity over images: `quantiles` at `QUANTILES`. `n` images have a finite value. */
export interface Spread {
  readonly n: number;
  readonly mean: number;
  readonly quantiles: readonly number[];
}

export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface SensitivityOfSubject extends SubjectName {
  readonly gradients: {
    /** Over all images looked at; see `InputGradients`. */
    readonly loss: Spread;
    readonly margin: Spread;
    readonly distance: Spread | null;
    /** Images at which the answer does not depend on any pixel: a margin's slope of zero. */
    readonly zero: number;
  };
  readonly lipschitz: {
    /** At the images of the smaller sample themselves, and the largest slope found around each. */
    readonly at: Spread;
    readonly around: Spread;
    /** That largest slope over the margin at the image, per unit of change; null where every margin is 0. See `relativeSlopes`. */
    readonly relative: Spread | null;
  };
  /** Of each hidden layer. */
  readonly layers: readonly UnitsOfLayer[];
}

export interface Sensitivity {
  readonly settings: SensitivitySettings;
  readonly testImages: number;
  /** Images of the gradients and units, and of the Lipschitz estimate. */
  readonly images: number;
  readonly lipschitzImages: number;
  readonly subjects: readonly SensitivityOfSubject[];
}

export interface SensitivitySettings {
  /** Test images for gradients and units, at most. */
  readonly images: number;
  readonly lipschitz: Omit<LipschitzOptions, 'names'> & { readonly images: number };
}

/** All of 10,000 images, 2,000 for each of more than six networks; for the Lipschitz estimate 500. */
export function sensitivitySettings(networks: number, quick = false): SensitivitySettings {
  const lipschitz = { radius: 0.5, places: 24, steps: 8, seed: 0 };
  if (quick) return { images: 500, lipschitz: { ...lipschitz, places: 8, images: 50 } };
  return { images: networks <= 6 ? 10_000 : 2_000, lipschitz: { ...lipschitz, images: 500 } };
}

export interface SensitivityOptions {
  /** On much smaller samples, which decide nothing. */
  readonly quick?: boolean;
  /** In place of single settings. */
  readonly settings?: Partial<SensitivitySettings>;
}

const CHUNK = 500;

/** How strongly every network's answer depends on the pixels, and how its hidden units work, on seeded samples of the test images. */
export async function measureSensitivity(
  subjects: readonly Subject[],
  data: { readonly test: Dataset },
  chosen: SensitivityOptions = {},
  work: Work = {},
): Promise<Sensitivity> {
  requireItems('measureSensitivity: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureSensitivity: data', ['test'], data);
  checkOptions('measureSensitivity', ['quick', 'settings'], chosen);
  checkOptions('measureSensitivity: work', ['signal', 'onProgress'], work);
  const { test } = data;
  const { quick = false, settings: changed = {} } = chosen;
  const settings = { ...sensitivitySettings(subjects.length, quick), ...changed };
  const { lipschitz: options } = settings;
  const sample = drawSample(test, settings.images, options.seed);
  const small = drawSample(test, options.images, options.seed);
  const measured: SensitivityOfSubject[] = [];
  for (const subject of subjects) {
    const { model } = subject;
    const target = new Target(model);
    const progress = (share: number) => work.onProgress?.((measured.length + share) / subjects.length);
    const norms = await gradientsOf(target, sample, work, (share) => progress(0.5 * share));
    const layers = measureUnits(model, {
      data: Uint8Array.from(sample.images),
      shape: [sample.labels.length, target.pixels],
    });
    const { margin: at, lead } = inputGradientNorms(target, small.images, small.labels);
    const around = await localLipschitz(
      target,
      small.images,
      small.labels,
      { ...options, names: small.indices },
      { ...work, onProgress: (share) => progress(0.5 + 0.5 * share) },
    );
    const relative = relativeSlopes(around, lead);
    const reachable = norms.distance.filter((distance) => distance < Infinity);
    measured.push({
      ...nameOf(subject),
      gradients: {
        loss: spreadOf(norms.loss),
        margin: spreadOf(norms.margin),
        distance: reachable.length === 0 ? null : spreadOf(reachable),
        zero: norms.margin.length - reachable.length,
      },
      lipschitz: {
        at: spreadOf(at),
        around: spreadOf(around),
        relative: relative.length === 0 ? null : spreadOf(relative),
      },
      layers,
    });
  }
  return {
    settings,
    testImages: test.labels.length,
    images: sample.labels.length,
    lipschitzImages: small.labels.length,
    subjects: measured,
  };
}

/** In pieces, between which others get their turn. */
async function gradientsOf(
  target: Target,
  sample: Sample,
  work: Work,
  progress: (share: number) => void,
): Promise<Pick<InputGradients, 'loss' | 'margin' | 'distance'>> {
  const n = sample.labels.length;
  const all = { loss: new Float64Array(n), margin: new Float64Array(n), distance: new Float64Array(n) };
  for (let first = 0; first < n; first += CHUNK) {
    checkStopped(work);
    const rows = Array.from({ length: Math.min(CHUNK, n - first) }, (_, k) => first + k);
    const { images, labels } = part(sample, rows);
    const norms = inputGradientNorms(target, images, labels);
    for (const name of ['loss', 'margin', 'distance'] as const) all[name].set(norms[name], first);
    progress((first + rows.length) / n);
    await yieldToEvents();
  }
  return all;
}

function spreadOf(values: Float64Array): Spread {
  return {
    n: values.length,
    mean: mean(values),
    quantiles: QUANTILES.map((p) => quantile(values, p)),
  };
}
