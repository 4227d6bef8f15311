import { expect, test } from 'vitest';
import type { Evaluation } from '../../study/evaluation/record.ts';
import { evaluationAnswer } from './deciders.ts';

/** An arm for each accuracy, of one network on 10,000 images, each class as often right. */
function evaluation(accuracies: Readonly<Record<string, number>>): Evaluation {
  const names = Object.keys(accuracies);
  const subjects = names.map((arm) => {
    const right = 1000 * accuracies[arm];
    const confusion = Array.from({ length: 10 }, (_, t) =>
      Array.from({ length: 10 }, (__, p) => (p === t ? right : p === (t + 1) % 10 ? 1000 - right : 0)),
    );
    return { arm, accuracy: accuracies[arm], mnist: null, confusion };
  });
  return {
    data: { own: false },
    arms: names.map((name) => ({ name, label: name, activation: name.toLowerCase() })),
    parts: [{ part: 'answers', result: { images: 10_000, subjects } }],
  } as unknown as Evaluation;
}

test('the lead names the arm of which one image in so many is misread, and the worst; arms alike need no name', () => {
  const poor = evaluationAnswer(evaluation({ ReLU: 0.656, Tanh: 0.802 }));
  expect(poor).toMatch(
    /With Tanh about one image in 5 is misread: too many .* again\. With ReLU about one image in 3 is misread\.$/,
  );
  const good = evaluationAnswer(evaluation({ ReLU: 0.98, Tanh: 0.95 }));
  expect(good).toMatch(
    /With ReLU about one image in 50 is misread\. .* With Tanh about one image in 20 is misread\.$/,
  );
  expect(evaluationAnswer(evaluation({ ReLU: 0.98, Tanh: 0.98 }))).toMatch(
    /correctly, by one network each\. About one/,
  );
  expect(evaluationAnswer(evaluation({ ReLU: 1, Tanh: 0.98 }))).toMatch(
    /ReLU: None of these .* With Tanh about one image in 50 is misread\.$/,
  );
  expect(evaluationAnswer(evaluation({ ReLU: 0.98, Tanh: 0.8 }))).toMatch(
    /ReLU: About .* Tanh: About one image in 5/,
  );
});

test('of a single arm the name tells nothing, and is left out', () => {
  expect(evaluationAnswer(evaluation({ network: 0.864 }))).toMatch(
    /^86\.40\s% (?:\([^)]*\) )?of the [\d,]+ test images are read correctly/,
  );
});
