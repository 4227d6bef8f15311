import { expect, test } from 'vitest';
import { confidentLearning } from './confidentLearning.ts';
import fixture from './fixtures/labelErrors.json' with { type: 'json' };
import { foundAmongFirst, labelScores, rankByScore } from './ranking.ts';

const predictions = {
  probabilities: Float64Array.from(fixture.probabilities),
  labels: Uint8Array.from(fixture.labels),
  classes: 4,
};

test('thresholds and joint are NumPy’s within 1e-12, the confident joint and its suspects exactly', () => {
  const found = confidentLearning(predictions);
  found.thresholds.forEach((threshold, c) => expect(threshold).toBeCloseTo(fixture.thresholds[c], 12));
  expect(found.confidentJoint).toEqual(fixture.confidentJoint);
  expect([...found.suspect.keys()].filter((i) => found.suspect[i] === 1)).toEqual(fixture.suspects);
  found.joint.flat().forEach((share, k) => expect(share).toBeCloseTo(fixture.joint.flat()[k], 12));
  expect(found.noise).toBeCloseTo(fixture.noise, 12);
});

test('rankings by both scores are NumPy’s', () => {
  const first = (score: 'normalisedMargin' | 'selfConfidence') => [
    ...rankByScore(labelScores(predictions, score)).subarray(0, 50),
  ];
  expect(first('normalisedMargin')).toEqual(fixture.byMargin);
  expect(first('selfConfidence')).toEqual(fixture.bySelfConfidence);
});

test('five images worked by hand: thresholds 0.6 and 0.725, one suspect, one that counts nowhere', () => {
  const hand = {
    probabilities: Float64Array.of(0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.25, 0.75, 0.3, 0.7),
    labels: Uint8Array.of(0, 0, 0, 1, 1),
    classes: 2,
  };
  const { thresholds, confidentJoint, joint, noise, suspect } = confidentLearning(hand);
  expect(thresholds[0]).toBeCloseTo(0.6, 12);
  expect(thresholds[1]).toBeCloseTo(0.725, 12);
  expect(confidentJoint).toEqual([
    [2, 1],
    [0, 1],
  ]);
  expect([...suspect]).toEqual([0, 0, 1, 0, 0]);
  // Row 0: 3 of 5 images, a third of them off the diagonal; row 1: 2 of 5, all on it.
  expect(joint.flat().map((share) => Number(share.toFixed(12)))).toEqual([0.4, 0.2, 0, 0.4]);
  expect(noise).toBeCloseTo(0.2, 12);
  const margins = labelScores(hand, 'normalisedMargin');
  expect(margins[2]).toBeCloseTo((0.2 - 0.8 + 1) / 2, 12);
  expect([...rankByScore(margins)]).toEqual([2, 1, 4, 3, 0]);
});

test('a perfect model doubts nothing; equal scores are ranked by number', () => {
  const labels = Uint8Array.of(0, 1, 2, 0);
  const probabilities = Float64Array.from({ length: 12 }, (_, k) =>
    k % 3 === labels[Math.floor(k / 3)] ? 1 : 0,
  );
  const { noise, suspect } = confidentLearning({ probabilities, labels, classes: 3 });
  expect([noise, ...suspect]).toEqual([0, 0, 0, 0, 0]);
  expect([...rankByScore(labelScores({ probabilities, labels, classes: 3 }, 'selfConfidence'))]).toEqual([
    0, 1, 2, 3,
  ]);
});

test('a class without images or without counts adds no noise and no NaN to the joint', () => {
  const { thresholds, joint, noise } = confidentLearning({
    probabilities: Float64Array.of(0.6, 0.3, 0.1, 0.8, 0.1, 0.1),
    labels: Uint8Array.of(0, 0),
    classes: 3,
  });
  expect(thresholds[1]).toBeNaN();
  expect(joint).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(noise).toBe(0);
});

test('known ones are counted along the ranking', () => {
  expect(foundAmongFirst(Uint32Array.of(4, 2, 0, 1, 3), [2, 1], 4)).toEqual([0, 1, 1, 2]);
});
