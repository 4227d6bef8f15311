import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { createLocalExecutor } from '../queue/local.ts';
import { readComparison } from '../store/comparisonRecord.ts';
import { loadMnist } from '../store/mnist.ts';
import { TrialStore } from '../store/runs.ts';
import { NUMERICS_VERSION } from '../study/numerics.ts';
import type { Results, TrialResult } from '../study/results.ts';
import { trialsOf } from '../study/comparison.ts';
import { type TrialConfiguration, trialKey } from '../study/trial.ts';
import { activationName, countOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { Progress } from './progress.ts';
import { print } from './terminal.ts';

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Train the trials of a finished comparison again and compare the weights, bit by bit, after every epoch.',
    )
    .argument('<run>', 'the folder of a comparison, such as runs/relu-vs-tanh')
    .argument('[trial]', 'one trial: the first characters of its key, or activation/seed such as relu/1')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl verify runs/relu-vs-tanh\n  dactyl verify runs/relu-vs-tanh tanh/3',
    );
}

/** Trains the chosen trials again and holds them to results.json, and to the kept trials where these are still there. */
export async function verify(run: string, trial: string | undefined, signal: AbortSignal): Promise<void> {
  const { results, root } = readComparison(run);
  const chosen = recordedTrials(results, run, trial, new TrialStore(root));

  const executor = createLocalExecutor(
    loadMnist({ shared: true }),
    Math.min(availableParallelism(), chosen.length),
  );
  const progress = new Progress(
    chosen.reduce((sum, { configuration }) => sum + configuration.epochs, 0),
    true,
  );
  let differing = 0;
  try {
    progress.begin(nameOf(chosen[0].configuration));
    await Promise.all(
      chosen.map(async ({ configuration, result, kept }) => {
        const name = nameOf(configuration);
        const again = await executor.run(configuration, {
          signal,
          onEpoch: () => {
            progress.advance(name);
          },
        });
        const difference =
          firstDifference(result, again.result) ?? (kept && firstDifference(kept, again.result));
        if (difference) differing++;
        progress.interrupt(() => {
          const hash = result.weightsHash.at(-1)!.slice(0, 16);
          print(
            `${name}: ${difference ?? `identical, ${countOf(result.weightsHash.length, 'epoch')}, weights ${hash}…`}`,
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

interface Recorded {
  readonly configuration: TrialConfiguration;
  readonly result: TrialResult;
  /** The same result in the folder of kept trials, unless that is gone. */
  readonly kept: TrialResult | undefined;
}

function recordedTrials(
  results: Results,
  run: string,
  name: string | undefined,
  store: TrialStore,
): Recorded[] {
  const { environment, configuration, trials } = results;
  if (environment.numerics !== NUMERICS_VERSION) {
    throw new DactylError(
      'E_MISMATCH',
      `${run} is of numerics version ${environment.numerics}, this is version ${NUMERICS_VERSION}: verify it with Dactyl ${environment.dactyl}, which made it.`,
    );
  }
  const chosen = name === undefined ? trials : trials.filter((trial) => isNamed(trial, name));
  if (chosen.length === 0) {
    const known = trials.map(({ activation, seed, key }) => `${activation}/${seed} (${key.slice(0, 12)})`);
    throw new DactylError(
      'E_NOT_FOUND',
      `No trial ${name ?? ''} in ${run}; it has ${known.join(', ') || 'none'}.`,
    );
  }
  const configurations = new Map(trialsOf(configuration).map((trial) => [trialKey(trial), trial]));
  return chosen.map((result) => {
    const { key, activation, seed } = result;
    const of = configurations.get(key);
    if (of?.activation !== activation || of.seed !== seed) {
      throw new DactylError(
        'E_MISMATCH',
        `${run}: the key ${key} of ${activation}/${seed} does not belong to the configuration in results.json; one of the two was changed.`,
      );
    }
    return { configuration: of, result, kept: store.has(key) ? store.read(key).record.result : undefined };
  });
}

function isNamed({ key, activation, seed }: TrialResult, name: string): boolean {
  return key.startsWith(name) || `${activation}/${seed}` === name;
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

function nameOf({ activation, seed }: TrialConfiguration): string {
  return `${activationName(activation)}, seed ${seed}`;
}
