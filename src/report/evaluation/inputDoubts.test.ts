import { expect, test } from 'vitest';
import type { InputLook, SubjectLook } from '../../analysis/inputs/look.ts';
import type { Evaluation } from '../../study/evaluation/record.ts';
import { inputDoubts } from './inputDoubts.ts';

const SUBJECT: SubjectLook = {
  arm: 'relu',
  activation: 'relu',
  seed: 1,
  hash: '',
  accuracy: 0.9,
  logLoss: 0.4,
  variants: { inverted: 0.1, transposed: 0.2, both: 0.1, stretched: 0.9 },
  labels: { tooHigh: 0.1, tooLow: 0.1, ofImageBefore: 0.1, ofImageAfter: 0.1 },
  input: [0, 1],
  scaled: null,
};

function doubtsOf(subject: Partial<SubjectLook>, look: Partial<InputLook> = {}) {
  const result: InputLook = {
    images: 1_000,
    meanPixel: 33,
    trainMeanPixel: 33,
    largestPixel: 255,
    blank: 0,
    classes: new Array<number>(10).fill(100),
    sample: 1_000,
    subjects: [{ ...SUBJECT, ...subject }],
    ...look,
  };
  return inputDoubts({
    parts: [{ part: 'inputs', result }],
    arms: [{ name: 'relu', label: 'ReLU' }],
  } as unknown as Evaluation).map(({ spoils, seen }) => ({ spoils, seen }));
}

type Score = Pick<SubjectLook, 'accuracy' | 'logLoss'>;
const scales = (first: Score, others: Score): NonNullable<SubjectLook['scaled']> => ({
  'from 0 to 1': first,
  'from −1 to 1': others,
  'less .1307, over .3081': others,
});

test('nothing is doubted of images as they should be', () => {
  expect(doubtsOf({})).toEqual([]);
});

test('the gravest doubt comes first: what spoils the answers, then the probabilities, then remarks', () => {
  const scale = { accuracy: 0.15, logLoss: 0.2 };
  const doubts = doubtsOf(
    {
      accuracy: 0.1,
      variants: { ...SUBJECT.variants, inverted: 0.9 },
      scaled: scales(scale, { accuracy: 0.1, logLoss: 9 }),
    },
    { classes: [111, 111, 111, 0, 111, 111, 111, 111, 111, 112] },
  );
  expect(doubts.map(({ spoils }) => spoils)).toEqual(['answers', 'probabilities', 'nothing']);
  expect(doubts[0].seen).toContain('white and black are exchanged');
  expect(doubts[2].seen).toBe('There is no image of the class 3.');
});

test('a network without a Rescaling that does best with the pixels it gets is not doubted', () => {
  const worse = { accuracy: 0.3, logLoss: 2 };
  const better = { accuracy: 0.95, logLoss: 0.2 };
  expect(doubtsOf({ scaled: scales(worse, worse) })).toEqual([]);
  expect(doubtsOf({ scaled: scales(better, worse) }).map(({ spoils }) => spoils)).toEqual(['probabilities']);
});
