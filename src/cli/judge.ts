import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { alignPredictions } from '../analysis/alignPredictions.ts';
import { MOST_CHARACTERS, parsePredictions } from '../analysis/predictionTable.ts';
import {
  answerSentence,
  limitsOf,
  pairSentence,
  statementOf,
  verdictText,
} from '../report/judgement/prose.ts';
import type { JudgedFile } from '../report/judgement/page.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { packageVersion } from '../store/environment.ts';
import { fileError } from '../store/fileError.ts';
import { judgePredictions, type PredictionJudgement } from '../study/judgePredictions.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { alignColumns, print, styled, wrapped } from './terminal.ts';

export interface JudgeOptions {
  /** In percentage points. */
  readonly rope: number;
  readonly out?: string;
  readonly json?: boolean;
}

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
  signal?: AbortSignal,
): Promise<void> {
  if (out !== undefined && files.some((file) => resolve(file) === resolve(out))) {
    throw new DactylError(
      'E_ARGUMENT',
      `--out: expected another file than the predictions, received ${out}.`,
    );
  }
  const sources: JudgedFile[] = [];
  const tables = files.map((file) => {
    const bytes = read(file);
    sources.push({ file, sha256: sha256Hex(bytes) });
    return parsePredictions(decode(bytes, file), file);
  });
  const judgement = await judgePredictions(alignPredictions(tables), {
    rope: rope / 100,
    ...(signal && { signal }),
  });
  if (out !== undefined) {
    // Loaded here, for they take longer than all the rest of the command.
    const [{ JSDOM }, { judgementPage }] = await Promise.all([
      import('jsdom'),
      import('../report/judgement/page.ts'),
    ]);
    const { document } = new JSDOM().window;
    writeFileAtomic(out, judgementPage(judgement, sources, { document, version: packageVersion() }));
  }
  if (json === true) {
    print(JSON.stringify({ files: sources, ...judgement }, null, 2));
    return;
  }
  judgementLines(judgement).forEach((line) => {
    print(line);
  });
  if (out !== undefined) print(`\nReport   ${styled('bold', out)}`);
}

/** As the end of `dactyl compare` writes it: a table, the pairs, what follows. */
function judgementLines(judgement: PredictionJudgement): string[] {
  const { models, pairs } = judgement;
  const rows = models.map(({ name, runs, accuracy, logLoss }) => {
    const { low, high } = accuracy.spread ?? runs[0].wilson;
    return [
      name,
      String(runs.length),
      accuracy.mean.toFixed(4),
      accuracy.spread === null ? '–' : `± ${accuracy.spread.sd.toFixed(4)}`,
      accuracy.min.toFixed(4),
      accuracy.max.toFixed(4),
      `${low.toFixed(4)} … ${high.toFixed(4)}`,
      accuracy.spread === null ? 'Wilson, images' : 'Student, seeds',
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
      : pairs.flatMap((pair) => [
          wrapped(`${statementOf(pair)}: ${verdictText(pair)}`),
          wrapped(pairSentence(pair, judgement)),
          '',
        ])),
    ...(pairs.length === 0 ? [] : [wrapped(doesNot[0])]),
  ];
}

function read(file: string): Uint8Array {
  let bytes: number;
  try {
    bytes = statSync(file).size;
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  if (bytes > MOST_CHARACTERS) {
    throw new DactylError(
      'E_FORMAT',
      `${file}: expected at most ${MOST_CHARACTERS} bytes, received ${bytes}. Write the predicted label instead of probabilities, or fewer digits.`,
    );
  }
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileError(error, 'read', file);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DactylError('E_FORMAT', `${file}: expected text in UTF-8, received other bytes.`);
  }
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
