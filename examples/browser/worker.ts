/** Trains in a thread of its own, and gets the same weights, to the bit, as the same lines in Node. */
import {
  Dense,
  Flatten,
  Input,
  readIdxImages,
  readIdxLabels,
  Rescaling,
  Sequential,
  type Tensor,
} from 'dactyl/nn';

async function bytesOf(file: string): Promise<Uint8Array> {
  const response = await fetch(`/${file}`);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function load(part: 'train' | 't10k'): Promise<[Tensor<Uint8Array>, Tensor<Uint8Array>]> {
  const names = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`] as const;
  const [images, labels] = await Promise.all(names.map(bytesOf));
  return [readIdxImages(images, names[0]), readIdxLabels(labels, names[1])];
}

self.onmessage = async ({ data: { epochs } }: MessageEvent<{ epochs: number }>) => {
  const [train, test] = await Promise.all([load('train'), load('t10k')]);
  const model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(128, { activation: 'relu' }),
      Dense(64, { activation: 'relu' }),
      Dense(32, { activation: 'relu' }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(...train, {
    epochs,
    validationData: test,
    verbose: 0,
    callbacks: [
      {
        onEpochEnd(epoch, logs) {
          postMessage(`Epoch ${epoch + 1}/${epochs}: test accuracy ${logs.val_accuracy!.toFixed(4)}`);
        },
      },
    ],
  });
  postMessage(`Weights ${model.weightsHash()}`);
};
