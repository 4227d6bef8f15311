import { type Importance, parameterImportance } from '../../analysis/importance/parameterImportance.ts';
import type { Work } from '../../analysis/subject.ts';
import type { Results } from '../results.ts';
import type { DataAbout } from '../dataAbout.ts';
import type { StudyFile } from '../configuration.ts';
import { requireFields } from '../../util/options.ts';
import { type Tuning, tuningHash } from './configuration.ts';
import { compareScores, type Score } from './halving.ts';
import { positionOf, sampleConfigurations, type Values } from './sample.ts';
import { type SearchedTrial, scoreOf } from './searchedTrial.ts';
import { type Parameter, searched } from './space.ts';

export interface ArmImportance extends Importance {
  readonly parameters: readonly Parameter[];
}

/** `results.json` of a search. */
export interface TuningResults {
  readonly format: 'dactyl-tuning-results/1';
  readonly tuning: Tuning;
  readonly tuningHash: string;
  readonly environment: Results['environment'];
  readonly data: DataAbout;
  /** What was drawn, the same for every arm. */
  readonly configurations: readonly Values[];
  readonly arms: readonly {
    readonly arm: string;
    /** The recipe as it stands, then rung by rung in the order of the configurations. */
    readonly trials: readonly SearchedTrial[];
    /** Key of the best trial; null where all failed. */
    readonly best: string | null;
    /** Of the first rung, which all configurations ran; null where there are too few to say. */
    readonly importance: ArmImportance | null;
  }[];
}

/** Throws E_ABORTED once the work's signal is aborted. */
export async function tuningResults(
  tuning: Tuning,
  trials: readonly (readonly SearchedTrial[])[],
  { environment, data }: Pick<TuningResults, 'environment' | 'data'>,
  work: Work = {},
): Promise<TuningResults> {
  const configurations = sampleConfigurations(tuning.space, tuning.configurations, tuning.seed);
  const arms: TuningResults['arms'][number][] = [];
  for (const [k, { name }] of tuning.arms.entries()) {
    arms.push({
      arm: name,
      trials: trials[k],
      best: bestOf(trials[k], tuning.objective)?.key ?? null,
      importance: await importanceIn(tuning, configurations, trials[k], work),
    });
  }
  return {
    format: 'dactyl-tuning-results/1',
    tuning,
    tuningHash: tuningHash(tuning),
    environment,
    data,
    configurations,
    arms,
  };
}

/** The best of all trials, whatever their rung, the recipe as it stands among them; of equals the shorter, then the first. */
export function bestOf(
  trials: readonly SearchedTrial[],
  objective: Tuning['objective'],
): SearchedTrial | undefined {
  let best: SearchedTrial | undefined;
  for (const trial of trials) {
    const score = scoreOf(trial);
    if (score === null) continue;
    const order = best === undefined ? -1 : compareScores(objective, score, scoreOf(best)!);
    if (order < 0 || (order === 0 && trial.recipe.epochs < best!.recipe.epochs)) best = trial;
  }
  return best;
}

/** A study that trains the best of every arm again, with seeds that the search has not seen, and looks at the test set once. */
export function bestStudy(results: TuningResults): StudyFile | null {
  requireFields('bestStudy: results', ['tuning', 'arms'], results);
  const { tuning, arms } = results;
  const best = arms.flatMap(({ arm, trials, best: key }) => {
    const trial = trials.find((one) => one.key === key);
    return trial ? [[arm, trial.recipe] as const] : [];
  });
  if (best.length === 0) return null;
  return {
    name: `${tuning.name.slice(0, 115)}-best`,
    question: `With equal budgets of tuning for each, what do the best configurations of ${tuning.name} come to on the test set?`,
    arms: Object.fromEntries(best),
    seeds: tuning.confirmation,
    firstSeed: tuning.seed + 1,
    split: { kind: 'holdout' },
    ...(tuning.data !== undefined && { data: tuning.data }),
  };
}

/** By the ranks of the objective after the first rung, failed trials last: a few networks that never learn would hide all else otherwise. */
async function importanceIn(
  tuning: Tuning,
  configurations: readonly Values[],
  trials: readonly SearchedTrial[],
  work: Work,
): Promise<ArmImportance | null> {
  const { space, objective, seed } = tuning;
  const parameters = searched(space);
  const first = trials.filter(({ rung, configuration }) => rung === 0 && configuration !== null);
  const scores = first.map(scoreOf);
  const worse = (a: Score | null, b: Score | null): number =>
    a === null || b === null ? Number(a === null) - Number(b === null) : compareScores(objective, a, b);
  const places = scores.map(
    (one) =>
      scores.filter((other) => worse(one, other) < 0).length -
      scores.filter((other) => worse(one, other) > 0).length,
  );
  const columns = parameters.map((parameter) => {
    const distribution = space[parameter]!;
    const values = first.map(({ configuration }) => configurations[configuration!][parameter]!);
    return distribution.kind === 'choice' && typeof distribution.values[0] === 'string'
      ? {
          levels: distribution.values.length,
          values: values.map((value) => distribution.values.indexOf(value as never)),
        }
      : { levels: null, values: values.map((value) => positionOf(distribution, value as number)) };
  });
  const importance = await parameterImportance(columns, places, seed, work);
  return importance && { parameters, ...importance };
}
