import type { Dataset } from '../../data/examples.ts';
import { subset } from '../../data/examples.ts';
import { weightedLayers } from '../../nn/layerOutputs.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { checkStopped, type Work } from '../subject.ts';
import { forAnswers } from './splitNetwork.ts';

/**
 * The network with its last 1, 2, … all layers with weights as freshly initialised (Adebayo et al. 2018, cascading randomisation). Each is used and
 * disposed of in turn; `randomised` counts its fresh layers.
 */
export async function forEachRandomisation(
  model: Sequential,
  seed: number,
  use: (model: Sequential, randomised: number) => Promise<void>,
): Promise<void> {
  using fresh = new Sequential(model.layers, { seed });
  using mixed = new Sequential(model.layers, { seed });
  const [trained, initial] = [model.getWeights(), fresh.getWeights()];
  const sizes = weightedLayers(model).map(({ arrays }) => arrays);
  let from = trained.length;
  for (const [k, size] of sizes.toReversed().entries()) {
    from -= size;
    mixed.setWeights([...trained.slice(0, from), ...initial.slice(from)]);
    await use(mixed, k + 1);
  }
}

export interface RandomLabelsTraining {
  readonly model: Sequential;
  readonly images: number;
  readonly epochs: number;
  /** On the shuffled labels it was given. */
  readonly trainAccuracy: number;
}

const IMAGES = 1000;
const EPOCHS_AT_A_TIME = 20;
const MOST_EPOCHS = 200;
const LEARNT = 0.95;

/**
 * A network of the same layers, trained on 1,000 training images whose labels were shuffled among them, until it knows 95 % of them by heart
 * or for 200 epochs (Adam, batch 32). Whatever it answers has nothing to do with the digits' shapes. Dispose of the model.
 */
export async function trainOnRandomLabels(
  { layers }: Sequential,
  train: Dataset,
  seed: number,
  work: Work,
): Promise<RandomLabelsTraining> {
  const random = new Random(seed, 'explanations/random labels');
  const order = random.shuffle(Uint32Array.from({ length: train.labels.length }, (_, i) => i));
  const { images, labels } = subset(train, order.subarray(0, Math.min(IMAGES, order.length)));
  const shuffled = Int32Array.from(labels);
  random.shuffle(shuffled);
  const targets = { data: shuffled, shape: [shuffled.length] };
  const model = new Sequential(forAnswers(layers), { seed });
  try {
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    let epochs = 0;
    let trainAccuracy = 0;
    while (epochs < MOST_EPOCHS && trainAccuracy < LEARNT) {
      checkStopped(work);
      await model.fit(images, targets, { epochs: EPOCHS_AT_A_TIME, verbose: 0 });
      epochs += EPOCHS_AT_A_TIME;
      trainAccuracy = model.evaluate(images, targets).accuracy;
    }
    return { model, images: shuffled.length, epochs, trainAccuracy };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
