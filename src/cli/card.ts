import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { contactOf } from '../data/contact.ts';
import { classCounts } from '../data/examples.ts';
import { evaluateTarget } from '../queue/evaluation/evaluate.ts';
import { openTarget } from '../queue/evaluation/target.ts';
import { cardOf } from '../report/card/card.ts';
import { cardMarkdown } from '../report/card/markdown.ts';
import { cardPage } from '../report/card/page.ts';
import { ensureWritableFolder, writeFileAtomic } from '../store/atomic.ts';
import { USUAL_DATA } from '../store/data.ts';
import { hashesOf } from '../study/earlierStudies.ts';
import type { EvaluatedNetwork } from '../study/evaluation/record.ts';
import { dataOfTarget, dataOption } from './dataOption.ts';
import { outOf, writableRoot } from './evaluationFolders.ts';
import { readEvaluationFiles } from './evaluationFiles.ts';
import { keptEvaluation } from './keptEvaluation.ts';
import { shellCommand } from './shellCommand.ts';
import { refuseStudyFile } from './refuseStudyFile.ts';
import { print, styled, warn } from './terminal.ts';

export interface CardOptions {
  readonly data?: string;
  readonly out?: string;
}

/** `dactyl card MODEL|TRIAL|STUDY` */
export function cardCommand(): Command {
  return new Command('card')
    .description(
      'Write the model card of a trained model or of a study, with a data sheet: Markdown, HTML and JSON, from what is measured.',
    )
    .argument('<target>', 'a model file, the folder of a kept trial, or that of a study')
    .addOption(dataOption())
    .option('--out <folder>', 'where it goes (default: the study’s folder, or one beside the model)')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nWhat dactyl evaluate measured before is in it.\n\nExamples:\n  dactyl card digits.safetensors\n  dactyl card runs/relu-vs-tanh',
    );
}

/** Takes the evaluation that is kept, or measures the answers on the test images, and writes card.md, card.html and card.json. */
export async function card(path: string, options: CardOptions, signal: AbortSignal): Promise<void> {
  refuseStudyFile(path);
  const source = await dataOfTarget(path, options.data);
  const target = await openTarget(path, { data: source, signal });
  const folder = outOf(options.out, target);
  ensureWritableFolder(folder);
  const named = options.data === undefined || options.data === USUAL_DATA ? [] : ['--data', options.data];
  const command = shellCommand(['dactyl', 'card', path, ...named]);
  const hashes = target.results ? hashesOf(target.results.study) : [target.identity.hash];
  const kept = keptEvaluation(target.folder, hashes, warn);
  const measured =
    kept?.quick === false &&
    !kept.data.own &&
    kept.parts.some(({ part }) => part === 'answers') &&
    // More seeds of a study do not change its hash.
    isDeepStrictEqual(namesOf(kept.networks), namesOf(target.networks));
  const evaluation = measured
    ? kept
    : await evaluateTarget(target, {
        source,
        ...readEvaluationFiles({}, source),
        quick: false,
        only: ['answers'],
        root: writableRoot(target, folder),
        workers: availableParallelism(),
        command,
        watts: null,
        signal,
        warn,
      });
  const counts = { train: classCounts(source.train), test: classCounts(source.test) };
  const made = cardOf(evaluation, counts, command, contactOf(source.train));
  writeFileAtomic(join(folder, 'card.json'), `${JSON.stringify(made, null, 2)}\n`);
  writeFileAtomic(join(folder, 'card.md'), cardMarkdown(made));
  writeFileAtomic(join(folder, 'card.html'), cardPage(made));
  print(`Card     ${styled('bold', join(folder, 'card.html'))}, card.md and card.json`);
}

function namesOf(networks: readonly EvaluatedNetwork[]): string[] {
  return networks.map(({ arm, hash }) => `${arm} ${hash}`);
}
