import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DactylError } from '../../util/errors.ts';
import { parseStudy } from '../studyFile.ts';
import { budgetOf } from './halving.ts';
import { parseTuning } from './tuningFile.ts';

/** Eleven lines: recipe on 4, arms on 5, learningRate on 7, batchSize on 8, configurations on 10. */
const GOOD = `{
  "name": "small",
  "question": "Which?",
  "recipe": { "l2": 0 },
  "arms": { "relu": {}, "tanh": { "activation": "tanh" } },
  "space": {
    "learningRate": { "kind": "logUniform", "from": 0.0001, "to": 0.01 },
    "batchSize": { "kind": "choice", "values": [16, 32] }
  },
  "configurations": 4, "rungs": [1, 2]
}`;

function refusal(text: string, parse: (text: string, file: string) => unknown = parseTuning): string {
  try {
    parse(text, 'my.json');
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_FORMAT') return error.message;
    throw error;
  }
  throw new Error('not refused');
}

test('a search as it stands in a file, with what it leaves out', () => {
  const { arms, configurations, reduction, objective, seed, confirmation, quick } = parseTuning(
    GOOD,
    'my.json',
  );
  expect(arms.map(({ name, recipe }) => [name, recipe.activation, recipe.epochs, recipe.units])).toEqual([
    ['relu', 'relu', 2, [128, 64, 32]],
    ['tanh', 'tanh', 2, [128, 64, 32]],
  ]);
  expect({ configurations, reduction, objective, seed, confirmation, quick }).toEqual({
    configurations: 4,
    reduction: 3,
    objective: 'val_accuracy',
    seed: 1,
    confirmation: 10,
    quick: false,
  });
});

test('studies/tuning.json is a search, names its schema, and gives each arm 342 epochs', () => {
  const text = readFileSync('studies/tuning.json', 'utf8');
  expect(budgetOf(parseTuning(text, 'tuning.json')).epochs).toBe(342);
  expect((JSON.parse(text) as { $schema: string }).$schema).toBe('../schemas/tuning.schema.json');
});

test('a study and a search are told apart, each with the command that runs it', () => {
  expect(refusal(GOOD, parseStudy)).toMatch(
    /line 6: "space" makes this a search; run it with dactyl tune my\.json\.$/,
  );
  const study = '{\n"name": "a",\n"question": "?",\n"arms": { "relu": {} },\n"seeds": 2 }';
  expect(refusal(study)).toMatch(/line 5: no "space" to search in; run it with dactyl study run my\.json\.$/);
});

// [what is replaced, by what, the line counted by hand, the rest of the message]
test.each<[string, string, number, RegExp]>([
  ['"rungs"', '"rung"', 10, /unknown key "rung" in the file; the nearest valid one is "rungs"/],
  ['"learningRate"', '"learningrate"', 7, /"learningrate" in space; the nearest valid one is "learningRate"/],
  [
    '"logUniform"',
    '"loguniform"',
    7,
    /learningRate\.kind: expected one of uniform, logUniform, choice \(the nearest is "logUniform"\)/,
  ],
  ['"from": 0.0001', '"from": 0', 7, /space\.learningRate\.from: expected a value > 0; received 0/],
  ['"from": 0.0001', '"from": 0.1', 7, /space\.learningRate\.to: expected 0\.1 or more; received 0\.01/],
  ['[16, 32]', '[16, 32.5]', 8, /space\.batchSize\.values\.1: expected a whole number; received 32\.5/],
  ['[16, 32]', '[16, 0]', 8, /space\.batchSize\.values\.1: expected a value >= 1; received 0/],
  ['[16, 32]', '[]', 8, /space\.batchSize\.values: expected at least one entry/],
  ['[16, 32]', '[16, 16]', 8, /space\.batchSize\.values: expected different entries/],
  [
    '"batchSize": { "kind": "choice", "values": [16, 32] }',
    '"activation": { "kind": "choice", "values": ["relu", "tnah"] }',
    8,
    /space\.activation\.values\.1: Unknown activation.*nearest: tanh/,
  ],
  [
    '"batchSize": { "kind": "choice", "values": [16, 32] }',
    '"schedule": { "kind": "choice", "values": ["cosin"] }',
    8,
    /space\.schedule\.values\.0: expected one of constant, cosine, linear \(the nearest is "cosine"\)/,
  ],
  [
    '"batchSize": { "kind": "choice", "values": [16, 32] }',
    '"dropout": { "kind": "uniform", "from": 0, "to": 1 }',
    8,
    /space\.dropout\.to: expected a value < 1; received 1/,
  ],
  [
    '"batchSize": { "kind": "choice", "values": [16, 32] }',
    '"epochs": { "kind": "integer", "from": 1, "to": 9 }',
    8,
    /space\.epochs: the rungs say for how many epochs/,
  ],
  ['"l2": 0', '"epochs": 3', 4, /recipe\.epochs: the rungs say/],
  ['"relu": {}', '"relu": { "earlyStopping": null }', 5, /arms\.relu\.earlyStopping: the rungs say/],
  [
    '"relu": {}',
    '"relu": { "learningRate": 0.1 }',
    1,
    /arms\.relu says its learningRate, and space\.learningRate would draw it/,
  ],
  ['"tanh" }', '"tnah" }', 5, /arms\.tanh\.activation: .*nearest: tanh/],
  ['"l2": 0', '"initializer": "heUnifrom"', 4, /recipe\.initializer: .*nearest: heUniform/],
  ['{ "activation": "tanh" }', '{}', 1, /The arms relu and tanh are the same/],
  ['[1, 2]', '[2, 2]', 1, /rungs: expected more epochs on each than on the one before; received 2, 2/],
  ['[1, 2]', '[]', 10, /rungs: expected at least one entry/],
  ['"configurations": 4', '"configurations": 0', 10, /configurations: expected a value >= 1; received 0/],
  [
    '"learningRate": { "kind": "logUniform", "from": 0.0001, "to": 0.01 },',
    '',
    1,
    /The space holds no 4 different configurations: 2 were found/,
  ],
  ['"configurations": 4', '"objective": "val_acc"', 10, /objective: expected one of val_accuracy, val_loss/],
])('%s → %s', (from, to, line, message) => {
  expect(GOOD).toContain(from);
  const text = refusal(GOOD.replace(from, to));
  expect(text).toMatch(message);
  expect(text).toMatch(new RegExp(`^my\\.json, line ${line}: `));
  expect(text).not.toContain('\n');
});

test.each(['width', 'depth', 'narrowing', 'activation', 'initializer', 'dropout', 'l2'])(
  'layers of its own leave no %s to be searched, in an arm or in the recipe; a learning rate they do',
  (parameter) => {
    const layers =
      '"layers": [{ "type": "Input", "shape": [784] }, { "type": "Dense", "units": 10, "activation": "softmax" }]';
    const names = ['activation', 'initializer'].includes(parameter);
    const values = names ? `["${parameter === 'activation' ? 'elu' : 'zeros'}"]` : '[1, 2]';
    const searching = GOOD.replace(
      '"batchSize": {',
      `"${parameter}": { "kind": "choice", "values": ${parameter === 'dropout' ? '[0, 0.5]' : values} }, "batchSize": {`,
    );
    const inArm = searching.replace('"tanh": { "activation": "tanh" }', `"own": { ${layers} }`);
    const inRecipe = searching
      .replace('"l2": 0', layers)
      .replace('"tanh": { "activation": "tanh" }', '"b": { "momentum": 0 }');
    expect(refusal(inArm)).toMatch(
      new RegExp(`arms\\.own says its layers, and space\\.${parameter} would draw it`),
    );
    expect(refusal(inRecipe)).toMatch(
      new RegExp(`recipe says its layers, and space\\.${parameter} would draw it`),
    );
    const rate = GOOD.replace('"tanh": { "activation": "tanh" }', `"own": { ${layers} }`);
    expect(parseTuning(rate, 'my.json').arms[1].recipe.layers).toHaveLength(2);
  },
);

test('an arm that says its units where widths are searched', () => {
  const text = GOOD.replace(
    '"batchSize": { "kind": "choice", "values": [16, 32] }',
    '"depth": { "kind": "integer", "from": 1, "to": 4 }',
  ).replace('"relu": {}', '"relu": { "units": [9] }');
  expect(refusal(text)).toMatch(/arms\.relu says its units, and space\.depth would draw it/);
});
