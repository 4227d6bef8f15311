import { type PartName, PARTS } from '../../src/analysis/evaluation/parts.ts';
import { unitCosts } from '../../src/analysis/evaluation/costs.ts';
import type { EvaluationData, Subject } from '../../src/analysis/subject.ts';
import { subset } from '../../src/data/examples.ts';
import { Dense, Flatten, Input, Rescaling } from '../../src/nn/layers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { loadUnipenDigits } from '../../src/store/unipen.ts';
import { evidenceOf } from '../../src/study/evaluation/evidence.ts';
import { type Evaluation, resultHash } from '../../src/study/evaluation/record.ts';
import { activationName } from '../../src/study/wording.ts';
import { Random } from '../../src/util/random.ts';

/** A part of MNIST that is measured in seconds. */
export function smallData(train = 12_000, test = 2_000): EvaluationData {
  const mnist = loadMnist();
  const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);
  return { train: subset(mnist.train, range(0, train)), test: subset(mnist.test, range(5_000, test)) };
}

export const KINDS = ['trained', 'shuffled', 'constant'] as const;
export type Kind = (typeof KINDS)[number];

/** A network that learnt, one that learnt shuffled labels, and one that answers 3 to everything. */
export async function subjectOf(
  kind: Kind,
  { train }: EvaluationData,
  activation = 'relu',
): Promise<Subject> {
  const model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(64, { activation }),
      Dense(32, { activation }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  if (kind === 'constant') {
    const weights = model.getWeights().map(({ data, shape }) => ({ data: data.map(() => 0), shape }));
    weights[weights.length - 1].data[3] = 5;
    model.setWeights(weights);
  } else {
    const labels = train.labels.slice();
    if (kind === 'shuffled') new Random(1, 'labels').shuffle(labels);
    await model.fit(train.images, { data: labels, shape: [labels.length] }, { epochs: 8, verbose: 0 });
  }
  return { arm: activation, activation, seed: 1, hash: model.weightsHash(), model };
}

/** A quick evaluation of these networks by these parts, in this thread. */
export async function evaluationOf(
  subjects: readonly Subject[],
  data: EvaluationData,
  parts: readonly PartName[],
): Promise<Evaluation> {
  const records: Evaluation['parts'] = [];
  for (const part of parts) {
    const { scope, version } = PARTS[part];
    for (const chosen of scope === 'one' ? subjects.map((subject) => [subject]) : [subjects]) {
      const drawn = PARTS[part].drawn && loadUnipenDigits();
      const measured = await PARTS[part].measure(
        { subjects: chosen, data, quick: true, ...(drawn && { drawn }) },
        {},
      );
      const result: unknown = JSON.parse(JSON.stringify(measured));
      const networks = chosen.map(({ hash }) => hash);
      records.push({ part, version, key: '', networks, seconds: 1, sha256: resultHash(result), result });
    }
  }
  const arms = [...new Set(subjects.map(({ arm }) => arm))];
  return {
    format: 'dactyl-evaluation/1',
    target: { kind: 'model', name: 'a model', hash: 'a'.repeat(64), quickStudy: false },
    command: 'dactyl evaluate model.safetensors',
    quick: false,
    environment: {
      dactyl: '0.0.0',
      numerics: 1,
      runtime: 'Node',
      platform: 'linux x64',
      processor: 'a processor',
      workers: 1,
    },
    data: {
      trainImages: data.train.labels.length,
      testImages: data.test.labels.length,
      own: false,
      writers: null,
      files: [{ file: 'images', sha256: 'b'.repeat(64) }],
    },
    arms: arms.map((name) => {
      const { activation, model } = subjects.find(({ arm }) => arm === name)!;
      const label = activationName(activation);
      return { name, label, activation, parameters: model.parameters, layers: ['Dense 10'], recipe: null };
    }),
    networks: subjects.map(({ arm, activation, seed, hash }) => ({
      arm,
      activation,
      seed,
      hash,
      trial: null,
    })),
    parts: records,
    missing: [],
    evidence: evidenceOf(null, []),
    costs: { matrix: unitCosts(10), source: null },
    watts: null,
  };
}
