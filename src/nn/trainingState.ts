import type { Network } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import type { Random } from '../util/random.ts';
import { atOnce } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';

/** What training goes on from, beside the weights. `batches`: those that trainOnBatch has seen. */
export interface Streams {
  readonly network: Network;
  readonly shuffleStream: Random;
  readonly batches: number;
}

export function saveTrainingState({ network, shuffleStream, batches }: Streams): Record<string, Tensor> {
  const all = Object.entries(atOnce(network.saveState())).filter(
    ([name]) => !isWeight(name) && !name.startsWith('average/'),
  );
  const words = Int32Array.from(shuffleStream.save());
  return {
    ...Object.fromEntries(all),
    shuffle: { data: words, shape: [words.length] },
    batches: { data: Float64Array.of(batches), shape: [1] },
  };
}

/** Returns the number of batches; E_FORMAT, and nothing changed, for anything but what `saveTrainingState` gave. */
export function restoreTrainingState(
  state: ReadonlyMap<string, Tensor>,
  { network, shuffleStream }: Omit<Streams, 'batches'>,
): number {
  const { shuffle, batches, ...rest } = Object.fromEntries(state) as Partial<Record<string, Tensor>>;
  if (shuffle?.data.length !== 4 || shuffle.data.every((word) => word === 0) || batches?.data.length !== 1) {
    throw new DactylError('E_FORMAT', 'A training state: expected shuffle and batches; received another.');
  }
  const weights = Object.entries(atOnce(network.saveState())).filter(([name]) => isWeight(name));
  atOnce(network.restoreState(new Map([...weights, ...(Object.entries(rest) as [string, Tensor][])])));
  shuffleStream.restore(Uint32Array.from(shuffle.data));
  return batches.data[0];
}

/** Whether a piece of `Network.saveState` is what `getWeights` gives. */
function isWeight(name: string): boolean {
  return name.startsWith('weights/') || name.startsWith('untrained/');
}
