import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DataSet } from '../src/data/dataSet.ts';
import {
  AveragePooling2D,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  Rescaling,
  Reshape,
} from '../src/nn/layers.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { mnistFolder } from '../src/store/mnist.ts';
import type { Tensor } from '../src/util/tensor.ts';
import type { Case } from './recipe.ts';

/** Something that trains epochs of a case, ourselves or a peer in a process of its own. */
export interface Contestant {
  readonly name: string;
  /** Trains one more epoch and returns its wall time in seconds; null where it has no such activation or layer. */
  epoch(what: Case): Promise<number | null>;
  /** Accuracy on the 10,000 test images. */
  testAccuracy(): Promise<number>;
  /** Forgets the model. */
  reset(): Promise<void>;
  close(): void;
}

export function dactyl({ train, test }: DataSet, threads = 1): Contestant {
  let model: Sequential | undefined;
  const floats = new Map<string, Tensor>();
  const first = ({ data, shape }: Tensor<Uint8Array>, images: number): Tensor => ({
    data: data.subarray(0, (images * data.length) / shape[0]),
    shape: [images, ...shape.slice(1)],
  });
  return {
    name: 'Dactyl',
    async epoch({ convolutions, units, activation, dropout, batch, inputs, images, seed = 1 }) {
      const pictures = (convolutions ?? []).flatMap(({ filters, size, padding, pooling }): Layer[] => [
        Conv2D(filters, size, { padding, activation }),
        pooling === 'max' ? MaxPooling2D() : AveragePooling2D(),
      ]);
      const hidden: Layer[] = [
        ...(pictures.length > 0 ? [Reshape([28, 28, 1]), ...pictures] : []),
        Flatten(),
        ...units.map((width) => Dense(width, { activation })),
        ...(dropout === undefined ? [] : [Dropout(dropout)]),
      ];
      const scale = inputs === 'bytes' ? [Rescaling(1 / 255)] : [];
      if (!model) {
        model = new Sequential([Input([28, 28]), ...scale, ...hidden, Dense(10, { activation: 'softmax' })], {
          seed,
        });
        model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
      }
      if (inputs !== 'bytes' && !floats.has(inputs)) floats.set(inputs, asFloats(train.images, inputs));
      const all = floats.get(inputs) ?? train.images;
      const x = first(all as Tensor<Uint8Array>, images);
      // As with the peers, putting the images where training reads them is not counted.
      let start = 0;
      let end = 0;
      const clock = {
        onEpochBegin: () => void (start = performance.now()),
        onEpochEnd: () => void (end = performance.now()),
      };
      await model.fit(
        x,
        { data: train.labels.subarray(0, images), shape: [images] },
        { batchSize: batch, verbose: 0, callbacks: [clock], threads },
      );
      return (end - start) / 1000;
    },
    testAccuracy() {
      const { accuracy } = model!.evaluate(test.images, { data: test.labels, shape: [test.labels.length] });
      return Promise.resolve(accuracy);
    },
    reset() {
      model?.dispose();
      model = undefined;
      return Promise.resolve();
    },
    close() {
      model?.dispose();
    },
  };
}

/** Between 0 and 1, or between 0.1 and 1. */
function asFloats({ data: bytes, shape }: Tensor<Uint8Array>, inputs: 'float' | 'dense'): Tensor {
  const data = new Float32Array(bytes.length);
  for (let k = 0; k < bytes.length; k++) {
    data[k] = inputs === 'dense' ? 0.9 * (bytes[k] / 255) + 0.1 : bytes[k] / 255;
  }
  return { data, shape };
}

const PYTHON_PEERS: readonly { readonly module: string; readonly file: string; readonly form?: string }[] = [
  { module: 'torch', file: 'peer_torch.py', form: 'plain' },
  { module: 'torch', file: 'peer_torch.py', form: 'flat' },
  { module: 'torch', file: 'peer_torch.py', form: 'fused' },
  { module: 'jax', file: 'peer_jax.py' },
  { module: 'keras', file: 'peer_keras.py', form: 'tensorflow' },
  { module: 'keras', file: 'peer_keras.py', form: 'jax' },
  { module: 'sklearn', file: 'peer_sklearn.py' },
];

/** The peers that can run here, of those whose file or form has one of the words; `skipped` is told the others by name. */
export async function findPeers(
  words: readonly string[],
  skipped: (reason: string) => void,
): Promise<Contestant[]> {
  const peers: Contestant[] = [];
  const file = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
  const environment = file('venv/bin/python');
  const python = existsSync(environment) ? environment : '/usr/bin/python3';
  for (const { module, file: name, form = '' } of PYTHON_PEERS) {
    if (!wanted(`${name} ${form}`)) continue;
    if (spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status !== 0) {
      skipped(`${name} ${form}: ${python} has no ${module}; see bench/peers/requirements.txt`);
      continue;
    }
    const peer = await startPeer(python, [file(name), ...(form ? [form] : [])]).catch(() => null);
    if (peer) peers.push(peer);
    else skipped(`${name} ${form}: it did not start`);
  }
  if (!wanted('tfjs')) return peers;
  if (existsSync(file('node_modules')))
    peers.push(await startPeer(process.execPath, [file('tfjs-wasm.mjs')]));
  else skipped('TensorFlow.js wasm: run npm ci in bench/peers');
  return peers;
}

/** Our other forms, each in a process of its own: V8's packing where it may be turned on, and two threads. */
export async function ownForms(skipped: (reason: string) => void): Promise<Contestant[]> {
  const file = fileURLToPath(new URL('own.ts', import.meta.url));
  const forms: Contestant[] = [];
  for (const form of ['wide', 'threads']) {
    const one = await startPeer(process.execPath, [file, form]).catch(() => null);
    if (one) forms.push(one);
    else skipped(`Dactyl, ${form}: it did not start`);
  }
  return forms;
}

export async function startPeer(command: string, args: readonly string[]): Promise<Contestant> {
  const child = spawn(command, [args[0], mnistFolder(), ...args.slice(1)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = (request: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return nextAnswer(lines);
  };
  const { name } = await nextAnswer(lines);
  return {
    name: name!,
    async epoch({ name: _, ...what }) {
      const { seconds, error } = await ask({ cmd: 'epoch', ...what });
      if (error?.startsWith('epoch: no ')) return null;
      if (error) throw new Error(`${name}: ${error}`);
      return seconds!;
    },
    async testAccuracy() {
      const { accuracy } = await ask({ cmd: 'evaluate' });
      return accuracy!;
    },
    async reset() {
      await ask({ cmd: 'reset' });
    },
    close() {
      child.stdin.end();
      child.kill();
    },
  };
}

interface Answer {
  readonly name?: string;
  readonly seconds?: number;
  readonly accuracy?: number;
  readonly error?: string;
}

async function nextAnswer(lines: AsyncIterator<string>): Promise<Answer> {
  const line = await lines.next();
  if (line.done) throw new Error('the peer ended without an answer');
  const answer = JSON.parse(line.value) as Answer;
  return answer;
}
