import { expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { DEFAULT_RULES, Study } from '../study/configuration.ts';
import { PAPER_RECIPE } from '../study/recipe.ts';
import { comparisonStudy, compareCommand, type CompareOptions } from './compareOptions.ts';

function parse(...args: string[]): Study {
  return comparisonStudy(compareCommand().parse(args, { from: 'user' }).opts<CompareOptions>());
}

test('the defaults are the recipe of the paper, six seeds', () => {
  expect(parse()).toEqual({
    name: 'relu-vs-tanh',
    question: 'Which of relu, tanh reaches the highest test accuracy?',
    arms: [
      { name: 'relu', recipe: { ...PAPER_RECIPE, activation: 'relu' } },
      { name: 'tanh', recipe: { ...PAPER_RECIPE, activation: 'tanh' } },
    ],
    seeds: [1, 2, 3, 4, 5, 6],
    split: { kind: 'test' },
    rules: DEFAULT_RULES,
    quick: false,
  });
  expect(PAPER_RECIPE).toMatchObject({
    epochs: 10,
    batchSize: 32,
    units: [128, 64, 32],
    optimizer: 'adam',
    learningRate: 0.001,
    dropout: 0,
  });
});

test('--quick shortens what is not given', () => {
  const epochs = ({ arms }: Study): number[] => arms.map(({ recipe }) => recipe.epochs);
  const quick = parse('--quick');
  expect(quick).toMatchObject({ seeds: [1, 2], quick: true });
  expect(epochs(quick)).toEqual([3, 3]);
  const longer = parse('--quick', '--seeds', '5', '--epochs', '10');
  expect(longer).toMatchObject({ seeds: [1, 2, 3, 4, 5], quick: true });
  expect(epochs(longer)).toEqual([10, 10]);
});

test('the default learning rate is that of the optimizer; names of Keras are taken', () => {
  const rate = (...args: string[]): number => parse(...args).arms[1].recipe.learningRate;
  expect(rate('--optimizer', 'sgd')).toBe(0.01);
  expect(rate('--optimizer', 'sgd', '--learning-rate', '0.5')).toBe(0.5);
  expect(parse('--activations', 'leaky_relu, elu').arms.map(({ name }) => name)).toEqual([
    'leakyRelu',
    'elu',
  ]);
});

test('the name of a comparison says what is otherwise than by default, however it was given', () => {
  expect(parse().name).toBe('relu-vs-tanh');
  expect(parse('--units', '128,64,32', '--learning-rate', '0.001', '--seeds', '6').name).toBe('relu-vs-tanh');
  expect(parse('--quick').name).toBe('relu-vs-tanh_quick');
  expect(parse('--seeds', '5').name).toBe('relu-vs-tanh_seeds-5');
  expect(parse('--quick', '--seeds', '5').name).toBe('relu-vs-tanh_quick_seeds-5');
  expect(
    parse(
      '--seeds',
      '30',
      '--units',
      '100,50',
      '--optimizer',
      'sgd',
      '--dropout',
      '0.2',
      '--validation',
      'holdout',
    ).name,
  ).toBe('relu-vs-tanh_seeds-30_units-100-50_sgd_dropout-0.2_holdout');
});

test('long names stay below 120 characters and differ where configurations differ', () => {
  const widths = Array<string>(60).fill('128').join();
  const names = [parse('--units', widths).name, parse('--units', `${widths},1`).name];
  for (const name of names) expect(name.length).toBeLessThanOrEqual(120);
  expect(names[0]).not.toBe(names[1]);
});

test.each([
  [],
  ['--activations', 'leakyRelu,softplus,linear'],
  ['--learning-rate', '1e30'],
  ['--learning-rate', '1e-9', '--dropout', '0.25', '--quick', '--validation', 'holdout'],
  ['--units', Array<string>(60).fill('128').join()],
])('what the options say is a study that can be kept: %j', (...args) => {
  expect([...Value.Errors(Study, parse(...args))]).toEqual([]);
});
