import { expect, test } from 'vitest';
import { inWords, MNIST_WORDS, pictureClass, shortName, wordsAbout, wordsIn } from './dataWords.ts';

const COLOURS = wordsAbout({
  name: 'Things',
  shape: [20, 24, 3],
  classes: ['Sandal', 'A name that is much too long for a tile'],
});

test('MNIST is digits in ink, other data classes as they are; without words it is MNIST', () => {
  expect(MNIST_WORDS).toMatchObject({ isMnist: true, isInk: true, one: 'digit', things: 'digits' });
  expect(wordsIn({})).toBe(MNIST_WORDS);
  expect(COLOURS).toMatchObject({ isMnist: false, isInk: false, one: 'class', many: 'classes' });
  expect(COLOURS.extents).toEqual([20, 24, 3]);
  expect([pictureClass({}), pictureClass({ words: COLOURS })]).toEqual(['digit', 'picture']);
});

test('letters in grey are ink, but no digits', () => {
  const letters = wordsAbout({ name: 'L', shape: [28, 28], classes: ['a', 'b'], shows: 'characters' });
  expect([letters.isInk, letters.one]).toEqual([true, 'class']);
});

test('names in sentences, and cut to 14 characters beside pictures', () => {
  expect([inWords(MNIST_WORDS, 8), inWords(COLOURS, 0)]).toEqual(['the digit 8', 'the class Sandal']);
  expect([shortName(MNIST_WORDS, 8), shortName(COLOURS, 1)]).toEqual(['8', 'A name that i…']);
});
