import { adversarialMeasures } from '../../analysis/adversarial/measures.ts';
import { robustnessMeasures } from '../../analysis/robustness/measures.ts';
import { sensitivityMeasures } from '../../analysis/sensitivity/measures.ts';
import type { NetworkMeasures } from './networkMeasures.ts';
import { resultsOfPart, type Evaluation } from './record.ts';

/** The measures of the networks of a study by the keys of their trials; empty for a quick evaluation, whose samples decide nothing. */
export function measuresOf(evaluation: Evaluation): ReadonlyMap<string, NetworkMeasures> {
  const measures = new Map<string, NetworkMeasures>();
  if (evaluation.quick || evaluation.data.own) return measures;
  const trials = new Map(
    evaluation.networks.flatMap(({ arm, seed, hash, trial }) =>
      trial === null ? [] : [[`${arm}/${seed}/${hash}`, trial] as const],
    ),
  );
  const add = (
    subjects: readonly { arm: string; seed: number; hash: string }[],
    of: (k: number) => NetworkMeasures,
  ): void => {
    subjects.forEach(({ arm, seed, hash }, k) => {
      const trial = trials.get(`${arm}/${seed}/${hash}`);
      if (trial !== undefined) measures.set(trial, { ...measures.get(trial), ...of(k) });
    });
  };
  for (const { subjects } of resultsOfPart(evaluation, 'answers')) {
    add(subjects, (k) => {
      const { accuracy, mnist } = subjects[k];
      return { accuracy, ...(mnist && { corrected: mnist.corrected }) };
    });
  }
  for (const result of resultsOfPart(evaluation, 'robustness')) {
    const each = robustnessMeasures(result);
    add(each, (k) => {
      const { suiteAccuracy, shiftedAccuracy, noiseAccuracy } = each[k];
      return { suite: suiteAccuracy, shifted: shiftedAccuracy, noise: noiseAccuracy };
    });
  }
  for (const result of resultsOfPart(evaluation, 'adversarial')) {
    const each = adversarialMeasures(result);
    add(each, (k) => ({ adversarial: each[k].adversarialAccuracy }));
  }
  for (const result of resultsOfPart(evaluation, 'sensitivity')) {
    const each = sensitivityMeasures(result);
    add(each, (k) => {
      const { gradientNorm, relativeSlope } = each[k];
      return { gradientNorm, ...(relativeSlope !== null && { relativeSlope }) };
    });
  }
  return measures;
}
