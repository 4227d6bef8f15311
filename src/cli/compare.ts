import { describeMnist } from '../datasets/describeMnist.ts';
import { MNIST_HOLDOUT_SIZE } from '../datasets/holdout.ts';
import { MNIST_FILES, type Mnist } from '../datasets/mnist.ts';
import { epochLine } from '../nn/epochLine.ts';
import type { EpochLogs } from '../nn/history.ts';
import { Sequential } from '../nn/sequential.ts';
import { createLocalExecutor } from '../queue/local.ts';
import { answer } from '../report/prose/answer.ts';
import { QUICK_LABEL } from '../report/input.ts';
import { describeEnvironment } from '../store/environment.ts';
import { loadMnist } from '../store/mnist.ts';
import { TrialStore } from '../store/runs.ts';
import { aggregate, comparePairs, trialsOf } from '../study/comparison.ts';
import type { ComparisonConfiguration, Results } from '../study/results.ts';
import { type FinishedTrial, runTrials, type TrialKeeper } from '../study/runTrials.ts';
import { mostProbable, networkLayers, type TrialConfiguration } from '../study/trial.ts';
import { activationName, capitalised, countOf, listOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { comparisonName, type CompareOptions, configurationOf } from './compareOptions.ts';
import { conclusion } from './conclusion.ts';
import { formatSeconds, Progress } from './progress.ts';
import { print, styled, warn, wrapped } from './terminal.ts';
import { writeReport } from './writeReport.ts';

const MNIST_TRAINING_SIZE = 60_000;

export async function compare(options: CompareOptions, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const configuration = configurationOf(options);
  const say = options.json || options.quiet ? () => undefined : print;
  const store = new TrialStore(options.out);
  store.prepare();
  const mnist = loadMnist({ shared: true });
  const { label, parameters } = introduce(configuration, mnist, say);

  const trials = trialsOf(configuration);
  const workers = Math.min(options.jobs, trials.length);
  const executor = createLocalExecutor(mnist, workers);
  let finished: FinishedTrial[];
  try {
    finished = await runAll(trials, executor, keeperOf(store), {
      signal,
      say,
      live: !options.json && !options.quiet,
    });
  } finally {
    await executor.close();
  }

  const results: Results = {
    $schema: './results.schema.json',
    format: 'dactyl-results/1',
    configuration,
    environment: describeEnvironment(workers),
    data: Object.values(MNIST_FILES).map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 })),
    parameters,
    trials: finished.map(({ result }) => result),
    aggregates: aggregate(
      configuration.activations,
      finished.map(({ result }) => result),
    ),
    comparisons: comparePairs(
      configuration,
      finished.map(({ result }) => result),
    ),
  };
  say('Writing the report …');
  const { images, labels } = mnist.train;
  const input = {
    results,
    sample: { images: images.data.slice(0, 10 * 784), labels: labels.slice(0, 10) },
    test: { images: mnist.test.images.data, labels: mnist.test.labels },
    predictions: new Map(finished.map(({ result, predictions }) => [result.key, predictions])),
  };
  const written = await resumable(
    writeReport({ root: options.out, name: comparisonName(configuration), input }, signal),
    () => `All ${trials.length} trials are finished and kept, the report is not written.`,
  );
  if (options.json) {
    print(JSON.stringify(results, null, 2));
    return;
  }
  say();
  if (label) print(styled('yellow', label));
  conclusion(results).forEach((line) => {
    print(line);
  });
  print();
  print(wrapped(answer(results)));
  print();
  print(`Report   ${styled('bold', written.report)}`);
  print(`Results  ${written.results}`);
  print(`${capitalised(formatSeconds((performance.now() - start) / 1000))} in all.`);
}

/** The paper's first lines: shapes and the network's table. */
function introduce(
  configuration: ComparisonConfiguration,
  mnist: Mnist,
  say: typeof print,
): { label?: string; parameters: number } {
  const { activations, seeds, epochs, quick } = configuration;
  const label = quick
    ? { label: `${QUICK_LABEL}: ${countOf(seeds.length, 'seed')}, ${countOf(epochs, 'epoch')}.` }
    : {};
  describeMnist(mnist).shapes.forEach((line) => {
    say(line);
  });
  const layers = networkLayers({
    activation: activations[0],
    units: configuration.units,
    dropout: configuration.dropout,
  });
  const model = new Sequential(layers);
  const { parameters } = model;
  say();
  say(model.summary());
  say(
    wrapped(
      `The same for ${listOf(activations.map(activationName))}, which stand in the hidden layers; ${countOf(seeds.length, 'seed')} each, ${countOf(epochs, 'epoch')}.`,
    ),
  );
  if (configuration.validation === 'test')
    say('Validation is the test set, as in the paper; nothing is selected on it.');
  say();
  model.dispose();
  return { ...label, parameters };
}

/** Trials of earlier runs are found by their key; a damaged one is named and computed again. */
function keeperOf(store: TrialStore): TrialKeeper {
  return {
    find(key) {
      if (!store.has(key)) return undefined;
      try {
        const { record, probabilities } = store.read(key);
        return { result: record.result, predictions: mostProbable(probabilities) };
      } catch (error) {
        if (!(error instanceof DactylError)) throw error;
        warn(`A kept trial is damaged and is computed again: ${error.message}`);
        return undefined;
      }
    },
    keep(configuration, outcome) {
      store.write(configuration, outcome);
    },
  };
}

interface RunContext {
  readonly signal: AbortSignal;
  readonly say: typeof print;
  readonly live: boolean;
}

async function runAll(
  trials: readonly TrialConfiguration[],
  executor: ReturnType<typeof createLocalExecutor>,
  keeper: TrialKeeper,
  { signal, say, live }: RunContext,
): Promise<FinishedTrial[]> {
  const progress = new Progress(
    trials.reduce((sum, { epochs }) => sum + epochs, 0),
    live,
  );
  const lines = new Map<TrialConfiguration, string[]>();
  const [{ seed: firstSeed }] = trials;
  let done = 0;
  try {
    progress.begin(nameOf(trials[0]));
    const running = runTrials(trials, executor, keeper, {
      signal,
      onEpoch(trial, epoch, logs, seconds) {
        const steps = Math.ceil(trainingImages(trial) / trial.batchSize);
        const own = lines.get(trial) ?? [];
        lines.set(trial, own);
        own.push(`Epoch ${epoch + 1}/${trial.epochs}`, epochLine(steps, seconds, logs));
        progress.advance(nameOf(trial));
      },
      onFinished(trial, { result, reused }) {
        done++;
        if (reused) progress.skip(trial.epochs);
        progress.interrupt(() => {
          if (trial.seed === firstSeed) {
            const steps = Math.ceil(trainingImages(trial) / trial.batchSize);
            const own = lines.get(trial) ?? keptLines(result, steps);
            say(styled('bold', nameOf(trial)));
            own.forEach((line) => {
              say(line);
            });
          }
          const accuracy = `Accuracy with ${activationName(trial.activation)}: ${result.testAccuracy.toFixed(4)}`;
          const time = reused ? 'kept from an earlier run' : `${result.seconds.toFixed(1)} s`;
          say(`${accuracy}  (seed ${trial.seed}, ${time}; ${done} of ${trials.length})`);
          if (trial.seed === firstSeed) say();
        });
      },
    });
    return await resumable(running, () => `${done} of ${trials.length} trials are finished and kept.`);
  } finally {
    progress.end();
  }
}

/** Says where things stand, should the work be stopped on request. */
async function resumable<T>(work: Promise<T>, standing: () => string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_ABORTED')) throw error;
    throw new DactylError('E_ABORTED', `Stopped. ${standing()} The same command goes on from there.`, {
      cause: error,
    });
  }
}

/** The epoch lines of a trial that was kept: Keras' form, its times being those of the whole trial shared out. */
function keptLines({ history, seconds }: Results['trials'][number], steps: number): string[] {
  return history.loss.flatMap((loss, e) => {
    const logs: EpochLogs = {
      loss,
      accuracy: history.accuracy[e],
      val_loss: history.val_loss[e],
      val_accuracy: history.val_accuracy[e],
    };
    return [`Epoch ${e + 1}/${history.loss.length}`, epochLine(steps, seconds / history.loss.length, logs)];
  });
}

function trainingImages({ validation }: TrialConfiguration): number {
  return MNIST_TRAINING_SIZE - (validation === 'test' ? 0 : MNIST_HOLDOUT_SIZE);
}

function nameOf({ activation, seed }: TrialConfiguration): string {
  return `${activationName(activation)}, seed ${seed}`;
}
