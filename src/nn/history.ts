/** Means over an epoch's batches, weighted by their sizes, with the weights as they were at each batch; `val_…` after the epoch. */
export interface EpochLogs {
  loss: number;
  accuracy?: number;
  val_loss?: number;
  val_accuracy?: number;
  /** Other metrics by their names, `precision`, `val_precision`, … */
  [metric: string]: number | undefined;
}

/** What `fit` returns: one value per epoch under Keras' names. */
export class History {
  /** Numbers of the epochs, from 0. */
  readonly epoch: number[] = [];
  readonly history: { loss: number[] } & Record<string, number[] | undefined> = { loss: [] };

  add(epoch: number, logs: EpochLogs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      if (value !== undefined) (this.history[name] ??= []).push(value);
    }
  }
}
