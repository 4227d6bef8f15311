import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ACTIVATIONS } from '../engine/activations/activations.ts';
import { resolveName } from '../nn/names.ts';
import { USUAL_DATA } from '../store/data.ts';
import { dataOption, sizedData, sizeOption } from './dataOption.ts';
import { folderName } from './folderName.ts';
import { Adam, SGD } from '../nn/optimizers.ts';
import { DEFAULT_RULES, type Study, studyHash } from '../study/configuration.ts';
import { PAPER_RECIPE } from '../study/recipe.ts';
import { DactylError } from '../util/errors.ts';

/** The paper's recipe. */
const DEFAULTS = {
  activations: ['relu', 'tanh'],
  seeds: 6,
  epochs: 10,
  batchSize: 32,
  units: [128, 64, 32],
  optimizer: 'adam',
  dropout: 0,
  validation: 'test',
} as const;

/** What `--quick` shortens, where the option itself is not given. */
const QUICK = { seeds: 2, epochs: 3 };

/** A folder's name longer than this ends in a hash instead. */
const LONGEST_NAME = 120;

export interface CompareOptions {
  /** A name or path; MNIST where nothing is said. */
  data?: string;
  size?: number;
  activations: string[];
  /** Undefined where the default is meant, which --quick changes. */
  seeds?: number;
  epochs?: number;
  batchSize: number;
  units: number[];
  optimizer: 'adam' | 'sgd';
  learningRate?: number;
  dropout: number;
  validation: 'test' | 'holdout';
  out: string;
  jobs: number;
  quick?: true;
  json?: true;
  quiet?: true;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'Train the paper’s network with each activation over several seeds on all of MNIST, or other images, and write a report.',
    )
    .addOption(
      new Option('--activations <names>', `two or more of ${Object.keys(ACTIVATIONS).join(', ')}`)
        .argParser(activationList)
        .default(DEFAULTS.activations, DEFAULTS.activations.join(',')),
    )
    .option(
      '--seeds <n>',
      `runs per activation, with the seeds 1 … n, paired; fewer than six decide no sign (default: ${DEFAULTS.seeds})`,
      wholeNumber(1, 1000),
    )
    .option(
      '--epochs <n>',
      `passes over the training images (default: ${DEFAULTS.epochs})`,
      wholeNumber(1, 10_000),
    )
    .option('--batch-size <n>', 'images per step', wholeNumber(1, 60_000), DEFAULTS.batchSize)
    .addOption(
      new Option('--units <widths>', 'widths of the hidden layers')
        .argParser(widthList)
        .default(DEFAULTS.units, DEFAULTS.units.join(',')),
    )
    .addOption(
      new Option('--optimizer <name>', 'how weights are updated')
        .choices(['adam', 'sgd'])
        .default(DEFAULTS.optimizer),
    )
    .option(
      '--learning-rate <rate>',
      'of the optimizer (default: Keras’, 0.001 for adam, 0.01 for sgd)',
      positiveNumber,
    )
    .option(
      '--dropout <rate>',
      'dropout after every hidden layer, from 0 to below 1',
      dropoutRate,
      DEFAULTS.dropout,
    )
    .addOption(
      new Option(
        '--validation <set>',
        'test: curves on the test set, as in the paper; holdout: on one in ten training images, kept out of training',
      )
        .choices(['test', 'holdout'])
        .default(DEFAULTS.validation),
    )
    .addOption(dataOption('mnist'))
    .addOption(sizeOption())
    .option('--out <folder>', 'where runs are kept', 'runs')
    .addOption(
      new Option('--jobs <n>', 'trials at the same time')
        .argParser(wholeNumber(1, 256))
        .default(availableParallelism(), 'the number of cores'),
    )
    .addOption(wideOption())
    .option('--quick', `a taste in seconds, labelled as such: ${QUICK.seeds} seeds, ${QUICK.epochs} epochs`)
    .option('--json', 'print results.json on standard output, and nothing else')
    .option('--quiet', 'print the conclusion only')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl compare                                   the paper’s comparison, six seeds each
  dactyl compare --quick                           a first look
  dactyl compare --activations relu,tanh,gelu      three arms
  dactyl compare --seeds 30 --validation holdout   more seeds, the test set touched once
  dactyl compare --data ./clothes                  other images, from a folder of their files

Finished trials are kept below --out and are not computed again.`,
    );
}

/** Acted on before any command, in main.ts. */
export function wideOption(): Option {
  return new Option(
    '--wide',
    'experimental: let V8 train in 256 bits, the same results sooner, where it was tried; if it aborts, the same command without --wide goes on',
  );
}

/** The study that the options describe. */
export function comparisonStudy(options: CompareOptions): Study {
  const quick = options.quick === true;
  const usual = quick ? QUICK : DEFAULTS;
  const { seeds = usual.seeds, epochs = usual.epochs } = options;
  const { activations, batchSize, units, optimizer, dropout, validation } = options;
  const { data } = sizedData(options);
  const learningRate = options.learningRate ?? usualRate(optimizer);
  const recipe = { ...PAPER_RECIPE, epochs, batchSize, units, optimizer, learningRate, dropout };
  const parts = [
    activations.join('-vs-'),
    data !== undefined && data !== USUAL_DATA && folderName(data),
    quick && 'quick',
    seeds !== usual.seeds && `seeds-${seeds}`,
    epochs !== usual.epochs && `epochs-${epochs}`,
    batchSize !== DEFAULTS.batchSize && `batch-size-${batchSize}`,
    units.join() !== DEFAULTS.units.join() && `units-${units.join('-')}`,
    optimizer !== DEFAULTS.optimizer && optimizer,
    learningRate !== usualRate(optimizer) && `learning-rate-${learningRate}`,
    dropout !== DEFAULTS.dropout && `dropout-${dropout}`,
    validation !== DEFAULTS.validation && validation,
  ];
  const study: Study = {
    name: parts.filter((part) => part !== false).join('_'),
    question: `Which of ${activations.join(', ')} reaches the highest test accuracy?`,
    arms: activations.map((activation) => ({ name: activation, recipe: { ...recipe, activation } })),
    seeds: Array.from({ length: seeds }, (_, k) => k + 1),
    split: { kind: validation },
    rules: DEFAULT_RULES,
    ...(data !== undefined && data !== USUAL_DATA && { data }),
    quick,
  };
  return study.name.length <= LONGEST_NAME
    ? study
    : { ...study, name: `${study.name.slice(0, LONGEST_NAME - 17)}_${studyHash(study).slice(0, 16)}` };
}

function usualRate(optimizer: CompareOptions['optimizer']): number {
  return (optimizer === 'adam' ? Adam() : SGD()).learningRate;
}

function activationList(text: string): string[] {
  const names = text.split(',').map((name) => {
    try {
      return resolveName('activation', ACTIVATIONS, name.trim());
    } catch (error) {
      throw error instanceof DactylError ? new InvalidArgumentError(error.message) : error;
    }
  });
  if (names.length < 2)
    throw new InvalidArgumentError(
      `Expected two or more activations, such as relu,tanh; received '${text}'.`,
    );
  if (new Set(names).size < names.length)
    throw new InvalidArgumentError(`Expected different activations; received '${text}'.`);
  return names;
}

function widthList(text: string): number[] {
  return text.split(',').map(wholeNumber(1, 65_536));
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}; received '${text}'.`);
  };
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Expected a number > 0; received '${text}'.`);
}

function dropoutRate(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError(`Expected a rate from 0 to below 1; received '${text}'.`);
}
