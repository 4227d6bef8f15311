import { expect, test } from 'vitest';
import { comparisonName, configurationOf, compareCommand, type CompareOptions } from './compareOptions.ts';

function parse(...args: string[]) {
  return configurationOf(compareCommand().parse(args, { from: 'user' }).opts<CompareOptions>());
}

test('the defaults are the recipe of the paper, five seeds', () => {
  expect(parse()).toEqual({
    activations: ['relu', 'tanh'],
    seeds: [1, 2, 3, 4, 5],
    epochs: 10,
    batchSize: 32,
    units: [128, 64, 32],
    optimizer: 'adam',
    learningRate: 0.001,
    dropout: 0,
    validation: 'test',
    quick: false,
  });
});

test('--quick shortens what is not given', () => {
  expect(parse('--quick')).toMatchObject({ seeds: [1, 2], epochs: 3, quick: true });
  expect(parse('--quick', '--seeds', '5', '--epochs', '10')).toMatchObject({
    seeds: [1, 2, 3, 4, 5],
    epochs: 10,
    quick: true,
  });
});

test('the default learning rate is that of the optimizer; names of Keras are taken', () => {
  expect(parse('--optimizer', 'sgd').learningRate).toBe(0.01);
  expect(parse('--optimizer', 'sgd', '--learning-rate', '0.5').learningRate).toBe(0.5);
  expect(parse('--activations', 'leaky_relu, elu').activations).toEqual(['leakyRelu', 'elu']);
});

test('the name of a comparison says what is otherwise than by default, however it was given', () => {
  expect(comparisonName(parse())).toBe('relu-vs-tanh');
  expect(comparisonName(parse('--units', '128,64,32', '--learning-rate', '0.001', '--seeds', '5'))).toBe(
    'relu-vs-tanh',
  );
  expect(comparisonName(parse('--quick'))).toBe('relu-vs-tanh_quick');
  expect(comparisonName(parse('--quick', '--seeds', '5'))).toBe('relu-vs-tanh_quick_seeds-5');
  expect(
    comparisonName(
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
      ),
    ),
  ).toBe('relu-vs-tanh_seeds-30_units-100-50_sgd_dropout-0.2_holdout');
});

test('long names stay below 120 characters and differ where configurations differ', () => {
  const widths = Array<string>(60).fill('128').join();
  const names = [comparisonName(parse('--units', widths)), comparisonName(parse('--units', `${widths},1`))];
  for (const name of names) expect(name.length).toBeLessThanOrEqual(120);
  expect(names[0]).not.toBe(names[1]);
});
