import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { tuneIn } from '../queue/tune.ts';
import { formOf } from '../data/dataSet.ts';
import { resolveNamed } from '../store/data.ts';
import { requireNetworks } from '../study/configuration.ts';
import { readText } from '../store/readFile.ts';
import { TrialStore } from '../store/runs.ts';
import type { WrittenTuning } from '../store/tuningReport.ts';
import { type Tuning, tuningHash } from '../study/tuning/configuration.ts';
import { budgetOf, rungSizes } from '../study/tuning/halving.ts';
import { type TuningResults } from '../study/tuning/results.ts';
import { scoreOf } from '../study/tuning/searchedTrial.ts';
import { firstTrials } from '../study/tuning/search.ts';
import { MOST_BYTES } from '../study/sourceFile.ts';
import { parseTuning } from '../study/tuning/tuningFile.ts';
import { networkText } from '../study/network.ts';
import { activationName, countOf, grouped, listOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { wholeNumber, wideOption } from './compareOptions.ts';
import { dataOption } from './dataOption.ts';
import { openEvents } from './events.ts';
import { secondsOfEpoch } from './probe.ts';
import { formatSeconds } from './progress.ts';
import { SearchProgress } from './searchProgress.ts';
import { alignColumns, print, styled, warn, wrapped } from './terminal.ts';

export interface TuneOptions {
  data?: string;
  out: string;
  jobs: number;
  events?: string;
  dryRun?: true;
  quick?: true;
  quiet?: true;
}

/** `dactyl tune FILE` */
export function tuneCommand(): Command {
  return new Command('tune')
    .description(
      'Search for the best recipe of each arm: random search with successive halving, equal budgets, never looking at the test set.',
    )
    .argument('<file>', 'a search, such as studies/tuning.json')
    .addOption(dataOption())
    .option('--out <folder>', 'where runs are kept', 'runs')
    .addOption(
      new Option('--jobs <n>', 'trials at the same time')
        .argParser(wholeNumber(1, 256))
        .default(availableParallelism(), 'the number of cores'),
    )
    .addOption(wideOption())
    .option('--dry-run', 'list the budget, the configurations and the time they should take, and run none')
    .option('--events <file>', 'write what happens as JSON lines; - is standard output')
    .option('--quick', 'a taste in seconds, labelled as such: six configurations, at most two epochs')
    .option('--quiet', 'print the conclusion only')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl tune studies/tuning.json             search, or go on with a search that was stopped
  dactyl tune studies/tuning.json --dry-run   what it would try, and how long it should take
  dactyl study run runs/tuning/best.json      the best of each arm on the test set, with fresh seeds`,
    );
}

/** Reads the file, searches, prints, writes. Throws E_FORMAT, E_FILE, E_LOCKED, E_MISMATCH, E_NUMERIC and E_ABORTED, each in a line. */
export async function tune(file: string, options: TuneOptions, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const text = readText(file, MOST_BYTES);
  const tuning = parseTuning(text, file, options.quick === true, options.data);
  if (options.dryRun) {
    await dryRun(tuning, options, signal);
    return;
  }
  const toOutput = options.events === '-';
  const say = options.quiet || toOutput ? () => undefined : print;
  const events = openEvents(options.events, signal);
  const { trials, epochs } = budgetOf(tuning);
  say(styled('bold', tuning.name));
  say(tuning.question);
  say(
    `${listOf(tuning.arms.map(({ name }) => activationName(name)))}: ${countOf(trials, 'trial')} and ${countOf(epochs, 'epoch')}${tuning.arms.length === 1 ? '' : ' each'}. Fixed before the search: ${tuningHash(tuning).slice(0, 16)}…`,
  );
  say();
  const progress = new SearchProgress(tuning, say, !options.quiet);
  const folder = join(options.out, tuning.name);
  try {
    progress.begin();
    const { results, written } = await tuneIn(
      tuning,
      folder,
      { workers: options.jobs, signal, keeperWarning: warn, onEvent: events.write },
      progress,
      async (results) => {
        progress.end();
        say('Writing the report …');
        // Loaded here, for jsdom takes longer than all the rest of the command line.
        const { writeTuning } = await import('../store/tuningReport.ts');
        const written = writeTuning(folder, results);
        events.write({ event: 'report', file: written.report });
        return { results, written };
      },
    );
    if (!toOutput) printBest(results, written, (performance.now() - start) / 1000);
    refuseNothing(results);
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_ABORTED')) throw error;
    throw new DactylError(
      'E_ABORTED',
      `Stopped. ${progress.standing()} are kept. The same command goes on from there.`,
      { cause: error },
    );
  } finally {
    progress.end();
    events.close();
  }
}

/** The report is there and says how each failed. */
function refuseNothing({ arms }: TuningResults): void {
  if (arms.some(({ best }) => best !== null)) return;
  const reason = arms[0].trials[0].message ?? '';
  throw new DactylError('E_NUMERIC', `Every trial failed, so nothing was found: ${reason}`);
}

function printBest({ arms, tuning }: TuningResults, written: WrittenTuning, seconds: number): void {
  const rows = arms.map(({ arm, trials, best }) => {
    const found = trials.find(({ key }) => key === best);
    const plain = scoreOf(trials.find(({ configuration }) => configuration === null)!);
    const score = found && scoreOf(found);
    return [
      activationName(arm),
      found ? (found.configuration === null ? 'as it stands' : `#${found.configuration + 1}`) : 'none',
      score?.accuracy.toFixed(4) ?? '–',
      score?.loss.toFixed(4) ?? '–',
      found ? networkText(found.recipe) : '–',
      found ? String(found.recipe.learningRate) : '–',
      found ? String(found.recipe.batchSize) : '–',
      found ? String(found.recipe.epochs) : '–',
      plain?.accuracy.toFixed(4) ?? 'failed',
    ];
  });
  const header = [
    'Best of',
    'configuration',
    'val. accuracy',
    'loss',
    'layers',
    'learning rate',
    'batch',
    'epochs',
    'as it stands',
  ];
  print();
  alignColumns([header, ...rows]).forEach((line) => {
    print(line);
  });
  print();
  print(
    wrapped(
      `Each is the best of ${tuning.configurations + 1} by one training, and so too good. How good they are, with ${countOf(tuning.confirmation, 'fresh seed')} and the test set:`,
    ),
  );
  if (written.best !== null) print(`  dactyl study run ${written.best}`);
  print(`Report   ${styled('bold', written.report)}`);
  print(`Took     ${formatSeconds(seconds)}`);
}

/** Configurations of each arm that the probe of `--dry-run` measures. */
const PROBED = 6;

async function dryRun(tuning: Tuning, { jobs, out }: TuneOptions, signal: AbortSignal): Promise<void> {
  const { train, identity, ...form } = await resolveNamed(tuning);
  requireNetworks(tuning.arms, formOf(form));
  const first = firstTrials(tuning, identity);
  const store = new TrialStore(out);
  let total = 0;
  const { trials, epochs } = budgetOf(tuning);
  for (const { name } of tuning.arms) {
    const drawn = first.filter(
      ({ arm, configurationNumber }) => arm === name && configurationNumber !== null,
    );
    const probed = drawn.slice(0, PROBED);
    let seconds = 0;
    for (const { configuration } of probed)
      seconds += await secondsOfEpoch(configuration.recipe, train, signal);
    total += (epochs * seconds) / probed.length;
  }
  const rows = first.map(({ key, arm, configurationNumber: number, configuration: { recipe } }) => [
    activationName(arm),
    number === null ? 'as it stands' : `#${number + 1}`,
    networkText(recipe),
    `rate ${recipe.learningRate}`,
    `batch ${recipe.batchSize}`,
    countOf(recipe.epochs, 'epoch'),
    key.slice(0, 16),
    store.hasEnded(key) ? 'kept' : '',
  ]);
  alignColumns(rows).forEach((line) => {
    print(line);
  });
  print();
  const sizes = rungSizes(tuning).map((size, r) => `${size} for ${countOf(tuning.rungs[r], 'epoch')}`);
  print(
    wrapped(
      `Each arm: ${listOf(sizes)}, and the recipe as it stands; ${trials} trials, ${grouped(epochs)} epochs. In all some ${formatSeconds(total / jobs)} with ${jobs} at a time, by ${countOf(PROBED, 'configuration')} of each arm; what is kept is not computed again. Fixed: ${tuningHash(tuning)}`,
    ),
  );
}
