import { expect, test } from 'vitest';
import { stratifiedHoldout } from '../../../data/splits/holdout.ts';
import { Random } from '../../../util/random.ts';
import { CLASSES, fixture, predictions, top } from '../fixtures/case.ts';
import { crossFitted, type Scored, take } from '../folds.ts';
import { measureSets, type SetMethod } from './measureSets.ts';
import { rapsScores, tuneRaps } from './raps.ts';
import { addCounts, conformalQuantile, countSets, ownScores } from './sets.ts';

const scored: Scored = {
  ...predictions,
  logits: Float64Array.from(fixture.logits),
  top,
  groups: Uint8Array.from(fixture.groups),
  uniforms: Float64Array.from(fixture.uniforms),
};
const FIRST = Uint32Array.from({ length: 200 }, (_, i) => i);
const SECOND = Uint32Array.from({ length: 204 }, (_, i) => 200 + i);
const folds = crossFitted(scored, [FIRST, SECOND]);
const ALPHAS = [0.1, 0.02];
const options = { groupCount: 2, byGroup: true, seed: 4 };
const measured = measureSets(folds.slice(0, 1), ALPHAS, options);
const of = (method: SetMethod, alpha: number, all = measured) =>
  all.find((one) => one.method === method && one.alpha === alpha)!;

test('LAC, randomised APS, and LAC by class and by population: sizes and coverage of NumPy, exact', () => {
  ALPHAS.forEach((alpha, a) => {
    for (const method of ['lac', 'aps'] as const) {
      const { sizes, covered } = of(method, alpha);
      expect([method, sizes, covered]).toEqual([
        method,
        fixture[method][a].sizes,
        fixture[method][a].covered,
      ]);
    }
    const byClass = of('lac-by-class', alpha);
    expect(byClass.sizes).toEqual(fixture.lac[a].mondrianSizes);
    expect(byClass.byClass.map(({ covered }) => covered)).toEqual(fixture.lac[a].mondrianCovered);
    const byPopulation = of('lac-by-population', alpha);
    expect(byPopulation.sizes).toEqual(fixture.byPopulation[a].sizes);
    expect(byPopulation.byGroup.map(({ covered }) => covered)).toEqual(fixture.byPopulation[a].covered);
  });
});

test('RAPS: λ and k from a stratified fifth of the calibration images, the quantile from the others', () => {
  const [{ calibration, evaluation }] = folds;
  const random = new Random(4, 'calibration/raps');
  const { rest, holdout } = stratifiedHoldout(calibration.labels, 40, random);
  const [tuning, fitting] = [take(calibration, holdout), take(calibration, rest)];
  const alphas = [0.3, 0.2, 0.1, 0.05, 0.02];
  const all = measureSets(folds.slice(0, 1), alphas, options);
  let others = 0;
  for (const alpha of alphas) {
    const penalty = tuneRaps(tuning, tuning.uniforms, alpha);
    const { lambda, k } = tuneRaps(fitting, fitting.uniforms, alpha);
    if (lambda !== penalty.lambda || k !== penalty.k) others++;
    const scores = (part: Scored) => rapsScores(part.probabilities, CLASSES, part.uniforms, penalty);
    const quantile = conformalQuantile(ownScores(scores(fitting), fitting.labels, CLASSES), alpha);
    const { penalties, sizes, covered } = of('raps', alpha, all);
    expect(penalties).toEqual([penalty]);
    const expected = countSets(scores(evaluation), evaluation, () => quantile, 2);
    expect({ sizes, covered }).toEqual({ sizes: expected.sizes, covered: expected.covered });
  }
  // The rest of the images would have chosen otherwise.
  expect(others).toBeGreaterThan(0);
});

test('folds add up, and each is judged by the other one’s quantiles', () => {
  const both = measureSets(folds, ALPHAS, options);
  const second = measureSets(folds.slice(1), ALPHAS, options);
  for (const { method, alpha, penalties: _, ...counts } of both) {
    const { method: _m, alpha: _a, penalties: _p, ...a } = of(method, alpha);
    const { method: _n, alpha: _b, penalties: _q, ...b } = of(method, alpha, second);
    expect(counts).toEqual(addCounts(a, b));
  }
  expect(of('raps', 0.1, both).penalties).toHaveLength(2);
});

test('without known populations there are no sets by population', () => {
  const methods = measureSets(folds, [0.1], { ...options, byGroup: false }).map(({ method }) => method);
  expect(methods).toEqual(['lac', 'aps', 'raps', 'lac-by-class']);
});
