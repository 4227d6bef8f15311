import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIVATIONS } from '../engine/activations/activations.ts';
import { DactylError } from '../util/errors.ts';
import { studyFileSchema } from './studyFileSchema.ts';
import { parseStudy } from './studyFile.ts';

function refusal(text: string): string {
  try {
    parseStudy(text, 'my.json');
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_FORMAT') return error.message;
    throw error;
  }
  throw new Error('not refused');
}

/** Seven lines: arms on 4, relu on 5, tanh on 6, seeds on 8. */
const GOOD = `{
  "name": "small",
  "question": "Which?",
  "arms": {
    "relu": {},
    "tanh": { "activation": "tanh", "optimizer": "sgd", "units": [8] }
  },
  "seeds": 2
}`;

test('a study as it stands in a file', () => {
  const { arms, seeds, split, rules } = parseStudy(GOOD, 'my.json');
  expect(arms.map(({ name, recipe }) => [name, recipe.activation, recipe.optimizer, recipe.units])).toEqual([
    ['relu', 'relu', 'adam', [128, 64, 32]],
    ['tanh', 'tanh', 'sgd', [8]],
  ]);
  expect({ seeds, split }).toEqual({ seeds: [1, 2], split: { kind: 'test' } });
  expect(rules.rope).toBe(0.001);
});

test('a byte order mark, CRLF, and names in the way of Keras', () => {
  const text = GOOD.replaceAll('\n', '\r\n').replace('"activation": "tanh"', '"activation": "leaky_relu"');
  const decoded = new TextDecoder().decode(new TextEncoder().encode(`\uFEFF${text}`));
  expect(parseStudy(decoded, 'my.json').arms[1].recipe.activation).toBe('leakyRelu');
  expect(refusal(text.replace('"seeds": 2', '"sedes": 2'))).toMatch(/^my\.json, line 8: /);
});

test.each(readdirSync('studies').filter((name) => name.endsWith('.json') && name !== 'tuning.json'))(
  'studies/%s is a study and names its schema',
  (name) => {
    const text = readFileSync(join('studies', name), 'utf8');
    expect(parseStudy(text, name).arms.length).toBeGreaterThan(0);
    expect((JSON.parse(text) as { $schema: string }).$schema).toBe('../schemas/study.schema.json');
  },
);

test('brackets in the text of the question are no brackets of the file', () => {
  const question = `${'['.repeat(99)}?`;
  expect(parseStudy(GOOD.replace('Which?', question), 'my.json').question).toBe(question);
  expect(refusal(GOOD.replace('"Which?"', '['.repeat(300_000)))).toMatch(
    /line 3: not JSON \(more than 32 brackets/,
  );
});

test('arms stay in the order of the file, also those that are whole numbers', () => {
  const arms = '{ "wide": { "units": [256] }, "128": {}, "64": { "units": [64] } }';
  const { arms: resolved } = parseStudy(GOOD.replace(/\{\s*"relu"[^]*\n {2}\}/, arms), 'my.json');
  expect(resolved.map(({ name }) => name)).toEqual(['wide', '128', '64']);
});

// [what is replaced, by what, the line counted by hand, the rest of the message]
test.each<[string, string, number, RegExp]>([
  ['"seeds": 2', '"sedes": 2', 8, /unknown key "sedes" in the file; the nearest valid one is "seeds"/],
  ['"activation"', '"bogus"', 6, /unknown key "bogus" in arms\.tanh; expected one of activation, units, /],
  ['"sgd"', '"bogus"', 6, /optimizer: expected one of adam, sgd, .*, lion; received "bogus"/],
  ['"activation"', '"activaton"', 6, /unknown key "activaton" in arms\.tanh; .* is "activation"/],
  ['"activation": "tanh"', '"activation": "tnah"', 6, /arms\.tanh\.activation: .*'tnah'.*nearest: tanh/],
  ['"activation": "tanh"', '"activation": "toString"', 6, /'toString'/],
  ['"activation": "tanh"', '"initializer": "heUnifrom"', 6, /arms\.tanh\.initializer: .*nearest: heUniform/],
  [
    '"sgd"',
    '"sdg"',
    6,
    /arms\.tanh\.optimizer: expected one of adam, sgd, adamW, rmsprop, adagrad, lion \(the nearest is "sgd"\); received "sdg"/,
  ],
  ['[8]', '[]', 6, /arms\.tanh\.units: expected at least one entry; received \[\]/],
  ['[8]', '[\n\n"8"]', 8, /arms\.tanh\.units\.0: expected a whole number; received "8"/],
  ['"seeds": 2', '"seeds":\n\n"2"', 10, /seeds: expected a whole number; received "2"/],
  ['"seeds": 2', '"seeds": 9, "stopping": "until-decide"', 8, /stopping: expected "until-decided"; received/],
  ['"seeds": 2', '"seeds": 2,\n"stopping": "until-decided"', 9, /needs at least two arms, 6 seeds/],
  ['"seeds": 2', '"seeds": 0', 8, /seeds: expected a value >= 1; received 0/],
  ['"seeds": 2', '"seeds": 1e999', 8, /seeds: expected a whole number/],
  ['"seeds": 2', '"seeds": 2, "firstSeed": 1e300', 8, /firstSeed: expected a value </],
  ['"small"', '"../small"', 2, /name: expected a name of letters/],
  ['"small"', '"Trials"', 2, /name: expected a name of letters/],
  ['"Which?"', '""', 3, /question: expected some text/],
  ['"relu"', '"re/lu"', 5, /arms: expected a name of letters.*received "re\/lu"/],
  ['"relu"', '"__proto__"', 5, /arms: expected a name of letters.*received "__proto__"/],
  ['"relu": {}', '"relu": 3', 5, /arms\.relu: expected an object.*received 3/],
  [
    '"relu": {}',
    '"relu": { "momentum": 0.9 }',
    4,
    /relu: expected momentum with the optimizer sgd or rmsprop only/,
  ],
  [
    '"relu": {}',
    '"relu": { "earlyStopping": { "monitor": "val_loss", "patience": 2 } }',
    4,
    /relu: earlyStopping would choose .*"holdout"/,
  ],
  ['"relu": {}', '"relu": {}, "again": {}', 4, /The arms relu and again are the same/],
  ['"relu": {}', '"relu": {}, "relu": { "dropout": 0.1 }', 5, /the key "relu" stands here a second time/],
  ['"relu": {}', '"relu": { "distortion": 3 }', 5, /relu\.distortion: expected null or an object/],
  [
    '"relu": {}',
    '"relu": { "distortion": { "rotation": 0.1 } }',
    5,
    /relu\.distortion: the key "scale" is missing/,
  ],
  [
    '"relu": {}',
    '"relu": {\n"distortion": {\n"rotaton": 0.1 } }',
    7,
    /"rotaton" in arms\.relu\.distortion; .*"rotation"/,
  ],
  [
    '"seeds": 2',
    '"seeds": 2,\n"split": { "kind": "fold" }',
    9,
    /split\.kind: expected one of test, holdout, half, folds \(the nearest is "folds"\)/,
  ],
  ['"seeds": 2', '"seeds": 2,\n"split": { "kind": "folds" }', 9, /split: the key "folds" is missing/],
  ['"seeds": 2', '"seeds": 2,\n"split": "test"', 9, /split: expected an object .*received "test"/],
  ['"seeds": 2', '"seeds": 2,\n"rules": {\n"ropes": 1 }', 10, /unknown key "ropes" in rules; .* is "rope"/],
  [
    '"seeds": 2',
    '"seeds": 2,\n"rules": { "rope": -1 }',
    9,
    /rules\.rope: expected a value >= 0; received -1/,
  ],
  [
    '"seeds": 2',
    '"seeds": 2,\n"rules": { "rope": 1e400 }',
    9,
    /rules\.rope: expected a number; received a number beyond 1\.8e308/,
  ],
  [
    '"seeds": 2',
    '"seeds": 2,\n"rules": { "rope": 1e9 }',
    9,
    /rules\.rope: expected a value <= 1; received 1000000000/,
  ],
  [
    '"seeds": 2',
    '"seeds": 2,\n"rules": { "goodFrom": 0.99 }',
    9,
    /rules: expected goodFrom of at most goodTo, received 0\.99 and 0\.98/,
  ],
  [
    '"seeds": 2',
    '"seeds": 2,\n"claims": ["C14"]',
    9,
    /claims\.0: expected one of C1, C2, .*C13 .*received "C14"/,
  ],
  ['"seeds": 2', '"seeds": 2,\n"claims": ["C1", "C1"]', 9, /claims: expected different entries/],
  [
    '"relu": {}',
    '"relu": { "reweighting": {} }',
    5,
    /arms\.relu\.reweighting: expected at least one of students, employees; received \{\}/,
  ],
  ['"relu": {}', '"relu": { "extraData": ["unipen"] }', 5, /arms\.relu\.extraData.*"?unipen-digits/],
  ['"relu": {}', '"relu": { "extraData": [] }', 5, /arms\.relu\.extraData: expected at least one/],
  [
    '"seeds": 2',
    '"seeds": 10000, "split":\n{ "kind": "folds", "folds": 100, "repeats": 9, "groups": "images" }',
    4,
    /at most 200000 trials, received 18000000/,
  ],
  ['"seeds": 2', '"question": "?"', 8, /"question" stands here a second time/],
  [',\n  "seeds": 2', '', 1, /the key "seeds" is missing/],
  ['"seeds": 2', '"seeds": 2,', 9, /not JSON \(expected a key in double quotes, received "\}"\)/],
  ['"seeds": 2', '"seeds": 2 // runs', 8, /not JSON \(expected a comma or \}, received a comment\)/],
])('%s → %s', (from, to, line, message) => {
  expect(GOOD).toContain(from);
  const text = refusal(GOOD.replace(from, to));
  expect(text).toMatch(new RegExp(`^my\\.json, line ${line}: `));
  expect(text).toMatch(message);
  expect(text).not.toContain('\n');
});

test.each<[string, string, RegExp]>([
  ['nothing', '', /line 1: not JSON/],
  ['an array', '[]', /line 1: the file: expected an object/],
  ['null', 'null', /line 1: the file: expected an object/],
  ['half a file', GOOD.slice(0, 60), /not JSON/],
  ['100,000 brackets', '['.repeat(100_000), /line 1: not JSON \(more than 32/],
  ['2 MiB', ' '.repeat(2 ** 21), /expected at most 1048576 characters/],
  ['bytes of something else', '\u0000\u0001PNG', /not JSON/],
])('%s is refused in a line', (_, text, message) => {
  expect(refusal(text)).toMatch(message);
});

test('the published schema offers the names that may be written, and takes others to be checked here', () => {
  const schema = JSON.parse(studyFileSchema()) as {
    properties: { recipe: { properties: Record<'activation' | 'initializer', { examples: string[] }> } };
  };
  const { activation, initializer } = schema.properties.recipe.properties;
  expect(activation.examples).toEqual(Object.keys(ACTIVATIONS));
  expect(initializer.examples).toContain('heUniform');
  expect(readFileSync('schemas/study.schema.json', 'utf8')).toBe(studyFileSchema());
});
