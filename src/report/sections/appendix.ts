import { isMnist } from '../../data/identity.ts';
import { MNIST_FILES } from '../../data/mnist/mnistFiles.ts';
import { armLabel } from '../../study/arm.ts';
import { activationOf } from '../../study/network.ts';
import { thresholdText } from '../../study/judgements/convergence.ts';
import type { Results } from '../../study/results.ts';
import { rulesOf } from '../../study/configuration.ts';
import { LOSS, marginText, ropeText } from '../../study/verdict.ts';
import { grouped, listOf, seedRange } from '../../study/wording.ts';
import { heldOutText, wordsIn, wordsOfData } from '../dataWords.ts';
import { glossary } from '../glossary.ts';
import type { Html } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { html } from '../html.ts';
import { rulesNote } from '../prose/rulesNote.ts';
import { REFERENCES } from '../references.ts';
import type { Table } from '../table.ts';
import { toHtml } from '../table.ts';
import { tableHtml } from './parts.ts';

export function glossaryHtml({ data }: Results): Html {
  return html`<dl class="glossary">
    ${glossary(wordsIn(wordsOfData(data))).map(
      ({ term, meaning }) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`;
}

export function referencesHtml(): Html {
  return html`<ol class="references">
    ${REFERENCES.map((reference) => html`<li>${reference}</li>`)}
  </ol>`;
}

/** All that is needed to run the same again, with what was fixed before the runs. */
export function configurationHtml(
  {
    results,
    seedsBefore = [],
    fixedUnder = results.judgement,
  }: Pick<ReportInput, 'results' | 'seedsBefore' | 'fixedUnder'>,
  hashes: Table,
  recipes: Table,
): Html {
  const { study, studyHash, environment: e, data } = results;
  const { seeds, split } = study;
  const rules = rulesOf(study);
  const settings: [string, string][] = [
    ['Study', study.name],
    ['Arms', listOf(study.arms.map(({ name, recipe }) => armLabel(name, activationOf(recipe))))],
    ['Seeds', seedRange(seeds)],
    ...seedsBefore.map((before): [string, string] => ['Seeds before, with results', seedRange(before)]),
    ['Split', split.kind === 'holdout' ? heldOutText(data, 'training images held out') : SPLITS[split.kind]],
    ...(split.kind === 'folds'
      ? ([
          ['Folds × repeats', `${split.folds} × ${split.repeats}`],
          ['Folds divide', split.groups],
        ] as [string, string][])
      : []),
    ['Quick', study.quick ? 'yes' : 'no'],
  ];
  const fixed: [string, string][] = [
    ...(study.claims ? ([['Claims that are judged', study.claims.join(', ')]] as [string, string][]) : []),
    ['Regions of practical equivalence', `${ropeText(rules)}, ${marginText(LOSS, rules.lossRope)}`],
    [
      'C3: training accuracies to be reached',
      `${thresholdText(rules.convergenceAccuracy)}, ${thresholdText(rules.lateAccuracy)}`,
    ],
    ['C3: validation accuracy told beside it', thresholdText(rules.validationAccuracy)],
    ['C4: changes count after epoch', String(rules.stabilityFrom)],
    ['C5: validation curves from epoch', String(rules.overfittingFrom)],
    ['C6: decline from epoch', String(rules.declineFrom)],
    ['C10: how many most confused pairs count as most', String(rules.confusedPairs)],
    [
      'C11: range of validation accuracy',
      `${thresholdText(rules.goodFrom)} to ${thresholdText(rules.goodTo)}`,
    ],
  ];
  const surroundings: [string, string][] = [
    ['Dactyl', e.dactyl],
    ['Numerics', String(e.numerics)],
    ...(e.convolution === undefined
      ? []
      : [['Numerics of convolution', String(e.convolution)] as [string, string]]),
    ['Runtime', e.runtime],
    ['Platform', e.platform],
    ['Processor', e.processor],
    ['Runs at a time', String(e.workers)],
  ];
  const checksums: Table = {
    name: 'data',
    caption: 'Data files',
    columns: [{ label: 'File' }, { label: 'Bytes', format: grouped }, { label: 'SHA-256', code: true }],
    rows: dataFiles(data),
  };
  return html`<details open>
      <summary>Fixed before the runs</summary>
      <p class="lead">${study.question}</p>
      ${pairs(fixed)}
      <p class="hash">
        The hash of question, arms, split and the rules that the study states is
        <span class="code">${studyHash}</span>. Whoever changes one of these after the runs gets another hash.
        Measures and the other rules are those of version ${results.judgement} of the
        judgement${
          fixedUnder === results.judgement
            ? ''
            : `; the study was fixed, and had results, under version ${fixedUnder}`
        }.
        ${rulesNote(study)}
      </p>
    </details>
    <details open>
      <summary>Configuration</summary>
      ${pairs(settings)} ${tableHtml(recipes)}
    </details>
    <details>
      <summary>Environment</summary>
      ${pairs(surroundings)}
      <p>Times depend on the machine, results do not.</p>
    </details>
    <details>
      <summary>Data checksums</summary>
      ${toHtml(checksums)}
    </details>
    <details>
      <summary>Trial keys and weights hashes</summary>
      ${tableHtml(hashes)}
    </details>`;
}

function pairs(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="pairs">
    ${entries.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

const SPLITS = {
  test: 'validation on the test set',
  half: 'a random half of the training images, validation on the test set',
  folds: 'cross-validation',
} as const;

const PARTS = ['training images', 'training labels', 'test images', 'test labels', 'names of the classes'];

/** Only MNIST has files of known names and sizes. */
function dataFiles({ identity }: Results['data']): [file: string, bytes: number | string, sha256: string][] {
  return isMnist(identity)
    ? Object.values(MNIST_FILES).map(({ file, bytes, sha256 }) => [file, bytes, sha256])
    : identity.map((sha256, k) => [PARTS[k], '–', sha256]);
}
