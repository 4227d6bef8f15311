import { robustnessMeasures, type RobustnessMeasures } from '../../../analysis/robustness/measures.ts';
import type { ReferenceErrors, Robustness } from '../../../analysis/robustness/result.ts';
import { mean } from '../../../stats/describe.ts';
import { fixed, percent, points } from '../../../study/wording.ts';
import type { Cell, Table } from '../../table.ts';
import { claimPair } from './follows.ts';
import { imagesText, intervalsText, shownArms } from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

const share = (value: number) => percent(value, 1);
const ratio = (value: number) => fixed(value, 2);

/** Accuracy under each corruption at the level of MNIST-C, and how many times the reference's errors that is. */
export function corruptionTable(robustness: Robustness & Worded): Table {
  const { corruptions, reference } = robustness;
  const arms = shownArms(robustness);
  const pair = claimPair(robustness)?.pair ?? null;
  const prefix = (label: string) => (arms.length > 1 ? `${label}: ` : '');
  return {
    name: 'robustness',
    caption: `Share of the ${wordsIn(robustness).things} read right under each corruption at the level of MNIST-C, on ${imagesText(robustness)}. ${intervalsText(arms)}.${reference ? ` Errors are told as a multiple of those of the reference: ${referenceText(reference)}.` : ''}`,
    columns: [
      { label: 'Corruption' },
      { label: 'What it looks like' },
      { label: 'Level' },
      ...arms.flatMap(({ label }) => [
        { label: `${prefix(label)}read right`, format: share },
        { label: `${prefix(label)}95 % low`, format: share },
        { label: `${prefix(label)}95 % high`, format: share },
        ...(reference ? [{ label: `${prefix(label)}errors v reference`, format: ratio }] : []),
      ]),
      ...(pair === null
        ? []
        : [
            { label: 'ReLU − Tanh', format: (value: number) => points(value, 1) },
            { label: 'p (Holm)', format: (value: number) => fixed(value, 3) },
          ]),
    ],
    rows: corruptions.map(({ label, meaning, settings, published }, c) => [
      label,
      meaning,
      settings[published],
      ...arms.flatMap(({ accuracy }): Cell[] => {
        const { mean: centre, low, high } = accuracy[c][published];
        const errors = reference?.corrupted[c] ?? 0;
        return [centre, low, high, ...(reference ? [errors > 0 ? (1 - centre) / errors : null] : [])];
      }),
      ...(pair === null ? [] : [pair.corruptions[c].difference, pair.corruptions[c].holm]),
    ]),
  };
}

function referenceText({ source, seeds, images }: ReferenceErrors): string {
  return source === 'arm'
    ? 'the ReLU arm itself'
    : `the paper’s ReLU network replicated with ${seeds} seeds, on ${images} test images`;
}

/** One row an arm: what its robustness comes to. */
export function armTable(robustness: Robustness & Worded): Table {
  const measures = robustnessMeasures(robustness);
  const own = (arm: string, of: (one: RobustnessMeasures) => number) =>
    mean(measures.filter((one) => one.arm === arm).map(of));
  return {
    name: 'robustness-arms',
    caption:
      'Robustness of each arm in few numbers. Noise and occlusion: area under accuracy from none to the most tried, 100 % for a perfect reader. Mean corruption error: errors as a multiple of the reference’s, mean over the corruptions; relative: only the errors that corruption adds.',
    columns: [
      { label: 'Arm' },
      { label: 'Networks' },
      { label: 'Clean', format: share },
      { label: 'Corrupted', format: share },
      { label: '95 % low', format: share },
      { label: '95 % high', format: share },
      { label: 'Moved, turned, slanted, shrunk', format: share },
      { label: 'Noise', format: share },
      { label: 'Occlusion', format: share },
      { label: 'Mean corruption error', format: ratio },
      { label: 'Relative', format: ratio },
    ],
    rows: shownArms(robustness).map((arm) => [
      arm.label,
      arm.seeds.length,
      arm.clean.mean,
      arm.suite.mean,
      arm.suite.low,
      arm.suite.high,
      own(arm.arm, ({ geometryAccuracy }) => geometryAccuracy),
      own(arm.arm, ({ noiseAccuracy }) => noiseAccuracy),
      own(arm.arm, ({ occlusionAccuracy }) => occlusionAccuracy),
      arm.meanCorruptionError?.mean ?? null,
      arm.relativeMeanCorruptionError?.mean ?? null,
    ]),
  };
}

/** Every level of every corruption and sweep. */
export function levelTable(robustness: Robustness & Worded): Table {
  const { corruptions, sweeps } = robustness;
  return {
    name: 'robustness-levels',
    caption: `Share of the ${wordsIn(robustness).things} read right at every level, on ${imagesText(robustness)}. ${intervalsText(shownArms(robustness))}.`,
    columns: [
      { label: 'Arm' },
      { label: 'Corruption' },
      { label: 'Level' },
      { label: 'Read right', format: share },
      { label: '95 % low', format: share },
      { label: '95 % high', format: share },
    ],
    rows: shownArms(robustness).flatMap(({ label: arm, clean, accuracy, swept }) => [
      [arm, 'Clean', '', clean.mean, clean.low, clean.high],
      ...[...corruptions, ...sweeps].flatMap(({ label, settings }, k) => {
        const estimates = k < corruptions.length ? accuracy[k] : swept[k - corruptions.length];
        return settings.map((setting, level): Cell[] => {
          const { mean: centre, low, high } = estimates[level];
          return [arm, label, setting, centre, low, high];
        });
      }),
    ]),
  };
}
