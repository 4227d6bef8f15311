import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { DataSet } from '../data/dataSet.ts';
import { CONVOLUTION_NUMERICS } from '../engine/ops/numerics.ts';
import { createLocalExecutor } from '../queue/local.ts';
import { readConsented } from '../store/consentedFolder.ts';
import { TrialStore } from '../store/runs.ts';
import { placeOf, readResults, readStudy } from '../store/studyRecord.ts';
import { loadWriters } from '../store/writers.ts';
import type { Study } from '../study/configuration.ts';
import { consentedWords } from '../study/extraData.ts';
import { modelWeights } from '../study/keptEpoch.ts';
import { NUMERICS_VERSION } from '../study/numerics.ts';
import type { Results, StudyTrial, TrialResult } from '../study/results.ts';
import { type PlannedTrial, planTrials } from '../study/study.ts';
import { teachersOf } from '../study/trialConfiguration.ts';
import type { DataSource } from '../study/trialData.ts';
import { activationName, countOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { inTurns } from '../util/inTurns.ts';
import { withAdvice } from './advice.ts';
import { dataOfRecord, dataOption } from './dataOption.ts';
import { ignoredWriters } from './ignored.ts';
import { Progress } from './progress.ts';
import { print, warn } from './terminal.ts';

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Train the trials of a finished study again and compare the weights, bit by bit, after every epoch.',
    )
    .argument('<run>', 'the folder of a study, such as runs/relu-vs-tanh')
    .argument('[trial]', 'one trial: the first characters of its key, or arm/seed such as relu/1')
    .addOption(dataOption())
    .option(
      '--extra <folder>',
      'the images that were trained with by consent (default: the folder that dactyl train was given)',
    )
    .option('--writers <file>', 'QMNIST label file of the training images, for folds grouped by writer')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl verify runs/relu-vs-tanh\n  dactyl verify runs/relu-vs-tanh tanh/3',
    );
}

/** Trains the chosen trials again, by their kept teachers where they have some, and holds them to results.json, and to the kept trials where these are still there. */
export async function verify(
  run: string,
  trial: string | undefined,
  { writers, data, extra }: { writers?: string; data?: string; extra?: string },
  signal: AbortSignal,
): Promise<void> {
  const store = new TrialStore(placeOf(run).root);
  const results = withAdvice(() => readResults(run), `dactyl study report ${run} writes it anew`);
  ignoredWriters(results.study, { ...(writers !== undefined && { writers }) }).forEach(warn);
  const chosen = await recordedTrials(results, { run, store, name: trial }, signal);
  const record = readStudy(run);
  const images = withConsented(run, record.study, await dataOfRecord(run, record, data), extra);
  const source =
    writers === undefined ? images : { ...images, writers: loadWriters(writers, images.train.labels) };
  const executor = createLocalExecutor(source, Math.min(availableParallelism(), chosen.length));
  const progress = new Progress(
    chosen.reduce((sum, { planned }) => sum + planned.configuration.recipe.epochs, 0),
    true,
  );
  let differing = 0;
  try {
    progress.begin(nameOf(chosen[0].planned));
    await Promise.all(
      chosen.map(async ({ planned, result, kept }) => {
        const name = nameOf(planned);
        const again = await executor.run(planned.configuration, {
          teachers: teachersOf(planned.configuration).map((key) => store.readModel(key).model),
          signal,
          onEpoch: () => {
            progress.advance(name);
          },
        });
        const difference =
          firstDifference(result, again.result) ?? (kept && firstDifference(kept, again.result));
        if (difference) differing++;
        progress.interrupt(() => {
          const weights = modelWeights(result, planned.configuration.recipe.earlyStopping);
          print(
            `${name}: ${difference ?? `identical, ${countOf(result.weightsHash.length, 'epoch')}, weights ${weights}`}`,
          );
        });
      }),
    );
  } finally {
    progress.end();
    await executor.close();
  }
  if (differing > 0) {
    throw new DactylError(
      'E_MISMATCH',
      chosen.length === 1
        ? 'The trial came out otherwise than recorded.'
        : `${differing} of ${chosen.length} trials came out otherwise than recorded.`,
    );
  }
  print(
    chosen.length === 1
      ? 'It came out with the same bits.'
      : `All ${chosen.length} trials came out with the same bits.`,
  );
}

/** The images with those that were trained with by consent, where there were such. Throws E_ERASED where some were erased since, E_MISMATCH where they are others. */
function withConsented(
  run: string,
  { arms, extra }: Study,
  images: DataSet,
  given: string | undefined,
): DataSource {
  const consented = arms.find(({ recipe }) => recipe.consented)?.recipe.consented;
  if (!consented) return images;
  const folder = given ?? extra;
  const were = `${run} was trained with ${consentedWords(consented)}`;
  if (folder === undefined || !existsSync(folder)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${were}, which are not in ${folder ?? 'any folder that is named'}: give their folder with --extra. If they were erased, it cannot be verified any more; its results stay as recorded.`,
    );
  }
  const { examples, erased } = readConsented(folder);
  if (examples?.about.sha256 === consented.sha256) return { ...images, extra: { consented: examples } };
  const gone = consented.consents.filter((consent) => erased.includes(consent));
  if (gone.length > 0) {
    throw new DactylError(
      'E_ERASED',
      `${were}; the images of ${countOf(gone.length, 'consent')} were erased since (${gone.join(', ')}). It cannot be trained again, so it cannot be verified any more; its results stay as recorded, and erasing did not untrain it.`,
    );
  }
  throw new DactylError(
    'E_MISMATCH',
    `${were}, SHA-256 ${consented.sha256.slice(0, 12)}…; ${folder} holds others. Give the folder of then with --extra.`,
  );
}

interface Recorded {
  readonly planned: PlannedTrial;
  readonly result: StudyTrial;
  /** The same result in the folder of kept trials, unless that is gone. */
  readonly kept: TrialResult | undefined;
}

async function recordedTrials(
  results: Results,
  { run, store, name }: { run: string; store: TrialStore; name: string | undefined },
  signal: AbortSignal,
): Promise<Recorded[]> {
  const { environment, study, trials } = results;
  if (environment.numerics !== NUMERICS_VERSION) {
    throw new DactylError(
      'E_MISMATCH',
      `${run} is of numerics version ${environment.numerics}, this is version ${NUMERICS_VERSION}: verify it with Dactyl ${environment.dactyl}, which made it.`,
    );
  }
  const { convolution } = environment;
  if (convolution !== undefined && convolution !== CONVOLUTION_NUMERICS) {
    throw new DactylError(
      'E_MISMATCH',
      `${run} is of version ${convolution} of the numerics of convolution, this is version ${CONVOLUTION_NUMERICS}: verify it with Dactyl ${environment.dactyl}, which made it.`,
    );
  }
  const chosen = name === undefined ? trials : trials.filter((trial) => isNamed(trial, name));
  if (chosen.length === 0) {
    const known = trials.map((trial) => `${shortName(trial)} (${trial.key.slice(0, 12)})`);
    throw new DactylError(
      'E_NOT_FOUND',
      `No trial ${name ?? ''} in ${run}; it has ${known.join(', ') || 'none'}.`,
    );
  }
  const { writers, data } = readStudy(run);
  const planned = await planTrials(study, { writers, data, signal });
  const plan = new Map(planned.map((trial) => [trial.key, trial]));
  const recorded = (result: StudyTrial): Recorded => {
    const { key } = result;
    const planned = plan.get(key);
    if (!planned || shortName(planned) !== shortName(result)) {
      throw new DactylError(
        'E_MISMATCH',
        `${run}: the key ${key} of ${shortName(result)} does not belong to the study in results.json; one of the two was changed.`,
      );
    }
    const kept = (): TrialResult => store.read(key).record.result;
    return {
      planned,
      result,
      kept: store.has(key) ? withAdvice(kept, `dactyl study resume ${run} computes it again`) : undefined,
    };
  };
  return inTurns(chosen, recorded, signal);
}

function isNamed(trial: StudyTrial, name: string): boolean {
  return trial.key.startsWith(name) || shortName(trial) === name;
}

/** `relu/1`, or with folds `relu/1/3`. */
function shortName({ arm, seed, fold }: Pick<StudyTrial, 'arm' | 'seed' | 'fold'>): string {
  return [arm, seed, ...(fold === null ? [] : [fold + 1])].join('/');
}

/** Says where a recomputed trial differs from the record, or undefined. */
function firstDifference(recorded: TrialResult, again: TrialResult): string | undefined {
  const epoch = recorded.weightsHash.findIndex((hash, e) => hash !== again.weightsHash[e]);
  if (epoch >= 0) {
    return `DIFFERENT after epoch ${epoch + 1}: recorded ${recorded.weightsHash[epoch]}, recomputed ${again.weightsHash[epoch]}`;
  }
  const measures = ({ history, testAccuracy, testLoss, confusionMatrix }: TrialResult): string =>
    JSON.stringify({ history, testAccuracy, testLoss, confusionMatrix });
  return measures(recorded) === measures(again)
    ? undefined
    : 'DIFFERENT: the weights are the same, the recorded measures are not';
}

function nameOf({ arm, seed, fold }: PlannedTrial): string {
  return `${activationName(arm)}, seed ${seed}${fold === null ? '' : `, fold ${fold + 1}`}`;
}
