import { networkText } from '../../study/network.ts';
import { fixed, percent } from '../../study/wording.ts';
import { budgetOf } from '../../study/tuning/halving.ts';
import { type TuningResults } from '../../study/tuning/results.ts';
import { scoreOf } from '../../study/tuning/searchedTrial.ts';
import { PARAMETER_NAMES, searched } from '../../study/tuning/space.ts';
import { QUICK_LABEL } from '../input.ts';
import type { Cell, Column, Table } from '../table.ts';
import {
  accuracyInterval,
  armsOfSearch,
  heldOut,
  type Candidate,
  type SearchedArm,
  valueText,
} from './facts.ts';

const share = (value: number): string => percent(value);
const nats = (value: number): string => fixed(value, 4);

/** Best configurations, budgets, importance, and every configuration that was tried. */
export function tuningTables(results: TuningResults): Table[] {
  const arms = armsOfSearch(results);
  const note = results.tuning.quick ? { note: QUICK_LABEL } : {};
  return [
    { ...bestTable(results, arms), ...note },
    { ...budgetTable(results, arms), ...note },
    ...(arms.some(({ importance }) => importance !== null) ? [{ ...importanceTable(arms), ...note }] : []),
    { ...configurationsTable(results, arms), ...note },
  ];
}

function bestTable(results: TuningResults, arms: readonly SearchedArm[]): Table {
  const { tuning } = results;
  const parameters = searched(tuning.space);
  return {
    name: 'best',
    caption: 'The best of each arm, beside the recipe as it stands; accuracy on held-out training images',
    columns: [
      { label: 'Arm' },
      { label: 'Configuration' },
      ...parameters.map((parameter) => ({ label: PARAMETER_NAMES[parameter] })),
      { label: 'layers' },
      { label: 'epochs' },
      { label: 'accuracy', format: share },
      { label: '95 % from', format: share },
      { label: 'to', format: share },
      { label: 'loss', format: nats },
    ],
    rows: arms.flatMap((arm) => {
      const { best, reference, candidates, label } = arm;
      const both = best === null || best === reference ? [reference] : [best, reference];
      return both.map((trial): Cell[] => {
        const { values } = candidates.find(({ number }) => number === trial.configuration)!;
        const score = scoreOf(trial);
        const interval = accuracyInterval(trial, heldOut(results));
        return [
          label,
          numberOf(trial.configuration),
          ...parameters.map((parameter) => valueText(parameter, values[parameter]!)),
          networkText(trial.recipe),
          trial.recipe.epochs,
          score?.accuracy ?? null,
          interval?.low ?? null,
          interval?.high ?? null,
          score?.loss ?? null,
        ];
      });
    }),
  };
}

function budgetTable({ tuning }: TuningResults, arms: readonly SearchedArm[]): Table {
  const { trials: allowed, epochs } = budgetOf(tuning);
  return {
    name: 'budget',
    caption: 'What each arm was allowed and what it spent',
    columns: [
      { label: 'Arm' },
      { label: 'trials allowed' },
      { label: 'run' },
      { label: 'failed' },
      { label: 'epochs allowed' },
      { label: 'run' },
      { label: 'seconds of training', format: (value) => fixed(value, 0) },
    ],
    rows: arms.map(({ label, trials }) => [
      label,
      allowed,
      trials.length,
      trials.filter(({ history }) => history === null).length,
      epochs,
      trials.reduce((sum, { recipe }) => sum + recipe.epochs, 0),
      trials.reduce((sum, { seconds }) => sum + seconds, 0),
    ]),
  };
}

function importanceTable(arms: readonly SearchedArm[]): Table {
  return {
    name: 'importance',
    caption: 'Share of the order of the configurations that goes with each parameter alone',
    columns: [
      { label: 'Arm' },
      { label: 'Parameter' },
      { label: 'share', format: (value) => percent(value, 1) },
      { label: 'p, after Holm', format: (value) => fixed(value, 3) },
      { label: 'reached by chance in 1 of 20', format: (value) => percent(value, 1) },
    ],
    rows: arms.flatMap(({ label, importance }) =>
      importance === null
        ? []
        : importance.parameters.map((parameter, k): Cell[] => [
            label,
            PARAMETER_NAMES[parameter],
            importance.shares[k],
            importance.p[k],
            importance.chance[k],
          ]),
    ),
  };
}

function configurationsTable({ tuning }: TuningResults, arms: readonly SearchedArm[]): Table {
  const parameters = searched(tuning.space);
  const columns: Column[] = [
    { label: 'Arm' },
    { label: 'Configuration' },
    ...parameters.map((parameter) => ({ label: PARAMETER_NAMES[parameter] })),
    { label: 'layers' },
    ...tuning.rungs.map((epochs) => ({ label: `accuracy, epoch ${epochs}`, format: share })),
    { label: 'loss at its last', format: nats },
    { label: 'seconds', format: (value: number) => fixed(value, 1) },
    { label: 'end' },
  ];
  return {
    name: 'configurations',
    caption: 'Every configuration that was tried, failed ones too; accuracy on held-out training images',
    columns,
    rows: arms.flatMap((arm) =>
      arm.candidates.map((candidate): Cell[] => {
        const { number, values, trials } = candidate;
        const last = trials[trials.length - 1];
        return [
          arm.label,
          numberOf(number),
          ...parameters.map((parameter) => valueText(parameter, values[parameter]!)),
          networkText(last.recipe),
          ...tuning.rungs.map((_, rung): Cell => {
            const trial = trials.find((one) => one.rung === rung);
            return (trial && scoreOf(trial)?.accuracy) ?? null;
          }),
          scoreOf(last)?.loss ?? null,
          trials.reduce((sum, { seconds }) => sum + seconds, 0),
          endOf(arm, candidate, tuning.rungs.length),
        ];
      }),
    ),
  };
}

function endOf({ best }: SearchedArm, { number, trials }: Candidate, rungs: number): string {
  const last = trials[trials.length - 1];
  if (last.message !== null) return `failed: ${last.message}`;
  if (best?.configuration === number) return 'best';
  if (number === null) return 'for comparison';
  return last.rung === rungs - 1 ? 'to the last rung' : `given up after epoch ${last.recipe.epochs}`;
}

function numberOf(configuration: number | null): string {
  return configuration === null ? 'recipe as it stands' : `#${configuration + 1}`;
}
