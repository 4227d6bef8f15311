import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, type ActivationName } from '../src/engine/activations/activations.ts';
import { LOSS_RULES, type LossName, lossRule } from '../src/engine/losses/losses.ts';
import { referenceLoss } from '../src/engine/reference/losses.ts';
import { REFERENCE_OPS } from '../src/engine/reference/ops.ts';
import type { AnyRule } from '../src/engine/rules/rule.ts';
import { type OptimizerName, type OptimizerSpec, RULES } from '../src/engine/rules/rules.ts';
import { RULE_WORDS } from '../src/engine/rules/words.ts';
import * as library from '../src/nn.ts';
import { INITIALIZERS } from '../src/nn/initializers/initializers.ts';
import { Dense, Input, layersFrom } from '../src/nn/layers.ts';
import { definitionOf, type LayerData } from '../src/nn/layers/layer.ts';
import { LAYERS } from '../src/nn/layers/table.ts';
import { METRICS, resolveMetric } from '../src/nn/metrics/metrics.ts';
import { decodeModel, encodeModel } from '../src/nn/saved.ts';
import {
  resolveSchedule,
  SCHEDULE_KINDS,
  type ScheduleSpec,
  scheduleSpec,
} from '../src/nn/schedules/family.ts';
import { type CompileOptions, Sequential } from '../src/nn/sequential.ts';
import { DactylError } from '../src/util/errors.ts';

/*
 * Nothing can be half-added: for each family, every place where a member has to be. A member that is missing somewhere fails
 * with a sentence that says what is missing where; CONTRIBUTING.md says how each is made.
 */

const read = (path: string): string => readFileSync(path, 'utf8');
const page = read('docs/reference/library.md');
const walk = read('test/exports.test.ts');
const kerasText = (family: string): string => read(`test/fixtures/keras/${family}.json`);

/** What there is of one member. */
class Member {
  readonly problems: string[] = [];
  readonly #name: string;

  constructor(family: string, name: string) {
    this.#name = `${family} ${name}`;
  }

  needs(there: boolean, what: string): void {
    if (!there) this.problems.push(`${this.#name}: ${what}`);
  }

  /** The message of an error that a name not in the family gets, which lists all names. */
  needsListed(name: string, use: () => unknown): void {
    let message = '';
    try {
      use();
    } catch (error) {
      if (error instanceof DactylError) ({ message } = error);
    }
    this.needs(
      new RegExp(`\\b${name}\\b`).test(message),
      'is not in the list of names that an unknown one is answered with',
    );
  }

  /** A function of the package. */
  needsExport(name: string, of: Readonly<Record<string, unknown>>): void {
    this.needs(typeof of[name] === 'function', `src/nn.ts does not export ${name}`);
    this.needs(
      new RegExp(`^ {2}${name}: \\[`, 'm').test(walk),
      `test/exports.test.ts has no arguments for ${name}`,
    );
  }

  needsNotLacking(name: string): void {
    const lacking = new RegExp(`^ {2}${name}: '(loss|optimizer)'`, 'm').test(read('src/nn/advice/all.ts'));
    this.needs(!lacking, 'src/nn/advice/all.ts still says that there is none (LACKING)');
  }

  needsOnPage(text: string): void {
    this.needs(page.includes(text), `docs/reference/library.md does not say ${text}`);
  }
}

/** One of every layer, with the shape of what it reads; a layer that is not here fails. */
const SAMPLES: Readonly<Record<string, { readonly layer: LayerData; readonly input: readonly number[] }>> = {
  Input: { layer: Input([4]), input: [4] },
  Activation: { layer: library.Activation('tanh'), input: [4] },
  AveragePooling2D: { layer: library.AveragePooling2D(), input: [4, 4, 1] },
  BatchNormalization: { layer: library.BatchNormalization(), input: [4] },
  Conv2D: { layer: library.Conv2D(2, 3), input: [4, 4, 1] },
  DepthwiseConv2D: { layer: library.DepthwiseConv2D(3), input: [4, 4, 1] },
  GlobalAveragePooling2D: { layer: library.GlobalAveragePooling2D(), input: [4, 4, 1] },
  LayerNormalization: { layer: library.LayerNormalization(), input: [4] },
  MaxPooling2D: { layer: library.MaxPooling2D(), input: [4, 4, 1] },
  Dense: { layer: Dense(3), input: [4] },
  Dropout: { layer: library.Dropout(0.5), input: [4] },
  Flatten: { layer: library.Flatten(), input: [2, 2] },
  RandomDistortion: {
    layer: library.RandomDistortion({ rotation: 0.1, scale: 0, shear: 0, shift: 1, elastic: 0 }),
    input: [28, 28],
  },
  Rescaling: { layer: library.Rescaling(2), input: [4] },
  Reshape: { layer: library.Reshape([2, 2]), input: [4] },
};

/** Layers that Keras' fixture does not hold, and the test that does. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  Input: 'test/support/stacks.ts',
  Dropout: 'test/support/stacks.ts',
  RandomDistortion: 'src/nn/fit.test.ts',
  Rescaling: 'test/support/stacks.ts',
};

type Table = Readonly<Record<string, unknown>>;

function layerProblems(table: Table): string[] {
  const fixture = Object.values(
    JSON.parse(kerasText('layers')) as Record<string, { layer: { type: string } }>,
  );
  return Object.keys(table).flatMap((name) => {
    const member = new Member('layer', name);
    member.needsExport(name, library);
    member.needsOnPage(`\`${name}(`);
    member.needsListed(name, () => layersFrom([{ type: 'no such layer' }]));
    const elsewhere = TESTED_ELSEWHERE[name] as string | undefined;
    member.needs(
      fixture.some(({ layer }) => layer.type === name) ||
        (elsewhere !== undefined && read(elsewhere).includes(`${name}(`)),
      'test/fixtures/keras/layers.json has no case of it (scripts/fixtures/keras/layers.py), and TESTED_ELSEWHERE names no other test',
    );
    const sample = SAMPLES[name] as (typeof SAMPLES)[string] | undefined;
    member.needs(sample !== undefined, 'test/families.test.ts has no sample of it (SAMPLES)');
    if (!sample) return member.problems;
    const { layer, input } = sample;
    const definition = definitionOf(layer)!;
    member.needs(definition === table[name], 'the table has another definition than its function gives');
    const { steps = [] } = name === 'Input' ? {} : definition.plan(layer, input);
    for (const { spec } of steps) {
      member.needs(
        Object.hasOwn(REFERENCE_OPS, spec.kind),
        `the op ${spec.kind} has no reference in src/engine/reference/ops.ts`,
      );
    }
    const [again] = layersFrom([JSON.parse(JSON.stringify(layer)) as LayerData]);
    member.needs(
      JSON.stringify(again) === JSON.stringify(layer),
      'is not the same again from its form in files',
    );
    const fields = Object.keys(layer).filter((key) => key !== 'type');
    member.needs(
      fields.every((key) => Object.hasOwn(definition.fields, key)),
      `its form in files lacks one of ${fields.join(', ')}`,
    );
    member.needs(definition.words(layer) !== '' || fields.length === 0, 'has no words');
    return member.problems;
  });
}

/** What a model compiled so is after saving and loading. */
function savedAgain(options: CompileOptions, activation: string): unknown {
  const model = new Sequential([Input([2]), Dense(2, { activation })]);
  model.compile(options);
  const again = decodeModel(encodeModel(model));
  const same = JSON.stringify(again.compiled) === JSON.stringify(model.compiled);
  model.dispose();
  again.dispose();
  return same;
}

function compiling(options: Partial<CompileOptions>): () => void {
  return () => {
    const model = new Sequential([Input([2]), Dense(2)]);
    try {
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
    } finally {
      model.dispose();
    }
  };
}

function optimizerProblems(table: Readonly<Record<string, AnyRule>>): string[] {
  const fixture = JSON.parse(kerasText('optimizers')) as Record<string, { optimizer?: { name: string } }>;
  return Object.entries(table).flatMap(([name, { builder, options }]) => {
    const member = new Member('optimizer', name);
    member.needs(
      typeof (library as Table)[builder] === 'function',
      `src/nn/optimizers.ts has no function ${builder}`,
    );
    member.needsOnPage(`| \`${builder}\``);
    member.needsOnPage(`| \`'${name}'\``);
    for (const option of Object.keys(options)) member.needsOnPage(`\`${option}\``);
    member.needsNotLacking(name);
    member.needsListed(name, compiling({ optimizer: 'no such optimizer' }));
    member.needs(
      /\d{4}/.test(String((RULE_WORDS as Table)[name])),
      'RULE_WORDS (src/engine/rules/words.ts) name no authors and year of it',
    );
    member.needs(
      Object.values(fixture).some(({ optimizer }) => optimizer?.name === name),
      'test/fixtures/keras/optimizers.json has no case of it (scripts/fixtures/keras/optimizers.py)',
    );
    if (!Object.hasOwn(RULES, name)) return member.problems;
    member.needs(
      savedAgain({ optimizer: name, loss: 'meanSquaredError' }, 'linear') === true,
      'is another one after saving and loading',
    );
    const make = (library as Table)[builder] as (() => OptimizerSpec) | undefined;
    member.needs(make?.().name === name, `${builder}() makes another optimizer`);
    return member.problems;
  });
}

function lossProblems(table: Table): string[] {
  const fixture = JSON.parse(kerasText('losses')) as Record<string, { loss: { name: string } }>;
  return Object.entries(table).flatMap(([name, family]) => {
    const member = new Member('loss', name);
    member.needsOnPage(`| \`'${name}'\``);
    member.needsNotLacking(name);
    member.needsListed(name, compiling({ loss: 'no such loss' }));
    member.needs(
      Object.values(fixture).some(({ loss }) => loss.name === name),
      'test/fixtures/keras/losses.json has no case of it (scripts/fixtures/keras/losses.py)',
    );
    member.needs(
      read('src/nn/names.test.ts').includes(`'${name}'`),
      'src/nn/names.test.ts does not say its name in Keras',
    );
    if (!Object.hasOwn(LOSS_RULES, name)) return member.problems;
    const { takes = 'linear', options } = family as (typeof LOSS_RULES)[LossName] & { takes?: string };
    for (const option of Object.keys(options)) member.needsOnPage(`\`${option}\``);
    member.needs(
      savedAgain({ optimizer: 'sgd', loss: name }, takes) === true,
      'is another one after saving and loading',
    );
    const rule = lossRule({ name: name as LossName });
    const { loss } = referenceLoss(rule, Float64Array.of(0.3, 0.2), Float64Array.of(1, 0));
    member.needs(Number.isFinite(loss), 'its reference gives no loss');
    return member.problems;
  });
}

function metricProblems(
  table: Readonly<Record<string, { readonly builder: { readonly name: string } }>>,
): string[] {
  return Object.entries(table).flatMap(([name, { builder }]) => {
    const member = new Member('metric', name);
    member.needsExport(builder.name, library);
    member.needsOnPage(`| \`'${name}'\``);
    member.needsOnPage(`\`${builder.name}(`);
    member.needsListed(name, compiling({ metrics: ['no such metric'] }));
    const tests = [read('src/nn/metrics/metrics.test.ts'), read('src/nn/metrics/fixtures/scikit.json')].join(
      '',
    );
    const used = [builder.name, `'${name}'`].some((text) => tests.includes(text));
    member.needs(used, 'src/nn/metrics/metrics.test.ts does not use it');
    if (!Object.hasOwn(METRICS, name)) return member.problems;
    const { spec } = resolveMetric(name);
    const again = resolveMetric(JSON.parse(JSON.stringify(spec)) as string);
    member.needs(JSON.stringify(again.spec) === JSON.stringify(spec), 'is another one after its plain data');
    return member.problems;
  });
}

/** Options that a schedule cannot be made without. */
const NEEDED: Readonly<Record<string, object>> = {
  exponential: { rate: 0.5, every: 10 },
  step: { factor: 0.5, every: 10 },
  piecewise: { boundaries: [10], factors: [1, 0.5] },
};

function scheduleProblems(
  table: Readonly<Record<string, { readonly build: { readonly name: string } }>>,
): string[] {
  return Object.entries(table).flatMap(([name, { build }]) => {
    const member = new Member('schedule', name);
    // The constant one has nothing to choose, and no function.
    if (name === 'constant') member.needsOnPage("`'constant'`");
    else {
      member.needsExport(build.name, library);
      member.needsOnPage(`\`${build.name}(`);
    }
    member.needsListed(name, () => scheduleSpec('no such schedule'));
    member.needs(
      read('src/nn/schedules/family.test.ts').includes(name === 'constant' ? "'constant'" : build.name),
      'src/nn/schedules/family.test.ts does not use it',
    );
    if (!Object.hasOwn(SCHEDULE_KINDS, name)) return member.problems;
    const spec = scheduleSpec({ name, ...NEEDED[name] } as ScheduleSpec);
    const again = scheduleSpec(JSON.parse(JSON.stringify(spec)) as ScheduleSpec);
    member.needs(JSON.stringify(again) === JSON.stringify(spec), 'is another one after its plain data');
    const factor = resolveSchedule(spec!)(0, { step: 0, steps: 100, epoch: 0 });
    member.needs(factor > 0 && factor <= 1, 'starts with a factor that is not in (0, 1]');
    return member.problems;
  });
}

function nameProblems(family: 'activation' | 'initializer', table: Table): string[] {
  const option = family === 'activation' ? 'activation' : 'kernelInitializer';
  return Object.keys(table).flatMap((name) => {
    const member = new Member(family, name);
    member.needs(new RegExp(`\\b${name}\\b`).test(page), `docs/reference/library.md does not say ${name}`);
    member.needsListed(name, () => Dense(1, { [option]: 'no such name' }));
    member.needs(
      read('src/nn/names.test.ts').includes(`'${name}'`),
      'src/nn/names.test.ts does not say its name in Keras',
    );
    if (family === 'initializer') {
      member.needs(
        read('src/nn/initializers/initializers.test.ts').includes(`'${name}'`),
        'src/nn/initializers/initializers.test.ts has no mean and variance of it',
      );
    } else {
      // Linear is no step at all.
      const fixture = read('test/fixtures/activations.json');
      member.needs(
        name === 'linear' || name === 'softmax' || fixture.includes(`"${name}"`),
        'test/fixtures/activations.json has no values of it (scripts/fixtures/activations.py)',
      );
      member.needs(
        existsSync(`test/fixtures/trajectories/adam-${name}.json`),
        `test/fixtures/trajectories/adam-${name}.json is missing (scripts/fixtures/trajectories.py)`,
      );
    }
    return member.problems;
  });
}

/** A file of src/engine/ops/ that makes an op, by the kind in it. */
function opProblems(references: Table): string[] {
  return readdirSync('src/engine/ops')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const kinds = [...read(`src/engine/ops/${file}`).matchAll(/readonly kind: '(\w+)';/g)].map(
        ([, kind]) => kind,
      );
      return kinds.flatMap((kind) => {
        const member = new Member('op', kind);
        member.needs(Object.hasOwn(references, kind), 'has no reference in src/engine/reference/ops.ts');
        member.needs(existsSync(`src/engine/reference/${file}`), `src/engine/reference/${file} is missing`);
        return member.problems;
      });
    });
}

describe('every member is wherever it has to be', () => {
  test('layers', () => {
    expect(layerProblems(LAYERS)).toEqual([]);
  });
  test('ops', () => {
    expect(opProblems(REFERENCE_OPS)).toEqual([]);
    expect(opProblems({})).toHaveLength(Object.keys(REFERENCE_OPS).length);
  });
  test('optimizers', () => {
    expect(optimizerProblems(RULES as Readonly<Record<OptimizerName, AnyRule>>)).toEqual([]);
  });
  test('losses', () => {
    expect(lossProblems(LOSS_RULES)).toEqual([]);
  });
  test('metrics', () => {
    expect(metricProblems(METRICS)).toEqual([]);
  });
  test('schedules', () => {
    expect(scheduleProblems(SCHEDULE_KINDS)).toEqual([]);
  });
  test('activations and initializers', () => {
    expect(nameProblems('activation', ACTIVATIONS satisfies Record<ActivationName, unknown>)).toEqual([]);
    expect(nameProblems('initializer', INITIALIZERS)).toEqual([]);
  });
});

test('a made-up member of each family is missed in every place, in words', () => {
  expect(layerProblems({ Negate: {} })).toEqual([
    'layer Negate: src/nn.ts does not export Negate',
    'layer Negate: test/exports.test.ts has no arguments for Negate',
    'layer Negate: docs/reference/library.md does not say `Negate(',
    'layer Negate: is not in the list of names that an unknown one is answered with',
    'layer Negate: test/fixtures/keras/layers.json has no case of it (scripts/fixtures/keras/layers.py), and TESTED_ELSEWHERE names no other test',
    'layer Negate: test/families.test.ts has no sample of it (SAMPLES)',
  ]);
  const nadam = { ...(RULES.adam as unknown as AnyRule), name: 'nadam', builder: 'Nadam' };
  expect(optimizerProblems({ nadam })).toEqual([
    'optimizer nadam: src/nn/optimizers.ts has no function Nadam',
    'optimizer nadam: docs/reference/library.md does not say | `Nadam`',
    "optimizer nadam: docs/reference/library.md does not say | `'nadam'`",
    'optimizer nadam: src/nn/advice/all.ts still says that there is none (LACKING)',
    'optimizer nadam: is not in the list of names that an unknown one is answered with',
    'optimizer nadam: RULE_WORDS (src/engine/rules/words.ts) name no authors and year of it',
    'optimizer nadam: test/fixtures/keras/optimizers.json has no case of it (scripts/fixtures/keras/optimizers.py)',
  ]);
  expect(lossProblems({ hinge: {} })).toHaveLength(5);
  expect(metricProblems({ kappa: { builder: function Kappa() {} } })).toHaveLength(6);
  expect(scheduleProblems({ cyclic: { build: function cyclicRate() {} } })).toHaveLength(5);
  expect(nameProblems('activation', { mish: {} })).toHaveLength(5);
  expect(nameProblems('initializer', { orthogonal: {} })).toHaveLength(4);
});
