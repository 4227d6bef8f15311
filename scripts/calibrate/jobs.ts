import { type Coverage, coverageOf, INTERVAL_KINDS } from './coverage.ts';
import { type NullStudies, nullStudies, together } from './falseVerdicts.ts';
import type { Fixture } from './fixture.ts';
import { type ScenarioName, SCENARIOS } from './scenarios.ts';

/** As many seeds as `npm start` has, and as the shipped study has; with the null studies of each. */
const NULL_STUDIES: Readonly<Record<number, number>> = { 6: 1000, 100: 1000 };
export const NULL_SEEDS: readonly number[] = Object.keys(NULL_STUDIES).map(Number);

/** A part of the simulation, done by one thread. */
export type Job = { readonly n: number; readonly studies: number; readonly first: number } & (
  { readonly scenario: ScenarioName } | { readonly kind: string }
);

export type Done = NullStudies | Coverage;

/** All parts, `share` of each simulation's studies (at least ten). */
export function jobsOf(share: number): Job[] {
  const split = (studies: number, parts = 5): { studies: number; first: number }[] => {
    const each = Math.ceil(Math.max(10, studies * share) / parts);
    return Array.from({ length: parts }, (_, part) => ({ studies: each, first: part * each }));
  };
  const nulls = (Object.keys(SCENARIOS) as ScenarioName[]).flatMap((scenario) =>
    NULL_SEEDS.flatMap((n) =>
      split(NULL_STUDIES[n], NULL_STUDIES[n] / 200).map((part): Job => ({ scenario, n, ...part })),
    ),
  );
  const intervals = INTERVAL_KINDS.flatMap(({ name, sizes, studies }) =>
    sizes.flatMap((n) => split(studies).map((part): Job => ({ kind: name, n, ...part }))),
  );
  return [...nulls, ...intervals];
}

export function doJob(fixture: Fixture, job: Job): Done {
  if ('scenario' in job) return nullStudies(fixture, job.scenario, job.n, job.studies, job.first);
  const kind = INTERVAL_KINDS.find(({ name }) => name === job.kind)!;
  return coverageOf(fixture, kind, job.n, job.studies, job.first);
}

export interface Simulation {
  readonly nulls: readonly NullStudies[];
  readonly coverages: readonly Coverage[];
}

/** The parts put together, in the order of the jobs. */
export function gathered(done: readonly Done[]): Simulation {
  const nulls = Map.groupBy(
    done.filter((one) => 'scenario' in one),
    ({ scenario, n }) => `${scenario}/${n}`,
  );
  const coverages = Map.groupBy(
    done.filter((one) => 'kind' in one),
    ({ kind, n }) => `${kind}/${n}`,
  );
  const sum = (parts: readonly Coverage[], of: (part: Coverage) => number) =>
    parts.reduce((total, part) => total + of(part), 0);
  return {
    nulls: [...nulls.values()].map(together),
    coverages: [...coverages.values()].map((parts) => ({
      ...parts[0],
      studies: sum(parts, ({ studies }) => studies),
      covered: sum(parts, ({ covered }) => covered),
      below: sum(parts, ({ below }) => below),
      above: sum(parts, ({ above }) => above),
    })),
  };
}
