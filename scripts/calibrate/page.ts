import { type Coverage, INTERVAL_KINDS } from './coverage.ts';
import type { NullStudies } from './falseVerdicts.ts';
import type { Fixture } from './fixture.ts';
import { NULL_SEEDS, type Simulation } from './jobs.ts';
import { NULLS, type Null } from './nulls.ts';
import { type ScenarioName, SCENARIOS } from './scenarios.ts';

/** 5 % and what the error of 1,000 simulated studies may add, 2.18 standard errors; of fewer studies these are larger. */
const MOST_FALSE = 0.065;
const mostFalse = (studies: number): number => 0.05 + 2.18 * Math.sqrt((0.05 * 0.95) / studies);
const [LEAST_COVERED, MOST_COVERED] = [0.93, 0.97];
const ARM_COMPARISONS: readonly ScenarioName[] = ['swapped', 'split-relu', 'split-tanh'];

const percent = (share: number): string => (100 * share).toFixed(1);
/** Of a share, one standard error, in points. */
const error = (share: number, studies: number): string =>
  (100 * Math.sqrt((share * (1 - share)) / studies)).toFixed(1);

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${row(head)}${row(head.map(() => '---'))}${rows.map(row).join('')}`;
}

/** What the simulation finds against what is promised, one line each; empty where all is well. */
export function faultsOf({ nulls, coverages }: Simulation): string[] {
  const verdicts = nulls.flatMap(({ scenario, n, studies, statements, any }) => [
    ...statements
      .filter(({ shown, judged }) => shown > mostFalse(judged) * judged)
      .map(
        ({ statement, shown, judged }) =>
          `${statement}: ${percent(shown / judged)} % false (${scenario}, ${n} seeds)`,
      ),
    ...(ARM_COMPARISONS.includes(scenario) && any > mostFalse(studies) * studies
      ? [`${percent(any / studies)} % of the studies say something false (${scenario}, ${n} seeds)`]
      : []),
  ]);
  const intervals = coverages.filter((one) => isOutside(one) && kindOf(one).stated === undefined);
  return [
    ...verdicts,
    ...intervals.map(
      ({ kind, n, covered, studies }) =>
        `${kind}, ${n}: covers ${percent(covered / studies)} %, which no page states`,
    ),
  ];
}

/** By more than the simulation's own error. */
function isOutside({ covered, studies }: Coverage): boolean {
  const share = covered / studies;
  const slack = Math.sqrt((share * (1 - share)) / studies);
  return share + slack < LEAST_COVERED || share - slack > MOST_COVERED;
}

function kindOf({ kind }: Coverage) {
  return INTERVAL_KINDS.find(({ name }) => name === kind)!;
}

function nullsOf(statement: string): readonly Null[] {
  const nulls = NULLS[statement];
  return 'none' in nulls ? [] : nulls;
}

function statementRows(nulls: readonly NullStudies[]): (string | number)[][] {
  return Object.keys(NULLS).flatMap((statement) => {
    const own = NULLS[statement];
    if ('none' in own) return [[statement, `none: ${own.none}`, '', ...NULL_SEEDS.map(() => '')]];
    return nullsOf(statement).map(({ scenario, wrong }) => [
      statement,
      scenario,
      wrong.join(', '),
      ...NULL_SEEDS.map((n) => {
        const found = nulls
          .find((one) => one.scenario === scenario && one.n === n)
          ?.statements.find((one) => one.statement === statement);
        if (found === undefined || found.judged === 0) return 'not measured';
        const alone = (found.supported + found.contradicted) / found.judged;
        return `${percent(alone)} / ${percent(found.shown / found.judged)}`;
      }),
    ]);
  });
}

/** The rows above what is asked for, and why. */
function tooOften(nulls: readonly NullStudies[]): string {
  const named = (falseOf: (one: NullStudies['statements'][number]) => number): string => {
    const found = nulls.flatMap(({ scenario, n, statements }) =>
      statements
        .filter(
          (one) =>
            nullsOf(one.statement).some((null_) => null_.scenario === scenario) &&
            falseOf(one) > MOST_FALSE * one.judged,
        )
        .map((one) => `${one.statement} (${scenario}, ${n} seeds, ${percent(falseOf(one) / one.judged)} %)`),
    );
    return found.length === 0 ? 'none' : found.join('; ');
  };
  return `Above ${percent(MOST_FALSE)} %, as the report shows it: ${named(({ shown }) => shown)}. By its own rule, before the correction: ${named(({ supported, contradicted }) => supported + contradicted)}.`;
}

function familyRows(nulls: readonly NullStudies[]): (string | number)[][] {
  return ARM_COMPARISONS.map((scenario) => [
    scenario,
    ...NULL_SEEDS.map((n) => {
      const found = nulls.find((one) => one.scenario === scenario && one.n === n)!;
      return percent(found.any / found.studies);
    }),
  ]);
}

function coverageRows(coverages: readonly Coverage[]): (string | number)[][] {
  return coverages.map((one) => {
    const { n, studies, covered, below, above } = one;
    const { name, printed, unit, stated } = kindOf(one);
    const share = covered / studies;
    const isWithin = share >= LEAST_COVERED && share <= MOST_COVERED;
    const unstated = isOutside(one) ? 'outside 93–97 %' : 'outside by less than the simulation’s error';
    const said = isWithin ? '' : (stated ?? unstated);
    return [
      name,
      printed,
      `${n} ${unit}`,
      `${percent(share)} ± ${error(share, studies)}`,
      percent(below / studies),
      percent(above / studies),
      said,
    ];
  });
}

/** Of several rows with one generator only the first says it. */
function generators(): string {
  const byGenerator = Map.groupBy(INTERVAL_KINDS, ({ generator }) => generator);
  return [...byGenerator]
    .map(([generator, kinds]) => `- ${kinds.map(({ name }) => name).join('; ')}: ${generator}.\n`)
    .join('');
}

export function calibrationPage(fixture: Fixture, { nulls, coverages }: Simulation): string {
  const { study, pairs, sha256 } = fixture;
  const studies = NULL_SEEDS.map((n) => `${nulls.find((one) => one.n === n)!.studies} of ${n} seeds`).join(
    ', ',
  );
  const fewest = Math.min(...nulls.map((one) => one.studies));
  return `# How often verdicts and intervals are wrong

Made by \`npm run calibrate\`, which writes this page with the same bits each time; nothing on it is written by hand. It draws from
\`test/fixtures/calibration-runs.json.gz\` (SHA-256 of its content \`${sha256}\`): what is kept of the ${pairs.length} pairs of runs of
\`${study.name}\` (study hash \`${study.hash.slice(0, 12)}\`), seeds ${pairs[0][0].seed} to ${pairs[pairs.length - 1][0].seed}. The judging code is the product's own.

## False verdicts

Simulated studies for each null: ${studies} (as many as \`npm start\` and the shipped study have). Of each statement: the share, in percent, that is falsely supported or
contradicted **by its own rule / as the report shows it**, after Holm's correction over the tests of the claims that the null is about (all but C9,
C10 and C11 for swapped and split arms; a family of fewer tests corrects less, so the report's own is no less strict). 5 % is the level; at most ${percent(MOST_FALSE)} % is asked for, which allows for the error of 1,000 simulated
studies, .7 points (of fewer it is larger: one standard error is ${error(0.05, fewest)} points of the fewest here). 'Equivalent' is no false verdict under a null.

${table(['Statement', 'Null', 'False then', ...NULL_SEEDS.map((n) => `${n} seeds`)], statementRows(nulls))}
${tooOften(nulls)}

The nulls:

${Object.entries(SCENARIOS)
  .map(([name, { words }]) => `- \`${name}\`: ${words}.\n`)
  .join('')}
A split arm has as many pairs as there are seeds, but at most half of the fixture's ${pairs.length}.

**All comparisons of arms in one report together**, under Holm: the share of studies, in percent, in which at least one is falsely
supported or contradicted.

${table(['Null', ...NULL_SEEDS.map((n) => `${n} seeds`)], familyRows(nulls))}
## Coverage of intervals

How often a 95 % interval held the truth, in percent, ± one standard error of the simulation; how often the truth lay below it, and
above. 93 to 97 % is asked for; where it is another, the last column says how the pages state it.

${table(['Interval', 'Where', 'Of', 'Covered', 'Below', 'Above', 'Stated'], coverageRows(coverages))}
How the studies are made whose truth is known:

${generators()}`;
}
