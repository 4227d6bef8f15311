import { createLocalExecutor } from '../src/queue/local.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { DEFAULT_RULES } from '../src/study/configuration.ts';
import { PAPER_RECIPE } from '../src/study/recipe.ts';
import { trialsOf } from '../src/study/study.ts';
import { median } from './recipe.ts';

const ROUNDS = 5;

/** How much longer two trials at once take than one alone, on two workers; rounds alternate. */
export async function measureParallel(): Promise<{ one: number; two: number }> {
  const executor = createLocalExecutor(loadMnist({ shared: true }), 2);
  const trials = trialsOf({
    name: 'bench',
    question: '',
    arms: ['relu', 'tanh'].map((activation) => ({
      name: activation,
      recipe: { ...PAPER_RECIPE, activation, epochs: 3 },
    })),
    seeds: [1],
    split: { kind: 'test' },
    rules: DEFAULT_RULES,
    quick: false,
  });
  const time = async (count: number): Promise<number> => {
    const start = performance.now();
    await Promise.all(trials.slice(0, count).map((trial) => executor.run(trial.configuration, {})));
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
