import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ACTIVATIONS } from '../engine/activations.ts';
import { resolveName } from '../nn/names.ts';
import { Adam, SGD } from '../nn/optimizers.ts';
import type { ComparisonConfiguration } from '../study/results.ts';
import { DactylError } from '../util/errors.ts';

/** What `--quick` shortens, where the option itself is not given. */
const QUICK = { seeds: 2, epochs: 3 };

export interface CompareOptions {
  activations: string[];
  seeds: number;
  epochs: number;
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
    .description('Train the paper’s network with each activation over several seeds on all of MNIST, and write a report.')
    .option('--activations <names>', `two or more of ${Object.keys(ACTIVATIONS).join(', ')}`, activationList, ['relu', 'tanh'])
    .option('--seeds <n>', 'runs per activation, with the seeds 1 … n, paired', wholeNumber(1, 1000), 5)
    .option('--epochs <n>', 'passes over the training images', wholeNumber(1, 10_000), 10)
    .option('--batch-size <n>', 'images per step', wholeNumber(1, 60_000), 32)
    .option('--units <widths>', 'widths of the hidden layers', widthList, [128, 64, 32])
    .addOption(new Option('--optimizer <name>', 'adam or sgd').choices(['adam', 'sgd']).default('adam'))
    .option('--learning-rate <rate>', 'of the optimizer (default: Keras’, 0.001 for adam, 0.01 for sgd)', positiveNumber)
    .option('--dropout <rate>', 'dropout after every hidden layer, from 0 to below 1', dropoutRate, 0)
    .addOption(
      new Option('--validation <set>', 'test: curves on the test set, as in the paper; holdout: on 6,000 training images kept out of training')
        .choices(['test', 'holdout'])
        .default('test'),
    )
    .option('--out <folder>', 'where runs are kept', 'runs')
    .option('--jobs <n>', 'trials at the same time (default: the number of cores)', wholeNumber(1, 256), availableParallelism())
    .option('--quick', `a taste in seconds, labelled as such: ${QUICK.seeds} seeds, ${QUICK.epochs} epochs`)
    .option('--json', 'print results.json on standard output, and nothing else')
    .option('--quiet', 'print the conclusion only')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl compare                                   the paper’s comparison, five seeds each
  dactyl compare --quick                           a first look
  dactyl compare --activations relu,tanh,gelu      three arms
  dactyl compare --seeds 30 --validation holdout   more seeds, the test set touched once

Finished trials are kept below --out and are not computed again.`,
    );
}

/** The configuration that the options describe. `command` tells which were given. */
export function configurationOf(options: CompareOptions, command: Command): ComparisonConfiguration {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const quick = options.quick === true;
  const seeds = quick && !given('seeds') ? QUICK.seeds : options.seeds;
  const epochs = quick && !given('epochs') ? QUICK.epochs : options.epochs;
  const { activations, batchSize, units, optimizer, dropout, validation } = options;
  const learningRate = options.learningRate ?? (optimizer === 'adam' ? Adam() : SGD()).learningRate;
  return {
    activations,
    seeds: Array.from({ length: seeds }, (_, k) => k + 1),
    epochs,
    batchSize,
    units,
    optimizer,
    learningRate,
    dropout,
    validation,
    quick,
  };
}

/** The folder of a comparison below --out: the arms, then every option that was chosen otherwise than by default. */
export function comparisonName({ activations }: CompareOptions, configuration: ComparisonConfiguration, command: Command): string {
  const named = ['seeds', 'epochs', 'batchSize', 'units', 'optimizer', 'learningRate', 'dropout', 'validation'] as const;
  const chosen = named.filter((name) => command.getOptionValueSource(name) === 'cli');
  const parts = chosen.map((name) => {
    const value = name === 'seeds' ? configuration.seeds.length : configuration[name];
    return `${name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}-${String(value).replaceAll(',', '-')}`;
  });
  return [activations.join('-vs-'), ...(configuration.quick ? ['quick'] : []), ...parts].join('_');
}

function activationList(text: string): string[] {
  const names = text.split(',').map((name) => {
    try {
      return resolveName('activation', ACTIVATIONS, name.trim());
    } catch (error) {
      throw error instanceof DactylError ? new InvalidArgumentError(error.message) : error;
    }
  });
  if (names.length < 2) throw new InvalidArgumentError(`Expected two or more activations, such as relu,tanh; received '${text}'.`);
  if (new Set(names).size < names.length) throw new InvalidArgumentError(`Expected different activations; received '${text}'.`);
  return names;
}

function widthList(text: string): number[] {
  return text.split(',').map(wholeNumber(1, 65_536));
}

function wholeNumber(least: number, most: number): (text: string) => number {
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
