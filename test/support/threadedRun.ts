import { createWasmEngine } from '../../src/engine/wasm.ts';
import { Dense, Flatten, Input, Rescaling } from '../../src/nn/layers.ts';
import { Sequential } from '../../src/nn/sequential.ts';

/** A short training on so many threads, or as many as there can be. */
export async function threadedRun(
  bytes: Uint8Array,
  classes: Uint8Array,
  wanted: number,
): Promise<{ hash: string; threads: number }> {
  const engine = createWasmEngine();
  const threads = await engine.startThreads!(wanted);
  const layers = [Input([28, 28]), Rescaling(1 / 255), Flatten(), Dense(128, { activation: 'relu' })];
  const model = new Sequential([...layers, Dense(10, { activation: 'softmax' })], { engine });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const count = classes.length;
  const inputs = { data: bytes, shape: [count, 28, 28] };
  await model.fit(inputs, { data: classes, shape: [count] }, { epochs: 3, verbose: 0 });
  threads.stop();
  return { hash: model.weightsHash(), threads: threads.count };
}
