import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type DataSet, formOf } from '../data/dataSet.ts';
import { holdoutSize } from '../data/splits/holdout.ts';
import { epochLine } from '../nn/epochLine.ts';
import { Sequential } from '../nn/sequential.ts';
import { runIn, type StudyObserver, type StudyRun } from '../queue/runStudy.ts';
import { wilson } from '../stats/wilson.ts';
import { USUAL_DATA } from '../store/data.ts';
import { loadConsented } from '../store/consentedFolder.ts';
import { readText } from '../store/readFile.ts';
import { TrialStore } from '../store/runs.ts';
import { placeOf } from '../store/studyRecord.ts';
import type { WrittenTraining } from '../store/training.ts';
import { requireOwnFolder } from '../store/trainingFolder.ts';
import { resolveStudy, type Study } from '../study/configuration.ts';
import { type ConsentedExamples, extraCount, extraWords } from '../study/extraData.ts';
import { bestEpoch, modelWeights } from '../study/keptEpoch.ts';
import { networkLayers } from '../study/network.ts';
import { type Recipe, recipeOf } from '../study/recipe.ts';
import { parseRecipe } from '../study/recipeFile.ts';
import type { TrialResult } from '../study/results.ts';
import { MOST_BYTES } from '../study/sourceFile.ts';
import type { PlannedTrial } from '../study/study.ts';
import { capitalised, countOf, grouped, listOf, percent } from '../study/wording.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { formatShape } from '../util/tensor.ts';
import { card } from './card.ts';
import { wholeNumber } from './compareOptions.ts';
import { dataOption, readData, sayData, sizedData, sizeOption } from './dataOption.ts';
import { folderName } from './folderName.ts';
import { formatSeconds, Progress } from './progress.ts';
import { print, styled, warn, wrapped } from './terminal.ts';

export interface TrainOptions {
  data?: string;
  size?: number;
  test?: string;
  recipe?: string;
  extra?: string;
  threads: number;
  out: string;
  quiet?: true;
}

/** One network, whose state is small beside a study's many. */
const CHECKPOINT_SECONDS = 1;

/** Where a recipe says nothing: as long as it helps on the hold-out. */
const USUAL: Partial<Recipe> = { epochs: 100, earlyStopping: { monitor: 'val_loss', patience: 5 } };

/** `dactyl train --data NAME|PATH` */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'Train one model on any images: early stopping on a hold-out, a learning curve and a card at the end.',
    )
    .addOption(dataOption('mnist'))
    .addOption(sizeOption())
    .option('--test <path>', 'a file or folder whose test images take the place of those of --data')
    .option(
      '--recipe <file>',
      'JSON, in the form of "recipe" in study files: network, optimizer, epochs … (default: the paper’s, at most 100 epochs, early stopping)',
    )
    .option(
      '--extra <folder>',
      'images that people consented to have trained with, beside those of --data, as dactyl serve export-training writes them',
    )
    .addOption(
      new Option('--threads <n>', 'threads that share the work of each step; the bits do not depend on it')
        .argParser(wholeNumber(1, 256))
        .default(1),
    )
    .option('--out <folder>', 'where runs are kept', 'runs')
    .option('--quiet', 'print the result only')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl train                                               the paper’s network on MNIST
  dactyl train --data ./clothes                              a folder of image and label files
  dactyl train --data ./scans --size 28                      pictures in a folder for each class
  dactyl train --data train.csv                              Kaggle’s table
  dactyl train --data ./clothes --test ./shop                tested on other images
  dactyl train --data ./clothes --recipe wide.json --threads 2
  dactyl train --extra ./consented                           with images that a server was allowed to keep

wide.json, say: { "units": [512, 256], "dropout": 0.2, "epochs": 30 }

Stopped with Ctrl-C, the same command goes on where it stood.`,
    );
}

/** Trains, or goes on, and writes model, results, learning curves and card. Throws as `runStudy`, E_NUMERIC where the loss exploded, E_MISMATCH where another training's folder would be written over. */
export async function train(given: TrainOptions, signal: AbortSignal): Promise<void> {
  const options = { ...given, ...sizedData(given) };
  const start = performance.now();
  const say = options.quiet ? () => undefined : print;
  const { data = USUAL_DATA, test } = options;
  refuseThreads(options.threads);
  const images = await readData(data, !options.quiet, test);
  const consented = options.extra === undefined ? undefined : loadConsented(options.extra);
  const source = consented ? { ...images, extra: { consented } } : images;
  const study = trainingStudy(source, options);
  const folder = join(options.out, study.name);
  const requireFolder = (): void => {
    requireOwnFolder(folder, study, source.identity);
  };
  // Said before anything else is, and asked again under the lock: another training may have ended by then.
  requireFolder();
  introduce(study, source, say);
  const observer = new Observer(source, say, !options.quiet);
  const written = await runIn(
    study,
    folder,
    {
      source,
      workers: 1,
      threads: options.threads,
      signal,
      keeperWarning: warn,
      requireFolder,
      everySeconds: CHECKPOINT_SECONDS,
    },
    observer,
    (run) => finish(run, folder),
  );
  say();
  summarise(written.result, source, study.arms[0].recipe.earlyStopping);
  print();
  print(`Model    ${styled('bold', written.model)}`);
  print(`Curves   ${written.curves.join(', ')}`);
  print(`Results  ${written.results}`);
  await card(folder, {}, signal);
  print(`${capitalised(formatSeconds((performance.now() - start) / 1000))} in all.`);
}

/** A study of one network. Its name says what is trained on what, so that another recipe or other images have a folder of their own. */
function trainingStudy(
  source: DataSet & { readonly extra?: { readonly consented: ConsentedExamples } },
  { data = USUAL_DATA, test, recipe: file, extra }: Pick<TrainOptions, 'data' | 'test' | 'recipe' | 'extra'>,
): Study {
  const places = [data, ...(test === undefined ? [] : [test])];
  const consented = source.extra?.consented.about;
  const further = consented === undefined ? [] : [`${folderName(extra!)}-${consented.sha256.slice(0, 8)}`];
  const make = (said: Partial<Recipe>): Study => {
    const recipe = recipeOf(USUAL, said, consented ? { consented } : {});
    const network = file === undefined ? [] : [`${stem(file)}-${hashOf(recipe)}`];
    const name = ['train', ...places.map(folderName), ...further, ...network].join('_');
    return resolveStudy(
      {
        name,
        question: `How well does one network learn ${source.name}?`,
        arms: { network: recipe },
        seeds: 1,
        split: { kind: 'holdout' },
        ...(data !== USUAL_DATA && { data }),
        ...(test !== undefined && { testData: test }),
        ...(extra !== undefined && { extra }),
      },
      undefined,
      formOf(source),
    );
  };
  return file === undefined ? make({}) : parseRecipe(readText(file, MOST_BYTES), file, make);
}

function stem(file: string): string {
  return folderName(basename(resolve(file)).replace(/\.json$/, ''));
}

function hashOf(recipe: Recipe): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(recipe))).slice(0, 8);
}

function refuseThreads(threads: number): void {
  const cores = availableParallelism();
  if (threads <= cores) return;
  throw new DactylError(
    'E_ARGUMENT',
    `--threads: expected at most ${cores}, the cores of this machine, received ${threads}.`,
  );
}

function introduce({ arms: [{ recipe }] }: Study, source: DataSet, say: typeof print): void {
  const { name, train: training, test, shape, classes } = source;
  say(
    `${styled('bold', name)}: ${formatShape(training.images.shape)} training images, ${formatShape(test.images.shape)} test images, ${classes.length} classes`,
  );
  sayData(source, say);
  const model = new Sequential(networkLayers(recipe, shape, classes.length));
  say(model.summary());
  model.dispose();
  const { epochs, earlyStopping } = recipe;
  say(
    wrapped(
      `At most ${countOf(epochs, 'epoch')}${earlyStopping ? `, until ${earlyStopping.monitor} is no better for ${countOf(earlyStopping.patience, 'epoch')}; the best weights are put back` : ''}. ${extraCount(recipe) === 0 ? '' : `${capitalised(listOf(extraWords(recipe)))} are trained on too. `}Validation is on ${grouped(holdoutSize(training.labels.length))} training images that are kept out of training; the test images are looked at once, at the end.`,
    ),
  );
  say();
}

/** Prints each epoch as it ends. */
class Observer implements StudyObserver {
  readonly #say: typeof print;
  readonly #images: number;
  readonly #live: boolean;
  #progress = new Progress(0, false);
  #told = 0;

  constructor({ train: { labels } }: DataSet, say: typeof print, live: boolean) {
    this.#say = say;
    this.#images = labels.length - holdoutSize(labels.length);
    this.#live = live;
  }

  async around<T>(work: () => Promise<T>, [trial]: readonly PlannedTrial[]): Promise<T> {
    this.#progress = new Progress(trial.configuration.recipe.epochs, this.#live);
    this.#progress.begin('training');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DactylError && error.code === 'E_ABORTED')) throw error;
      const where = this.#told === 0 ? '' : ` after ${countOf(this.#told, 'epoch')}`;
      throw new DactylError(
        'E_ABORTED',
        `Stopped${where}. The same command goes on from what was kept, a second before at most.`,
        {
          cause: error,
        },
      );
    } finally {
      this.#progress.end();
    }
  }

  onEpoch: NonNullable<StudyObserver['onEpoch']> = ({ configuration: { recipe } }, epoch, logs, seconds) => {
    this.#told = epoch + 1;
    this.#progress.interrupt(() => {
      this.#say(`Epoch ${epoch + 1}/${recipe.epochs}`);
      this.#say(epochLine(Math.ceil((this.#images + extraCount(recipe)) / recipe.batchSize), seconds, logs));
    });
    this.#progress.advance(`val_loss ${logs.val_loss?.toFixed(4) ?? ''}`);
  };

  onEnded: NonNullable<StudyObserver['onEnded']> = (_, end, reused) => {
    if (reused && end.kind === 'finished') this.#say('Trained before by this very command; kept.');
  };
}

async function finish(
  { results, trials: [{ key }], ends: [end] }: StudyRun,
  folder: string,
): Promise<WrittenTraining & { readonly result: TrialResult }> {
  if (end.kind === 'failed') throw new DactylError('E_NUMERIC', end.message);
  const { model } = new TrialStore(placeOf(folder).root).readModel(key);
  // Loaded here, for jsdom takes longer than all the rest of the command line.
  const { writeTraining } = await import('../store/training.ts');
  return { ...writeTraining(folder, model, results), result: end.result };
}

function summarise(
  result: TrialResult,
  { train: training, test }: DataSet,
  stopping: Recipe['earlyStopping'],
): void {
  const { history, testAccuracy } = result;
  const epochs = history.val_loss.length;
  const byAccuracy = stopping?.monitor === 'val_accuracy';
  const best = bestEpoch(result, stopping);
  const n = test.labels.length;
  const { low, high } = wilson(Math.round(testAccuracy * n), n);
  print(
    wrapped(
      `${capitalised(countOf(epochs, 'epoch'))}, ${byAccuracy ? 'highest validation accuracy' : 'lowest validation loss'} after epoch ${best + 1}: ${percent(history.val_accuracy[best])} of the ${grouped(holdoutSize(training.labels.length))} images kept out of training are classified correctly then. Of the ${grouped(n)} test images ${percent(testAccuracy)} are (95 % interval ${percent(low)} to ${percent(high)}, by Wilson). Weights ${modelWeights(result, stopping)}`,
    ),
  );
}
