import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallModel } from '../../../test/support/models.ts';
import { TensorBoard } from './tensorBoard.ts';

/** Of the benchmark's peers, where they are installed (CONTRIBUTING.md). */
const PYTHON = 'bench/peers/venv/bin/python';

function hasTensorBoard(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import tensorboard'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasTensorBoard())(
  "TensorBoard's own reader finds what was written as float32, of a run that was stopped and gone on with each epoch once (skipped without tensorboard in bench/peers/venv)",
  async () => {
    const logDir = mkdtempSync(join(tmpdir(), 'dactyl-tensorboard-'));
    const model = smallModel();
    const write = async (first: number, losses: readonly number[]): Promise<void> => {
      const callback = TensorBoard({ logDir });
      await callback.onTrainBegin!(model, { epoch: first, history: {} });
      for (const [k, loss] of losses.entries()) {
        await callback.onEpochEnd!(first + k, { loss, accuracy: 1 - loss, val_loss: 2 * loss }, model);
      }
    };
    await write(0, [0.9, 0.8, 0.7]);
    await write(1, [0.6, 0.5]);
    const printed = execFileSync(PYTHON, ['scripts/fixtures/read-event-files.py', logDir], {
      encoding: 'utf8',
    });
    const [steps, losses] = [
      [0, 1, 2],
      [0.9, 0.6, 0.5],
    ];
    const series = (values: readonly number[]): number[][] =>
      steps.map((step) => [step, Math.fround(values[step])]);
    expect(JSON.parse(printed)).toEqual({
      train: {
        epoch_loss: series(losses),
        epoch_accuracy: series(losses.map((loss) => 1 - loss)),
        epoch_learning_rate: series([0.001, 0.001, 0.001]),
      },
      validation: { epoch_loss: series(losses.map((loss) => 2 * loss)) },
    });
  },
);
