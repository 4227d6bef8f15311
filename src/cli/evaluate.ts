import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type PartName, PART_NAMES } from '../analysis/evaluation/parts.ts';
import { evaluateTarget } from '../queue/evaluation/evaluate.ts';
import { openTarget, type Target } from '../queue/evaluation/target.ts';
import { evaluationAnswer } from '../report/evaluation/deciders.ts';
import { QUICK_EVALUATION } from '../report/evaluation/page.ts';
import { ensureWritableFolder } from '../store/atomic.ts';
import type { DataSet } from '../data/dataSet.ts';
import { USUAL_DATA } from '../store/data.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { capitalised, countOf } from '../study/wording.ts';
import { wholeNumber } from './compareOptions.ts';
import { dataOfTarget, dataOption } from './dataOption.ts';
import { outOf, writableRoot } from './evaluationFolders.ts';
import { EvaluationProgress } from './evaluationProgress.ts';
import { readEvaluationFiles } from './evaluationFiles.ts';
import { reportInput } from './execute.ts';
import { ignoredByEvaluation } from './ignored.ts';
import { judgedByEvaluation } from './judgedByEvaluation.ts';
import { formatSeconds } from './progress.ts';
import { shellCommand } from './shellCommand.ts';
import { refuseStudyFile } from './refuseStudyFile.ts';
import { print, styled, warn, wrapped } from './terminal.ts';
import { writeEvaluationPage, writeReport } from './writeReport.ts';

export interface EvaluateCommandOptions {
  data?: string;
  out?: string;
  jobs: number;
  only?: PartName[];
  images?: string;
  labels?: string;
  writers?: string;
  costs?: string;
  watts?: number;
  quick?: true;
  quiet?: true;
}

/** `dactyl evaluate MODEL|TRIAL|STUDY` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'The critical evaluation of a trained model or of a study: robustness, equity, calibration, explanations, privacy, and what follows for its use.',
    )
    .argument('<target>', 'a model file, the folder of a kept trial, or that of a study')
    .addOption(dataOption())
    .option('--out <folder>', 'where the page goes (default: the study’s folder, or one beside the model)')
    .addOption(
      new Option('--jobs <n>', 'threads')
        .argParser(wholeNumber(1, 256))
        .default(availableParallelism(), 'the number of cores'),
    )
    .addOption(
      new Option('--only <parts...>', `compute only these of ${PART_NAMES.join(', ')}`).argParser(partOption),
    )
    .option('--images <file>', 'IDX file of test images of your own, instead of the data’s')
    .option('--labels <file>', 'IDX file of their labels')
    .option(
      '--writers <file>',
      'QMNIST label file of the test images: intervals are then clustered by writer',
    )
    .option('--costs <file>', 'JSON file, classes × classes: what it costs to take class t for class p')
    .option('--watts <n>', 'of the machine while training, for an estimate of energy', watts)
    .option('--quick', 'on smaller samples, in seconds; labelled as such everywhere')
    .option('--quiet', 'print the conclusion only')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl evaluate runs/relu-vs-tanh\n  dactyl evaluate digits.safetensors --quick\n  dactyl evaluate digits.safetensors --images scans-idx3 --labels scans-idx1',
    );
}

/** Measures, or takes from where it is kept, writes evaluation.html and, of a study, its report anew. */
export async function evaluate(
  path: string,
  options: EvaluateCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const say = options.quiet ? () => undefined : print;
  refuseStudyFile(path);
  const source = await dataOfTarget(path, options.data);
  const target = await openTarget(path, { data: source, signal });
  const folder = outOf(options.out, target);
  const given = readEvaluationFiles(options, source);
  ensureWritableFolder(folder);
  const quick = options.quick ?? false;
  say(
    `${styled('bold', target.identity.name)}: ${countOf(target.networks.length, 'network')}${quick ? `. ${QUICK_EVALUATION}` : ''}`,
  );
  const progress = new EvaluationProgress(!options.quiet);
  let evaluation: Evaluation;
  try {
    evaluation = await evaluateTarget(target, {
      source,
      ...given,
      quick,
      only: options.only ?? null,
      root: writableRoot(target, folder),
      workers: options.jobs,
      command: commandOf(path, options),
      watts: options.watts ?? null,
      signal,
      observer: progress,
      warn,
    });
  } finally {
    progress.end();
  }
  say('Writing the page …');
  const written = await writeEvaluationPage({ folder, evaluation }, signal);
  const report = await studyReport(target, { folder, source, writers: given.writers?.of }, signal);
  ignoredByEvaluation(evaluation, options, report !== undefined).forEach(warn);
  say();
  if (quick) print(styled('yellow', QUICK_EVALUATION));
  print(wrapped(evaluationAnswer(evaluation)));
  print();
  print(`Page     ${styled('bold', written.page)}`);
  print(`Results  ${written.results}`);
  if (report !== undefined) print(`Report   ${report}${judgedByEvaluation(target.results!, evaluation)}`);
  print(`${capitalised(formatSeconds((performance.now() - start) / 1000))} in all.`);
}

/** The study's report, written again where the evaluation lies beside it. */
async function studyReport(
  { results, folder: own }: Target,
  { folder, source, writers }: { folder: string; source: DataSet; writers: Uint16Array | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (results === null || join(folder) !== join(own)) return undefined;
  const input = await reportInput({ results, folder, source, ...(writers && { writers }) }, signal);
  return (await writeReport({ folder, input }, signal)).report;
}

/** That gives the same evaluation. */
function commandOf(
  path: string,
  { data, images, labels, writers, costs, watts, quick }: EvaluateCommandOptions,
): string {
  const named = data === USUAL_DATA ? undefined : data;
  const files = { data: named, images, labels, writers, costs, watts };
  const flags = Object.entries(files).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  return shellCommand(['dactyl', 'evaluate', path, ...flags, ...(quick ? ['--quick'] : [])]);
}

function partOption(name: string, before: PartName[] | undefined): PartName[] {
  if (!(PART_NAMES as string[]).includes(name)) {
    throw new InvalidArgumentError(`Expected ${PART_NAMES.join(', ')}; received '${name}'.`);
  }
  return [...(before ?? []), name as PartName];
}

function watts(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 100_000) return value;
  throw new InvalidArgumentError(`Expected watts above 0; received '${text}'.`);
}
