import { join } from 'node:path';
import type { DataSet } from '../data/dataSet.ts';
import { Sequential } from '../nn/sequential.ts';
import { answer } from '../report/prose/answer.ts';
import { QUICK_LABEL } from '../report/input.ts';
import { USUAL_DATA } from '../store/data.ts';
import type { WrittenReport } from '../store/study.ts';
import type { Study } from '../study/configuration.ts';
import type { Results } from '../study/results.ts';
import { networkLayers } from '../study/network.ts';
import { activationName, capitalised, countOf, listOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { formatShape } from '../util/tensor.ts';
import { type CompareOptions, comparisonStudy } from './compareOptions.ts';
import { readData, sayData, sizedData } from './dataOption.ts';
import { conclusion } from './conclusion.ts';
import { executeStudy } from './execute.ts';
import { fewSeedsNote } from './fewSeeds.ts';
import { formatSeconds } from './progress.ts';
import { printRaised } from './raisedSeeds.ts';
import { print, styled, wrapped } from './terminal.ts';

/** A study made from flags. */
export async function compare(options: CompareOptions, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const study = comparisonStudy(options);
  const say = options.json || options.quiet ? () => undefined : print;
  const source = await readData(sizedData(options).data ?? USUAL_DATA, !options.json && !options.quiet);
  introduce(study, source, say);
  const folder = join(options.out, study.name);
  const { results, written } = await executeStudy({
    study,
    folder,
    source,
    jobs: options.jobs,
    signal,
    say,
    live: !options.json && !options.quiet,
    epochs: true,
  });
  if (options.json) {
    print(JSON.stringify(results, null, 2));
  } else {
    say();
    printConclusion(results, written, (performance.now() - start) / 1000);
    printRaised(folder, study);
  }
  refuseEmptyArm(results);
}

/** Throws E_NUMERIC where every trial of an arm failed; by then the report of the others is there. */
export function refuseEmptyArm({ study, trials, failures }: Results): void {
  const empty = study.arms.find(({ name }) => !trials.some(({ arm }) => arm === name));
  const failure = failures.find(({ arm }) => arm === empty?.name);
  if (empty === undefined || failure === undefined) return;
  throw new DactylError(
    'E_NUMERIC',
    `Every trial of ${empty.name} failed, so it is compared with nothing: ${failure.message}`,
  );
}

/** The table of arms and pairs, failed runs, the answer, and where the report lies. */
export function printConclusion(results: Results, written: WrittenReport | undefined, seconds: number): void {
  const { seeds, arms, quick } = results.study;
  if (quick) {
    const { epochs } = arms[0].recipe;
    print(styled('yellow', `${QUICK_LABEL}: ${countOf(seeds.length, 'seed')}, ${countOf(epochs, 'epoch')}.`));
  }
  conclusion(results).forEach((line) => {
    print(line);
  });
  failedLines(results).forEach((line) => {
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

function failedLines({ study, failures }: Results): string[] {
  return study.arms.flatMap(({ name }) => {
    const own = failures.filter(({ arm }) => arm === name);
    if (own.length === 0) return [];
    const what = `Failed, and in no number above: ${countOf(own.length, 'run')} of ${activationName(name)}. ${own[0].message}`;
    return [styled('yellow', wrapped(what))];
  });
}

/** The paper's first lines: shapes and the network's table. */
function introduce(study: Study, source: DataSet, say: typeof print): void {
  const { arms, seeds, split } = study;
  const { train, test, shape, classes } = source;
  say(`Training data shape: ${formatShape(train.images.shape)}`);
  say(`Test data shape: ${formatShape(test.images.shape)}`);
  sayData(source, say);
  const [{ recipe }] = arms;
  const model = new Sequential(networkLayers(recipe, shape, classes.length));
  say();
  say(model.summary());
  say(
    wrapped(
      `The same for ${listOf(arms.map(({ name }) => activationName(name)))}, which stand in the hidden layers; ${countOf(seeds.length, 'seed')} each, ${countOf(recipe.epochs, 'epoch')}.`,
    ),
  );
  if (split.kind === 'test') say('Validation is the test set, as in the paper; nothing is selected on it.');
  const note = fewSeedsNote(study);
  if (note !== '') say(note);
  say();
  model.dispose();
}
