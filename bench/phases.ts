import type { DataSet } from '../src/data/dataSet.ts';
import type { Kernels } from '../src/engine/module.ts';
import { createWasmEngine } from '../src/engine/wasm.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { PAPER_RECIPE } from '../src/study/recipe.ts';
import { networkLayers } from '../src/study/network.ts';
import { median } from './recipe.ts';

const PHASES: Record<string, readonly (keyof Kernels)[]> = {
  'gather the batch’s sparse rows': ['gatherRows'],
  'sparse first layer, forward': ['sparseForward'],
  'dense layers, forward and backward to inputs': ['denseForward'],
  'activations, both ways': ['relu', 'reluBackward'],
  'softmax, loss and gradient': ['softmaxCrossEntropy'],
  'dense layers, gradients': ['denseGradient', 'biasGradient'],
  'dense layers, Adam and transposes': ['adamAll', 'transpose'],
  'sort the batch’s columns': ['sortColumns'],
  'sparse first layer, gradient and Adam': ['sparseGradient'],
};

/** Median microseconds of each phase of a step of the paper's recipe, and of the whole step (timers included). */
export async function measurePhases({ train }: DataSet): Promise<[phase: string, microseconds: number][]> {
  const spent = new Map<string, number>();
  const samples = new Map<string, number[]>();
  const engine = createWasmEngine((kernels) => timed(kernels, spent));
  const model = new Sequential(networkLayers(PAPER_RECIPE), {
    seed: 1,
    engine,
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  let last = 0;
  const add = (name: string, ms: number): void => {
    const own = samples.get(name) ?? [];
    samples.set(name, own);
    own.push(ms);
  };
  await model.fit(
    train.images,
    { data: train.labels, shape: [train.labels.length] },
    {
      epochs: 2,
      verbose: 0,
      callbacks: [
        {
          onBatchEnd() {
            const now = performance.now();
            if (last > 0) {
              add('whole step', now - last);
              for (const [phase, kernels] of Object.entries(PHASES)) {
                add(
                  phase,
                  kernels.reduce((sum, name) => sum + (spent.get(name) ?? 0), 0),
                );
              }
            }
            spent.clear();
            last = now;
          },
        },
      ],
    },
  );
  model.dispose();
  return [...Object.keys(PHASES), 'whole step'].map((name) => [name, 1000 * median(samples.get(name)!)]);
}

type Kernel = (...args: number[]) => unknown;

function timed(kernels: Kernels, spent: Map<string, number>): Kernels {
  const exports: Record<string, unknown> = { ...kernels };
  const entries = Object.entries(exports)
    .filter((entry): entry is [string, Kernel] => typeof entry[1] === 'function')
    .map(([name, kernel]) => {
      const measured: Kernel = (...args) => {
        const start = performance.now();
        const result = kernel(...args);
        spent.set(name, (spent.get(name) ?? 0) + performance.now() - start);
        return result;
      };
      return [name, measured];
    });
  return Object.fromEntries(entries) as Kernels;
}
