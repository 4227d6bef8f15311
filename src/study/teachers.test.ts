import { expect, test } from 'vitest';
import { DactylError } from '../util/errors.ts';
import { resolveStudy, type StudyFile } from './configuration.ts';
import type { Executor } from './executor.ts';
import { runTrials, type TrialEnd, type TrialKeeper } from './runStudy.ts';
import { trialsOf } from './study.ts';
import type { TrialOutcome } from './trial.ts';
import { trialKey } from './trialConfiguration.ts';

const FILE: StudyFile = {
  name: 'taught',
  question: 'Does it help?',
  recipe: { epochs: 2, units: [8] },
  arms: {
    taught: { distillation: { teachers: [2, 1], weight: 0.5 } },
    plain: {},
  },
  seeds: 2,
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Keeps what an executor says of each trial; the model of a trial is its seed as text. */
function keeperInMemory(
  kept = new Map<string, TrialEnd>(),
  models = new Map<string, Uint8Array>(),
): TrialKeeper {
  return {
    find: (key) => kept.get(key),
    model: (key) => models.get(key)!,
    keep: (_, { result, model }) => {
      kept.set(result.key, { kind: 'finished', result });
      models.set(result.key, model);
    },
    keepFailure: () => undefined,
  };
}

function executorOf(
  study: ReturnType<typeof resolveStudy>,
  fails: (arm: string, seed: number) => boolean = () => false,
): { executor: Executor; seen: string[] } {
  const seen: string[] = [];
  const trials = trialsOf(study);
  const executor: Executor = {
    workers: 2,
    data: [],
    close: () => Promise.resolve(),
    async run(configuration, { teachers = [] }) {
      const { arm, seed, key } = trials.find((trial) => trial.key === trialKey(configuration))!;
      // The plain runs take longer, so that a taught one has to wait for them.
      if (arm === 'plain') await new Promise((go) => setTimeout(go, 20 * seed));
      seen.push(`${arm} ${seed} <- ${teachers.map(textOf).join(' ')}`);
      if (fails(arm, seed)) throw new DactylError('E_NUMERIC', 'The loss is NaN.');
      const outcome = { result: { key }, model: bytesOf(`${arm} ${seed}`) };
      return outcome as unknown as TrialOutcome;
    },
  };
  return { executor, seen };
}

test('teachers are trained first, whatever the order of the arms, and come in the order of the recipe', async () => {
  const study = resolveStudy(FILE);
  const { executor, seen } = executorOf(study);
  const ends = await runTrials(trialsOf(study), { executor, keeper: keeperInMemory() });
  expect(ends.every((end) => end?.kind === 'finished')).toBe(true);
  expect(seen).toEqual([
    'plain 1 <- ',
    'plain 2 <- ',
    'taught 1 <- plain 2 plain 1',
    'taught 2 <- plain 2 plain 1',
  ]);
});

test('teachers that ended earlier are taken from where they are kept', async () => {
  const study = resolveStudy(FILE);
  const keeper = keeperInMemory();
  const trials = trialsOf(study);
  await runTrials(
    trials.filter(({ arm }) => arm === 'plain'),
    { executor: executorOf(study).executor, keeper },
  );
  const { executor, seen } = executorOf(study);
  await runTrials(trials, { executor, keeper });
  expect(seen).toEqual(['taught 1 <- plain 2 plain 1', 'taught 2 <- plain 2 plain 1']);
});

test('where a teacher fails, whom it teaches fails and says why; the others go on', async () => {
  const study = resolveStudy(FILE);
  const { executor } = executorOf(study, (arm, seed) => arm === 'plain' && seed === 2);
  const ends = await runTrials(trialsOf(study), { executor, keeper: keeperInMemory() });
  const message = 'Its teacher (plain, seed 2) failed: The loss is NaN.';
  expect(ends.map((end) => (end?.kind === 'failed' ? end.message : end?.kind))).toEqual([
    message,
    'finished',
    message,
    'The loss is NaN.',
  ]);
});

const OTHER: StudyFile = {
  ...FILE,
  arms: {
    taught: { distillation: { teachers: { arm: 'wide', seeds: [2, 1] }, weight: 0.5 } },
    wide: { units: [20], epochs: 1 },
  },
};

test('teachers of an arm with another recipe: trained first, and their keys are part of the pupil’s', async () => {
  const study = resolveStudy(OTHER);
  const trials = trialsOf(study);
  const executor: Executor = {
    workers: 2,
    data: [],
    close: () => Promise.resolve(),
    run(configuration, { teachers = [] }) {
      const { arm, seed, key } = trials.find((trial) => trial.key === trialKey(configuration))!;
      const model = bytesOf(`${arm} ${seed} <- ${teachers.map(textOf).join(', ')}`);
      return Promise.resolve({ result: { key }, model } as unknown as TrialOutcome);
    },
  };
  const models = new Map<string, Uint8Array>();
  await runTrials(trials, { executor, keeper: keeperInMemory(new Map(), models) });
  const [taught, wide] = ['taught', 'wide'].map((name) => trials.filter(({ arm }) => arm === name));
  expect(textOf(models.get(taught[0].key)!)).toBe('taught 1 <- wide 2 <- , wide 1 <- ');
  expect(taught[0].configuration.recipe.distillation).toEqual({
    teachers: [wide[1].key, wide[0].key],
    weight: 0.5,
  });
});

test('the arm that teaches may be called otherwise, and its recipe decides the pupil’s key', () => {
  const keyOf = (arm: string, recipe: StudyFile['arms'][string]): string => {
    const distillation = { teachers: { arm, seeds: [1] }, weight: 0.5 };
    const study = resolveStudy({ ...OTHER, arms: { taught: { distillation }, [arm]: recipe } });
    return trialsOf(study).find((trial) => trial.arm === 'taught')!.key;
  };
  expect(keyOf('large', { units: [20], epochs: 1 })).toBe(keyOf('wide', { units: [20], epochs: 1 }));
  expect(keyOf('wide', { units: [21], epochs: 1 })).not.toBe(keyOf('wide', { units: [20], epochs: 1 }));
});

test.each<[string, Partial<StudyFile>, RegExp]>([
  [
    'an arm that is not there',
    { arms: { taught: OTHER.arms.taught, deep: { units: [3] } } },
    /taught: expected as teachers' arm one of the study without distillation \(deep\); received wide/,
  ],
  [
    'an arm that is taught itself',
    {
      arms: { ...FILE.arms, third: { distillation: { teachers: { arm: 'taught', seeds: [1] }, weight: 1 } } },
    },
    /third: .*\(plain\); received taught, which is taught itself/,
  ],
  [
    'seeds of the teaching arm that are not the study’s',
    { ...OTHER, firstSeed: 2 },
    /seeds of the study \(2 … 3\); received 1/,
  ],
  [
    'teachers that are neither',
    { arms: { ...FILE.arms, third: { distillation: { teachers: 'plain', weight: 1 } as never } } },
    /teachers: expected a list \[ … \] or an object { … }; received "plain"/,
  ],
  [
    'keys, which are for trials',
    { arms: { ...FILE.arms, third: { distillation: { teachers: ['a'.repeat(64)], weight: 1 } } } },
    /third.distillation.teachers.0: expected a whole number/,
  ],
  [
    'no arm without distillation',
    { arms: { taught: FILE.arms.taught } },
    /expected an arm with the same recipe/,
  ],
  [
    'another recipe',
    { arms: { ...FILE.arms, plain: { units: [9] } } },
    /taught: expected an arm with the same recipe/,
  ],
  ['seeds that are not the study’s', { firstSeed: 2 }, /seeds of the study \(2 … 3\); received 1/],
  [
    'privacy',
    { recipe: { ...FILE.recipe, privacy: { clip: 1, noiseMultiplier: 1 } } },
    /privacy or distillation, received both/,
  ],
])('%s: refused', (_, changes, message) => {
  expect(() => resolveStudy({ ...FILE, ...changes })).toThrow(message);
});
