import { join } from 'node:path';
import { describeMnist } from '../datasets/describeMnist.ts';
import type { Mnist } from '../datasets/mnist.ts';
import { Sequential } from '../nn/sequential.ts';
import { answer } from '../report/prose/answer.ts';
import { QUICK_LABEL } from '../report/input.ts';
import { loadMnist } from '../store/mnist.ts';
import type { WrittenReport } from '../store/study.ts';
import type { Study } from '../study/configuration.ts';
import type { Results } from '../study/results.ts';
import { networkLayers } from '../study/trial.ts';
import { activationName, capitalised, countOf, listOf } from '../study/wording.ts';
import { type CompareOptions, comparisonStudy } from './compareOptions.ts';
import { conclusion } from './conclusion.ts';
import { executeStudy } from './execute.ts';
import { formatSeconds } from './progress.ts';
import { print, styled, wrapped } from './terminal.ts';

/** A study made from flags. */
export async function compare(options: CompareOptions, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const study = comparisonStudy(options);
  const say = options.json || options.quiet ? () => undefined : print;
  const source = loadMnist({ shared: true });
  introduce(study, source, say);
  const { results, written } = await executeStudy({
    study,
    folder: join(options.out, study.name),
    source,
    jobs: options.jobs,
    signal,
    say,
    live: !options.json && !options.quiet,
    epochs: true,
  });
  if (options.json) {
    print(JSON.stringify(results, null, 2));
    return;
  }
  say();
  printConclusion(results, written, (performance.now() - start) / 1000);
}

/** The table of arms and pairs, the answer, and where the report lies. */
export function printConclusion(results: Results, written: WrittenReport | undefined, seconds: number): void {
  const { seeds, arms, quick } = results.study;
  if (quick) {
    const { epochs } = arms[0].recipe;
    print(styled('yellow', `${QUICK_LABEL}: ${countOf(seeds.length, 'seed')}, ${countOf(epochs, 'epoch')}.`));
  }
  conclusion(results).forEach((line) => {
    print(line);
  });
  print();
  print(wrapped(answer(results)));
  print();
  if (written) {
    print(`Report   ${styled('bold', written.report)}`);
    print(`Results  ${written.results}`);
  }
  print(`${capitalised(formatSeconds(seconds))} in all.`);
}

/** The paper's first lines: shapes and the network's table. */
function introduce({ arms, seeds, split }: Study, mnist: Mnist, say: typeof print): void {
  describeMnist(mnist).shapes.forEach((line) => {
    say(line);
  });
  const [{ recipe }] = arms;
  const model = new Sequential(networkLayers(recipe));
  say();
  say(model.summary());
  say(
    wrapped(
      `The same for ${listOf(arms.map(({ name }) => activationName(name)))}, which stand in the hidden layers; ${countOf(seeds.length, 'seed')} each, ${countOf(recipe.epochs, 'epoch')}.`,
    ),
  );
  if (split.kind === 'test') say('Validation is the test set, as in the paper; nothing is selected on it.');
  say();
  model.dispose();
}
