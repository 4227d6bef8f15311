/** Training in a thread of its own, so that this one stays free: `node examples/worker.ts`. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Dense, Flatten, Input, loadMnist, Rescaling, Sequential } from 'dactyl';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  let beats = 0;
  const heart = setInterval(() => beats++, 50);
  worker.on('message', (line: string) => {
    console.log(line);
  });
  worker.on('exit', () => {
    clearInterval(heart);
    console.log(beats > 0 ? 'This thread was free all the while.' : 'This thread was blocked.');
  });
} else {
  const { train, test } = loadMnist();
  const model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(32, { activation: 'relu' }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(train.images, train.labels, { epochs: 2, verbose: 0 });
  parentPort!.postMessage(`Test accuracy ${model.evaluate(test.images, test.labels).accuracy.toFixed(4)}`);
}
