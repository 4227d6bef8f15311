import type { Recipe } from './recipe.ts';
import type { TrialResult } from './results.ts';

type Ended = Pick<TrialResult, 'history' | 'weightsHash'>;
type Stopping = Recipe['earlyStopping'];

/** The first epoch, from 0, of the highest validation accuracy where this is monitored, else of the lowest validation loss. */
export function bestEpoch({ history }: Pick<Ended, 'history'>, stopping: Stopping): number {
  const { val_accuracy: accuracy, val_loss: loss } = history;
  return stopping?.monitor === 'val_accuracy'
    ? accuracy.indexOf(Math.max(...accuracy))
    : loss.indexOf(Math.min(...loss));
}

/** 'of the model, put back from epoch 7: 9b1efa88…': early stopping puts back those of the best epoch, else the model has those of the last. */
export function modelWeights(ended: Ended, stopping: Stopping): string {
  const { weightsHash } = ended;
  const last = weightsHash.length - 1;
  const kept = stopping ? bestEpoch(ended, stopping) : last;
  const place = kept === last ? `after the last epoch, ${last + 1}` : `put back from epoch ${kept + 1}`;
  return `of the model, ${place}: ${shortened(weightsHash[kept])}${kept === last ? '' : `; after the last epoch, ${last + 1}: ${shortened(weightsHash[last])}`}`;
}

function shortened(hash: string): string {
  return `${hash.slice(0, 16)}…`;
}
