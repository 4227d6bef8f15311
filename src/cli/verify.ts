import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { createLocalExecutor } from '../queue/local.ts';
import { readComparison } from '../store/comparison.ts';
import { loadMnist } from '../store/mnist.ts';
import { TrialStore } from '../store/runs.ts';
import { NUMERICS_VERSION } from '../study/numerics.ts';
import type { TrialResult } from '../study/results.ts';
import type { TrialConfiguration } from '../study/trial.ts';
import { activationName, countOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { Progress } from './progress.ts';
import { print } from './terminal.ts';

export function verifyCommand(): Command {
  return new Command('verify')
    .description('Train the trials of a finished comparison again and compare the weights, bit by bit, after every epoch.')
    .argument('<run>', 'the folder of a comparison, such as runs/relu-vs-tanh')
    .argument('[trial]', 'one trial: the first characters of its key, or activation/seed such as relu/1')
    .addHelpText('after', '\nExamples:\n  dactyl verify runs/relu-vs-tanh\n  dactyl verify runs/relu-vs-tanh tanh/3');
}

export async function verify(run: string, trial: string | undefined, signal: AbortSignal): Promise<void> {
  const { record, root } = readComparison(run);
  const store = new TrialStore(root);
  const kept = record.trials.map((key) => store.read(key).record);
  const chosen = trial === undefined ? kept : kept.filter(({ result }) => isNamed(result, trial));
  if (chosen.length === 0) {
    const known = kept.map(({ result }) => `${result.activation}/${result.seed} (${result.key.slice(0, 12)})`).join(', ');
    throw new DactylError('E_NOT_FOUND', `No trial ${trial} in ${run}; it has ${known}.`);
  }
  const foreign = chosen.find(({ configuration }) => configuration.numerics !== NUMERICS_VERSION);
  if (foreign) {
    throw new DactylError(
      'E_MISMATCH',
      `These trials are of numerics version ${foreign.configuration.numerics}, this is version ${NUMERICS_VERSION}: verify them with the version of Dactyl that made them.`,
    );
  }

  const executor = createLocalExecutor(loadMnist({ shared: true }), Math.min(availableParallelism(), chosen.length));
  const progress = new Progress(
    chosen.reduce((sum, { configuration }) => sum + configuration.epochs, 0),
    true,
  );
  let differing = 0;
  try {
    await Promise.all(
      chosen.map(async ({ configuration, result }) => {
        const name = nameOf(configuration);
        const again = await executor.run(configuration, {
          signal,
          onEpoch: () => {
            progress.advance(name);
          },
        });
        const difference = firstDifference(result, again.result);
        if (difference) differing++;
        progress.interrupt(() => {
          const hash = result.weightsHash.at(-1)!.slice(0, 16);
          print(`${name}: ${difference ?? `identical, ${countOf(result.weightsHash.length, 'epoch')}, weights ${hash}…`}`);
        });
      }),
    );
  } finally {
    progress.end();
    await executor.close();
  }
  if (differing > 0) {
    throw new DactylError('E_MISMATCH', `${countOf(differing, 'trial')} of ${chosen.length} came out otherwise than recorded.`);
  }
  print(`All ${countOf(chosen.length, 'trial')} came out with the same bits.`);
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
  return measures(recorded) === measures(again) ? undefined : 'DIFFERENT: the weights are the same, the recorded measures are not';
}

function nameOf({ activation, seed }: TrialConfiguration): string {
  return `${activationName(activation)}, seed ${seed}`;
}
