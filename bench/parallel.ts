import { createLocalExecutor } from '../src/queue/local.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { trialsOf } from '../src/study/comparison.ts';
import { median } from './recipe.ts';

const ROUNDS = 5;

/** How much longer two trials at once take than one alone, on two workers; rounds alternate. */
export async function measureParallel(): Promise<{ one: number; two: number }> {
  const executor = createLocalExecutor(loadMnist({ shared: true }), 2);
  const trials = trialsOf({
    activations: ['relu', 'tanh'],
    seeds: [1],
    epochs: 3,
    batchSize: 32,
    units: [128, 64, 32],
    optimizer: 'adam',
    learningRate: 0.001,
    dropout: 0,
    validation: 'test',
    quick: false,
  });
  const time = async (count: number): Promise<number> => {
    const start = performance.now();
    await Promise.all(trials.slice(0, count).map((trial) => executor.run(trial, {})));
    return (performance.now() - start) / 1000;
  };
  await time(2);
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await time(1));
    two.push(await time(2));
  }
  await executor.close();
  return { one: median(one), two: median(two) };
}
