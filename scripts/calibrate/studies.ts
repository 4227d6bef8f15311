import { MNIST_DATA } from '../../src/study/dataAbout.ts';
import { crossedBootstrap } from '../../src/stats/crossedBootstrap.ts';
import { normalCdf } from '../../src/stats/normal.ts';
import { DEFAULT_RULES, JUDGEMENT_VERSION } from '../../src/study/configuration.ts';
import type { ClaimId } from '../../src/study/claims.ts';
import type { State } from '../../src/study/decision.ts';
import type { NetworkMeasures } from '../../src/study/evaluation/networkMeasures.ts';
import { judgeClaims } from '../../src/study/judge.ts';
import { PAPER_RECIPE } from '../../src/study/recipe.ts';
import type { Results } from '../../src/study/results.ts';
import type { CrossedDifference } from '../../src/study/verdict.ts';
import { NO_BREAK_SPACE } from '../../src/study/wording.ts';
import { Random } from '../../src/util/random.ts';
import type { FixtureRun } from './fixture.ts';

/** A run as the claims are judged by it. */
export type Run = Omit<FixtureRun, 'arm' | 'seed' | 'calibrationError' | 'answers'>;

/** What would have been trained with one seed: the run named ReLU and the one named Tanh. */
export type Pair = readonly [relu: Run, tanh: Run];

/** What a study said of a statement: by its own rule, and as the report shows it, after Holm. */
export interface Said {
  readonly alone: State;
  readonly shown: State;
}

/** Fewer than in a report, whose standard error they estimate well enough. */
const RESAMPLES = 300;

export interface Judging {
  readonly claims: readonly ClaimId[];
  /** Images of each writer: C2 is then judged on new writers. */
  readonly writers?: readonly { readonly images: number }[];
}

/** What the report would say of a study with these runs under the rules of today, by statement, 'C1: ReLU has …'. */
export function judged(pairs: readonly Pair[], { claims, writers }: Judging): Map<string, Said> {
  const measures = new Map<string, NetworkMeasures>();
  const results = resultsOf(pairs, measures);
  const study = { ...results.study, claims: [...claims] };
  const judgements = judgeClaims(
    { ...results, study },
    { measures, ...(writers && { overWriters: overWriters(pairs, writers) }) },
  );
  return new Map(
    judgements.flatMap(({ claim, verdicts }) =>
      verdicts.map(({ statement, alone, state }) => [
        `${claim.id}: ${statement.replaceAll(NO_BREAK_SPACE, ' ')}`,
        { alone, shown: state },
      ]),
    ),
  );
}

/** Which of a writer's images a run misreads does not matter to what is drawn by writer: the first ones here. */
export function answersByWriter(
  writers: readonly { readonly images: number }[],
  errors: readonly number[],
): Uint8Array {
  const answers = new Uint8Array(writers.reduce((sum, { images }) => sum + images, 0)).fill(1);
  let from = 0;
  writers.forEach(({ images }, w) => {
    answers.fill(0, from, from + errors[w]);
    from += images;
  });
  return answers;
}

export function writerOfImages(writers: readonly { readonly images: number }[]): Uint32Array {
  return Uint32Array.from(writers.flatMap(({ images }, w) => new Array<number>(images).fill(w)));
}

function overWriters(
  pairs: readonly Pair[],
  writers: readonly { readonly images: number }[],
): CrossedDifference {
  const [relu, tanh] = [0, 1].map((arm) =>
    pairs.map((pair) => answersByWriter(writers, pair[arm].writerErrors)),
  );
  const { difference, low, high, standardError } = crossedBootstrap(relu, tanh, {
    random: new Random(0, 'report/all images'),
    resamples: RESAMPLES,
    clusters: writerOfImages(writers),
  });
  const p = standardError > 0 ? 2 * normalCdf(-Math.abs(difference) / standardError) : 1;
  return { mean: difference, low, high, p };
}

/** The results of a study of the paper's recipe; fills `measures` by trial key. */
function resultsOf(pairs: readonly Pair[], measures: Map<string, NetworkMeasures>): Results {
  const arms = ['relu', 'tanh'] as const;
  const seeds = pairs.map((_, k) => k + 1);
  return {
    format: 'dactyl-results/2',
    study: {
      name: 'null',
      question: 'Does the simulated study find what is not there?',
      arms: arms.map((activation) => ({ name: activation, recipe: { ...PAPER_RECIPE, activation } })),
      seeds,
      split: { kind: 'test' },
      rules: DEFAULT_RULES,
      quick: false,
    },
    studyHash: '0'.repeat(64),
    judgement: JUDGEMENT_VERSION,
    environment: { dactyl: '0', numerics: 1, runtime: '', platform: '', processor: '', workers: 1 },
    data: MNIST_DATA,
    parameters: {},
    failures: [],
    trials: pairs.flatMap((pair, k) =>
      arms.map((activation, a) => {
        const { history, testAccuracy, testLoss, confusionMatrix } = pair[a];
        const key = `${activation}/${k}`;
        measures.set(key, pair[a].measures);
        return {
          arm: activation,
          fold: null,
          key,
          activation,
          seed: seeds[k],
          history,
          testAccuracy,
          testLoss,
          confusionMatrix: confusionMatrix.map((row) => [...row]),
          weightsHash: [],
          seconds: 1,
        };
      }),
    ),
    aggregates: [],
    comparisons: [],
  };
}
