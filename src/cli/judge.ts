import { extname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  answerSentence,
  limitsOf,
  pairSentence,
  statementOf,
  verdictText,
} from '../report/judgement/prose.ts';
import type { PredictionJudgement } from '../study/judgePredictions.ts';
import { countOf, grouped } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { inThread } from './inThread.ts';
import type { JudgeAnswer, JudgeTask } from './judgeFiles.ts';
import { Progress } from './progress.ts';
import { alignColumns, print, styled, warn, wrapped } from './terminal.ts';

export interface JudgeOptions {
  /** In percentage points. */
  readonly rope: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Of the bar. */
const STEPS = 200;
/** More pairs than this are summed up; the page and `--json` have all. */
const MOST_PAIRS = 10;

/** `dactyl judge A.csv B.csv …` */
export function judgeCommand(): Command {
  return new Command('judge')
    .description(
      'Compare models that were trained anywhere by their predictions: accuracy with intervals, tests, a verdict for every two.',
    )
    .argument(
      '<files...>',
      'CSV files, one for each model: label, predicted or p0 … p9, and if known seed and group',
    )
    .addOption(
      new Option('--rope <points>', 'half-width of the region of practical equivalence, in percentage points')
        .argParser(ropePoints)
        .default(0.1),
    )
    .option('--out <file>', 'write a report page, such as judgement.html')
    .option('--json', 'print the numbers as JSON, and nothing else')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl judge relu.csv tanh.csv\n  dactyl judge keras.csv forest.csv --rope 0.5 --out judgement.html',
    );
}

/** Reads, judges, prints, writes. Throws E_FILE, E_FORMAT, E_MISMATCH, E_ARGUMENT and E_ABORTED, each in a line. */
export async function judge(
  files: readonly string[],
  { rope, out, json }: JudgeOptions,
  signal: AbortSignal,
): Promise<void> {
  if (out !== undefined && files.some((file) => resolve(file) === resolve(out))) {
    throw new DactylError(
      'E_ARGUMENT',
      `--out: expected another file than the predictions, received ${out}.`,
    );
  }
  const progress = new Progress(STEPS, json !== true);
  progress.begin(`${countOf(files.length, 'file')} of predictions`);
  let done = 0;
  let answer: JudgeAnswer;
  try {
    answer = await inThread<JudgeTask, JudgeAnswer>(
      new URL(`./judgeWorker${extname(import.meta.url)}`, import.meta.url),
      { files, rope: rope / 100, out: out ?? null },
      {
        signal,
        stopped: 'Judging was stopped on request; nothing was written.',
        onProgress: (share) => {
          for (; done < Math.floor(STEPS * share); done++) {
            progress.advance(share < 0.5 ? 'reading' : 'comparing');
          }
        },
      },
    );
  } finally {
    progress.end();
  }
  const { judgement } = answer;
  judgement.warnings.forEach(warn);
  if (json === true) {
    print(JSON.stringify({ files: answer.files, ...judgement }, null, 2));
    return;
  }
  judgementLines(judgement).forEach((line) => {
    print(line);
  });
  if (out !== undefined) print(`\nReport   ${styled('bold', out)}`);
}

/** As the end of `dactyl compare` writes it: a table, the pairs, what follows. */
function judgementLines(judgement: PredictionJudgement): string[] {
  const { models, pairs, groups } = judgement;
  const rows = models.map(({ name, runs, accuracy, logLoss }) => {
    const { low, high } = accuracy.spread ?? runs[0].wilson;
    return [
      name,
      String(runs.length),
      accuracy.mean.toFixed(4),
      accuracy.spread === null ? '–' : `± ${accuracy.spread.sd.toFixed(4)}`,
      accuracy.min.toFixed(4),
      accuracy.max.toFixed(4),
      low === high ? '–' : `${low.toFixed(4)} … ${high.toFixed(4)}`,
      low === high
        ? 'the same each time'
        : accuracy.spread === null
          ? `Wilson, ${groups === null ? 'images' : 'groups'}`
          : 'Student, seeds',
      logLoss === null ? '–' : logLoss.toFixed(4),
    ];
  });
  const header = ['Accuracy', 'runs', 'mean', 'sd', 'min', 'max', '95 % interval', 'of', 'log loss'];
  const { doesNot } = limitsOf(judgement);
  return [
    ...alignColumns([header, ...rows]),
    '',
    ...(pairs.length === 0
      ? [wrapped(answerSentence(judgement))]
      : pairs.length > MOST_PAIRS
        ? [
            wrapped(answerSentence(judgement)),
            wrapped(`The ${grouped(pairs.length)} pairs one by one: --out judgement.html, or --json.`),
            '',
          ]
        : pairs.flatMap((pair) => [
            wrapped(`${statementOf(pair)}: ${verdictText(pair)}`),
            wrapped(pairSentence(pair, judgement)),
            '',
          ])),
    ...(pairs.length === 0 ? [] : [wrapped(doesNot[0])]),
  ];
}

function ropePoints(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0 && value < 100)) {
    throw new DactylError(
      'E_ARGUMENT',
      `--rope: expected percentage points from 0 to below 100, received "${text}".`,
    );
  }
  return value;
}
