import { armsOf } from '../study/arm.ts';
import type { Results } from '../study/results.ts';
import { paperTestAccuracy } from '../study/paper.ts';
import { activationName, grouped } from '../study/wording.ts';
import { alignColumns, wrapped } from './terminal.ts';

/** More pairs than this are summed up. */
const MOST_PAIRS = 45;

/** Per activation and per pair, what a paper's table would say; accuracies as shares, differences in points. Lines for the terminal. */
export function conclusion(results: Results): string[] {
  const { study, aggregates, comparisons } = results;
  const folds = study.split.kind === 'folds';
  const arms = aggregates.map(({ arm, runs, testAccuracy, testLoss }) => [
    activationName(arm),
    String(runs),
    testAccuracy.mean.toFixed(4),
    testAccuracy.sd === null ? '–' : `± ${testAccuracy.sd.toFixed(4)}`,
    testAccuracy.min.toFixed(4),
    testAccuracy.max.toFixed(4),
    testLoss.mean.toFixed(4),
    papers(arm, results)?.toFixed(4) ?? '–',
  ]);
  const header = [
    folds ? 'Accuracy on kept-out folds' : 'Test accuracy',
    folds ? 'runs' : 'seeds',
    'mean',
    'sd',
    'min',
    'max',
    'loss',
    'paper, 1 run',
  ];
  const rows = [header, ...arms];
  const withPaper = arms.some((row) => row.at(-1) !== '–');
  const method = folds
    ? 'corrected after Nadeau and Bengio, paired by fold'
    : study.stopping
      ? `always-valid, after ${aggregates[0].runs} of ${study.seeds.length} seeds`
      : 'Student, paired by seed';
  const pairs = comparisons
    .filter(({ measure }) => measure === 'testAccuracy')
    .map(({ first, second, mean, interval }) => {
      const range = !interval
        ? `no interval from ${study.stopping ? 'so few seeds' : folds ? 'one fold' : 'one seed'}`
        : interval[0] === interval[1]
          ? 'no interval: the same each time'
          : `95 % interval ${points(interval[0])} to ${points(interval[1])} (${method})`;
      const name = `${activationName(first)} − ${activationName(second)}`;
      return wrapped(`${name}: ${points(mean)} points, ${range}${papersDifference(first, second, results)}`);
    });
  if (pairs.length > MOST_PAIRS) {
    const clear = comparisons.filter(
      ({ measure, interval }) =>
        measure === 'testAccuracy' &&
        interval &&
        interval[0] !== interval[1] &&
        (interval[0] > 0 || interval[1] < 0),
    );
    pairs.splice(
      0,
      pairs.length,
      wrapped(
        `${grouped(pairs.length)} pairs: the 95 % interval (${method}) of ${grouped(clear.length)} lies on one side of zero. The report has each.`,
      ),
    );
  }
  return [...alignColumns(withPaper ? rows : rows.map((row) => row.slice(0, -1))), '', ...pairs];
}

function papers(name: string, results: Results): number | null {
  return paperTestAccuracy(
    armsOf(results).find((arm) => arm.name === name)!,
    results,
  );
}

function papersDifference(first: string, second: string, results: Results): string {
  const a = papers(first, results);
  const b = papers(second, results);
  return a === null || b === null ? '' : `; the paper’s single runs: ${points(a - b)}`;
}

function points(difference: number): string {
  const text = Math.abs(100 * difference).toFixed(2);
  return `${difference < 0 ? '−' : '+'}${text}`;
}
