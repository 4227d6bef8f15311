import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  CHECKPOINT_SECONDS,
  endedTrials,
  requirePopulations,
  studyResults,
  withWriters,
} from '../queue/runStudy.ts';
import { type DataSet, formOf } from '../data/dataSet.ts';
import { resolveNamed } from '../store/data.ts';
import { readText } from '../store/readFile.ts';
import { TrialStore } from '../store/runs.ts';
import { extraFor } from '../store/unipen.ts';
import { placeOf, readStudy, type StudyRecord, workersBefore } from '../store/studyRecord.ts';
import { loadWriters } from '../store/writers.ts';
import { requireNetworks, type Study, studyHash } from '../study/configuration.ts';
import { aboutData } from '../study/dataAbout.ts';
import { requireExtraData } from '../study/extraData.ts';
import { checkStopping, decidedAfter } from '../study/stopping.ts';
import type { TrialEnd } from '../study/runStudy.ts';
import { countTrials, planTrials } from '../study/study.ts';
import { MOST_BYTES } from '../study/sourceFile.ts';
import { parseStudy } from '../study/studyFile.ts';
import { dataFor } from '../study/trialData.ts';
import { activationName, countOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { inTurns } from '../util/inTurns.ts';
import { wholeNumber, wideOption } from './compareOptions.ts';
import { printConclusion, refuseEmptyArm } from './compare.ts';
import { dataOfRecord, dataOption } from './dataOption.ts';
import { openEvents } from './events.ts';
import { executeStudy, reportInput } from './execute.ts';
import { fewSeedsNote } from './fewSeeds.ts';
import { ignoredWriters, warnIgnored } from './ignored.ts';
import { networkLines } from './networkLines.ts';
import { probed, secondsOfEpoch, secondsText } from './probe.ts';
import { formatSeconds } from './progress.ts';
import { printRaised } from './raisedSeeds.ts';
import { withAdvice } from './advice.ts';
import { alignColumns, print, styled, warn } from './terminal.ts';
import { writeReport } from './writeReport.ts';

interface RunOptions {
  data?: string;
  out: string;
  jobs: number;
  writers?: string;
  testWriters?: string;
  checkpointEvery: number;
  events?: string;
  dryRun?: true;
  untilDecided?: true;
  quiet?: true;
  report: boolean;
}

type ReportOptions = Pick<RunOptions, 'out' | 'testWriters' | 'data'>;

function testWritersOption(): Option {
  return new Option(
    '--test-writers <file>',
    'QMNIST label file of the test images: the report resamples them by writer',
  );
}

/** Options that say how a study is run and told, which a plan has no use for. */
const DRY_RUN = ['testWriters', 'checkpointEvery', 'events', 'report', 'quiet'];

export function studyCommand(signal: AbortSignal): Command {
  const command = new Command('study').description(
    'Run a study that a file describes: arms, seeds, split and the rules of its verdicts, all fixed before the runs.',
  );
  const running = (one: Command): Command =>
    one
      .addOption(dataOption())
      .addOption(
        new Option('--jobs <n>', 'trials at the same time')
          .argParser(wholeNumber(1, 256))
          .default(availableParallelism(), 'the number of cores'),
      )
      .option('--writers <file>', 'QMNIST label file of the training images, for folds grouped by writer')
      .addOption(testWritersOption())
      .option(
        '--checkpoint-every <seconds>',
        'how often a running trial keeps where it stands',
        secondsOption,
        CHECKPOINT_SECONDS,
      )
      .addOption(wideOption())
      .option('--events <file>', 'write what happens as JSON lines; - is standard output')
      .option('--no-report', 'run the trials only; dactyl study report writes it later')
      .option('--quiet', 'print the conclusion only')
      .option('--no-color', 'no colours');
  const kept = (one: Command): Command =>
    one
      .argument('<study>', 'folder of a study, such as runs/relu-vs-tanh-100, or its file')
      .option('--out <folder>', 'where runs are kept, for a file', 'runs');
  command.addCommand(
    running(
      new Command('run')
        .description('Run a study, or go on with it; trials that ended are not computed again.')
        .argument('<study>', 'its file, such as studies/relu-vs-tanh.json, or the folder of one that was run')
        .option('--out <folder>', 'where runs are kept', 'runs')
        .option(
          '--until-decided',
          'stop as soon as the always-valid interval of the accuracies decides; seeds is then the most',
        )
        .option('--dry-run', 'list the trials, their keys and the time they should take, and run none'),
    )
      .addHelpText(
        'after',
        '\nExamples:\n  dactyl study run studies/relu-vs-tanh.json\n  dactyl study run studies/activations.json --dry-run',
      )
      .action((path: string, options: RunOptions, command: Command) => {
        if (options.dryRun) warnIgnored(command, DRY_RUN, 'with --dry-run');
        if (!options.report) warnIgnored(command, ['testWriters'], 'with --no-report');
        if (isFolder(path)) warnIgnored(command, ['out'], 'for the folder of a study');
        return run(path, options, signal);
      }),
  );
  command.addCommand(
    running(kept(new Command('resume').description('Go on with a study that was stopped.'))).action(
      (path: string, options: RunOptions, command: Command) => {
        if (!options.report) warnIgnored(command, ['testWriters'], 'with --no-report');
        if (isFolder(path)) warnIgnored(command, ['out'], 'for the folder of a study');
        const folder = folderOf(path, options.out);
        const kept = readStudy(folder);
        return execute(kept.study, { folder, kept }, options, signal);
      },
    ),
  );
  command.addCommand(
    kept(new Command('status').description('Say which trials of a study ended, failed or are missing.'))
      .option('--no-color', 'no colours')
      .action((path: string, { out }: { out: string }, command: Command) => {
        if (isFolder(path)) warnIgnored(command, ['out'], 'for the folder of a study');
        return status(folderOf(path, out), signal);
      }),
  );
  command.addCommand(
    kept(new Command('report').description('Write the report of a study again, from the trials that ended.'))
      .addOption(dataOption())
      .addOption(testWritersOption())
      .option('--no-color', 'no colours')
      .action((path: string, options: ReportOptions, command: Command) => {
        if (isFolder(path)) warnIgnored(command, ['out'], 'for the folder of a study');
        return report(folderOf(path, options.out), options, signal);
      }),
  );
  return command;
}

async function run(path: string, options: RunOptions, signal: AbortSignal): Promise<void> {
  const folder = isFolder(path) ? path : undefined;
  const kept = folder === undefined ? undefined : readStudy(folder);
  const said = kept?.study ?? studyOf(path, options.data);
  const study: Study = options.untilDecided ? { ...said, stopping: 'until-decided' } : said;
  checkStopping(study);
  if (options.dryRun) {
    await dryRun(study, folder === undefined ? options : { ...options, out: placeOf(folder).root }, signal);
    return;
  }
  const place = { folder: folder ?? join(options.out, study.name), ...(kept && { kept }) };
  await execute(study, place, options, signal);
}

function studyOf(file: string, data?: string): Study {
  return parseStudy(readText(file, MOST_BYTES), file, data);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The folder of a study that was run, by itself or by its file; says so where the file was changed since. */
function folderOf(path: string, out: string): string {
  if (isFolder(path)) return path;
  if (!existsSync(path)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${path}: expected the folder of a study, such as runs/relu-vs-tanh-100, or its file; there is neither.`,
    );
  }
  const said = studyOf(path);
  const folder = join(out, said.name);
  if (!existsSync(join(folder, 'study.json'))) {
    throw new DactylError('E_NOT_FOUND', `${folder}: not run yet; run it first: dactyl study run ${path}`);
  }
  const { study } = readStudy(folder);
  const { stopping } = study;
  if (studyHash({ ...said, ...(stopping && { stopping }) }) !== studyHash(study)) {
    warn(`${path} has another question, arms, split or rules by now; ${folder} is what was run.`);
  }
  return folder;
}

async function execute(
  study: Study,
  { folder, kept }: { readonly folder: string; readonly kept?: StudyRecord },
  options: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const toOutput = options.events === '-';
  const say = options.quiet || toOutput ? () => undefined : print;
  const source = kept
    ? await dataOfRecord(folder, kept, options.data)
    : await resolveNamed(study, options.data);
  const testWriters = testWritersIn(options, source);
  ignoredWriters(study, options).forEach(warn);
  const events = openEvents(options.events, signal);
  say(styled('bold', study.name));
  say(study.question);
  say(
    `${study.arms.map(({ name }) => activationName(name)).join(', ')}: ${countOf(countTrials(study), 'trial')}. Rules fixed before the runs: ${studyHash(study).slice(0, 16)}…`,
  );
  const note = fewSeedsNote(study);
  if (note !== '') say(note);
  say();
  try {
    const { results, written } = await executeStudy({
      study,
      folder,
      source,
      jobs: options.jobs,
      ...(testWriters && { testWriters }),
      ...(options.writers !== undefined && { writers: options.writers }),
      everySeconds: options.checkpointEvery,
      signal,
      say,
      live: !options.quiet,
      epochs: false,
      report: options.report,
      onEvent: events.write,
    });
    if (!toOutput) {
      say();
      printConclusion(results, written, (performance.now() - start) / 1000);
      printRaised(folder, study);
    }
    refuseEmptyArm(results);
  } finally {
    events.close();
  }
}

function testWritersIn(
  { testWriters }: Pick<RunOptions, 'testWriters'>,
  { test }: DataSet,
): Uint16Array | undefined {
  return testWriters === undefined ? undefined : loadWriters(testWriters, test.labels);
}

function secondsOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 86_400) return value;
  throw new InvalidArgumentError(`Expected seconds from 0 to 86400; received '${text}'.`);
}

async function dryRun(
  study: Study,
  { jobs, out, writers, data }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  ignoredWriters(study, { ...(writers !== undefined && { writers }) }).forEach(warn);
  const images = await resolveNamed(study, data);
  requireNetworks(study.arms, formOf(images));
  requireExtraData(study.arms, images);
  requirePopulations(study.arms, images.identity);
  const { source, hash } = withWriters(study, images, writers);
  const trials = await planTrials(study, { writers: hash, data: source.identity, signal });
  const store = new TrialStore(out);
  const ended = await inTurns(trials, ({ key }) => store.hasEnded(key), signal);
  const missing = trials.filter((_, k) => !ended[k]);
  const seconds = new Map<string, number>();
  for (const { name, recipe } of study.arms) {
    if (!missing.some(({ arm }) => arm === name)) continue;
    const whole = { ...source, ...extraFor([recipe]) };
    const { training } = dataFor(missing.find(({ arm }) => arm === name)!.configuration, whole);
    const measured = await probed(name, () => secondsOfEpoch(recipe, training, signal, study.arms));
    if (measured !== undefined) seconds.set(name, recipe.epochs * measured);
  }
  const rows = trials.map(({ key, arm, seed, fold }, k) => [
    arm,
    `seed ${seed}`,
    ...(fold === null ? [] : [`fold ${fold + 1}`]),
    key.slice(0, 16),
    ended[k] ? 'kept' : secondsText(seconds.get(arm)),
  ]);
  networkLines(study).forEach((line) => {
    print(line);
  });
  alignColumns(rows).forEach((line) => {
    print(line);
  });
  const total = missing.reduce((sum, { arm }) => sum + (seconds.get(arm) ?? 0), 0);
  print();
  print(
    `${missing.length} of ${trials.length} trials to run${study.stopping ? ' at most' : ''}, some ${formatSeconds(total / Math.min(jobs, Math.max(1, missing.length)))} with ${jobs} at a time${rows.some((row) => row.at(-1) === '?') ? ', without those marked ?' : ''}. Rules: ${studyHash(study)}`,
  );
}

/** Each trial is looked at as `dactyl study resume` does, its model too: what is damaged has not finished, and is computed again. */
async function status(folder: string, signal: AbortSignal): Promise<void> {
  const { study, studyHash: hash, data, writers } = readStudy(folder);
  const store = new TrialStore(placeOf(folder).root);
  const trials = await planTrials(study, { writers, data, signal });
  const ends = await inTurns(trials, ({ key }) => endOf(store, key), signal);
  const kinds = ['finished', 'failed', 'damaged', 'missing'] as const;
  const counts = new Map(study.arms.map(({ name }) => [name, new Map<string, number>()]));
  trials.forEach(({ arm }, k) => {
    const end = ends[k];
    const kind = end === undefined ? 'missing' : end.kind;
    const own = counts.get(arm)!;
    own.set(kind, (own.get(kind) ?? 0) + 1);
  });
  const damaged = ends.some((end) => end?.kind === 'damaged');
  const shown = kinds.filter((kind) => kind !== 'damaged' || damaged);
  const counted = [...counts].map(([name, own]) => [
    activationName(name),
    ...shown.map((kind) => String(own.get(kind) ?? 0)),
  ]);
  print(`${styled('bold', study.name)}: ${study.question}`);
  alignColumns([['arm', ...shown], ...counted]).forEach((line) => {
    print(line);
  });
  if (damaged) print(`What is damaged is computed again by dactyl study resume ${folder}.`);
  if (study.stopping) {
    const after = decidedAfter(
      study,
      trials,
      ends.map((end) => (end?.kind === 'damaged' ? undefined : end)),
    );
    print(
      after === undefined
        ? `Not decided yet; it stops when it is, after ${study.seeds.length} seeds at the latest.`
        : `Decided after ${countOf(after, 'seed')} of ${study.seeds.length}; the rest is not needed.`,
    );
  }
  print(`Rules fixed before the runs: ${hash}`);
  const page = join(folder, 'report.html');
  print(
    existsSync(page)
      ? `Report   ${page} (${(statSync(page).size / 2 ** 20).toFixed(1)} MiB)`
      : 'No report yet.',
  );
}

function endOf(store: TrialStore, key: string): TrialEnd | { readonly kind: 'damaged' } | undefined {
  try {
    return store.find(key);
  } catch (error) {
    if (error instanceof DactylError) return { kind: 'damaged' };
    throw error;
  }
}

async function report(folder: string, options: ReportOptions, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const record = readStudy(folder);
  const { study, writers, data } = record;
  ignoredWriters(study, options).forEach(warn);
  const store = new TrialStore(placeOf(folder).root);
  const planned = await planTrials(study, { writers, data, signal });
  const kept = await inTurns(
    planned,
    ({ key }) => withAdvice(() => store.result(key), `dactyl study resume ${folder} computes it again`),
    signal,
  );
  const { trials, ends } = endedTrials(study, planned, kept);
  if (!ends.some(({ kind }) => kind === 'finished')) {
    throw new DactylError(
      'E_NOT_FOUND',
      `No trial of ${folder} is finished yet; run it first: dactyl study resume ${folder}`,
    );
  }
  const workers = workersBefore(folder);
  const source = await dataOfRecord(folder, record, options.data);
  const results = studyResults(study, trials, ends, { workers, data: aboutData(source) });
  const known = testWritersIn(options, source);
  const input = await reportInput({ results, folder, source, ...(known && { writers: known }) }, signal);
  const written = await writeReport({ folder, input }, signal);
  const missing = planned.length - trials.length;
  if (missing > 0) {
    print(
      decidedAfter(study, trials, ends) === undefined
        ? `${missing} of ${planned.length} trials missing.`
        : `${missing} of ${planned.length} trials not needed: the question was decided before.`,
    );
  }
  printConclusion(results, written, (performance.now() - start) / 1000);
  printRaised(folder, study);
  if (missing === 0) refuseEmptyArm(results);
}
