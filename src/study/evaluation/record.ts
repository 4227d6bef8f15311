import { type Static, Type } from 'typebox';
import { type PartName, type PartResult, PARTS } from '../../analysis/evaluation/parts.ts';
import type { Costs } from '../../analysis/evaluation/costs.ts';
import type { DataSet, DataSheet } from '../../data/dataSet.ts';
import { classCounts } from '../../data/examples.ts';
import { sha256Hex } from '../../util/hash.ts';
import { aboutData, DataAbout } from '../dataAbout.ts';
import { Recipe } from '../recipe.ts';
import { Results } from '../results.ts';
import type { Evidence } from './evidence.ts';

const closed = { additionalProperties: false } as const;
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' });
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

const Network = Type.Object(
  {
    arm: Type.String(),
    activation: Type.String(),
    seed: Type.Integer(),
    hash: Hash,
    trial: Nullable(Type.String({ description: 'the key of its trial, where it is of one' })),
  },
  closed,
);

const EvaluatedArm = Type.Object(
  {
    name: Type.String(),
    label: Type.String(),
    activation: Type.String(),
    parameters: Type.Integer(),
    layers: Type.Array(Type.String(), { description: 'in words, in order' }),
    recipe: Nullable(Recipe),
  },
  closed,
);

const PartRecord = Type.Object(
  {
    part: Type.Unsafe<PartName>(Type.String()),
    version: Type.Integer({ description: 'of the part; other versions are computed again' }),
    key: Type.String({ description: 'SHA-256 of all that decides the result' }),
    networks: Type.Array(Hash, { description: 'SHA-256 of the weights of each network in it' }),
    seconds: Type.Number({ description: 'when it was computed' }),
    sha256: Type.String({ description: 'of the result as JSON' }),
    result: Type.Unknown(),
  },
  closed,
);
export type PartRecord = Static<typeof PartRecord>;

const File = Type.Object({ file: Type.String(), sha256: Hash }, closed);

const EvaluatedSet = Type.Object(
  {
    ...DataAbout.properties,
    testOf: Type.Optional(
      Type.String({ description: 'file or folder of the test images, where it is another than the data’s' }),
    ),
    shows: Nullable(Type.Union([Type.Literal('digits'), Type.Literal('characters')])),
    counts: Type.Object(
      { train: Type.Array(Type.Integer()), test: Type.Array(Type.Integer()) },
      { ...closed, description: 'images of each class' },
    ),
    sheet: Type.Optional(
      Type.Unsafe<DataSheet>(Type.Object({}, { description: 'where the data come from' })),
    ),
  },
  { ...closed, description: 'the data set, where it is another than MNIST' },
);
export type EvaluatedSet = Static<typeof EvaluatedSet>;

/** What an evaluation keeps of a data set. */
export function setRecord(set: DataSet): EvaluatedSet {
  const { train, test, facts } = set;
  return {
    ...aboutData(set),
    ...(facts.testOf !== undefined && { testOf: facts.testOf }),
    shows: facts.shows ?? null,
    counts: { train: classCounts(train), test: classCounts(test) },
    ...(facts.sheet && { sheet: facts.sheet }),
  };
}

/** `evaluation.json`: what was measured of one or many trained networks. */
export const EvaluationSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    format: Type.Literal('dactyl-evaluation/1'),
    target: Type.Object(
      {
        kind: Type.Union([Type.Literal('model'), Type.Literal('trial'), Type.Literal('study')]),
        name: Type.String(),
        hash: Type.String({ description: 'of the file, the trial’s key, or of the study’s rules' }),
        quickStudy: Type.Boolean({ description: 'the study itself was a quick taste' }),
      },
      closed,
    ),
    command: Type.String({ description: 'that gives the same' }),
    quick: Type.Boolean({ description: 'on smaller samples than usual' }),
    environment: Results.properties.environment,
    data: Type.Object(
      {
        trainImages: Type.Integer(),
        testImages: Type.Integer(),
        own: Type.Boolean({ description: 'test images of the user’s instead of the data set’s' }),
        writers: Nullable(Hash),
        files: Type.Array(File),
        set: Type.Optional(EvaluatedSet),
      },
      closed,
    ),
    arms: Type.Array(EvaluatedArm, { minItems: 1 }),
    networks: Type.Array(Network, { minItems: 1 }),
    parts: Type.Array(PartRecord),
    missing: Type.Array(
      Type.Object(
        { part: Type.String(), reason: Type.String() },
        { ...closed, description: 'parts that were not run' },
      ),
    ),
    evidence: Type.Unsafe<Evidence>(Type.Object({}, { description: 'what kept studies say of training' })),
    costs: Type.Object(
      {
        matrix: Type.Unsafe<Costs>(
          Type.Array(Type.Array(Type.Number({ minimum: 0 }), { minItems: 2 }), { minItems: 2 }),
        ),
        source: Nullable(File),
      },
      {
        ...closed,
        description: 'of an error: [true class][taken for]; 1 for each where no file says otherwise',
      },
    ),
    watts: Nullable(Type.Number({ description: 'of the machine while training, as the user says' })),
  },
  { ...closed, title: 'A critical evaluation by Dactyl' },
);
export type Evaluation = Static<typeof EvaluationSchema>;
export type EvaluatedNetwork = Static<typeof Network>;
export type EvaluatedArm = Static<typeof EvaluatedArm>;

/** SHA-256 of a result as JSON. */
export function resultHash(result: unknown): string {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(result)));
}

/** Whether the result is whole and of the present version of its part. */
export function isCurrent({ part, version, sha256, result }: PartRecord): boolean {
  return Object.hasOwn(PARTS, part) && PARTS[part].version === version && resultHash(result) === sha256;
}

/** The results of one part: one over all networks, or one for each arm; none where it was not run. */
export function resultsOfPart<N extends PartName>(
  evaluation: Pick<Evaluation, 'parts'>,
  name: N,
): PartResult<N>[] {
  return evaluation.parts.filter(({ part }) => part === name).map(({ result }) => result as PartResult<N>);
}

/** The JSON Schema of `evaluation.json` as text; published as `schemas/evaluation.schema.json` and beside every `evaluation.json`. */
export function evaluationSchema(): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...EvaluationSchema }, null, 2)}\n`;
}
