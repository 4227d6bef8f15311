import { expectedCost } from '../../../analysis/evaluation/costs.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { capitalised, fixed, grouped, listOf } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { intervalsFigure } from '../intervalsFigure.ts';
import type { Highlight, PartReport } from '../part.ts';
import { INTENDED, prohibitedUses } from '../uses.ts';
import { type ArmAnswers, armAnswers } from './answers.ts';
import { POINTS } from './points.ts';
import { type DataWords, shortName, wordsIn } from '../../dataWords.ts';
import { wordsOfEvaluation } from '../evaluationWords.ts';

const FIGURE = 'evaluation-costs';
const TABLE = 'evaluation-costs';
const MATRIX = 'evaluation-cost-matrix';
const KWH = 3_600_000;

/** E13: who is affected, what errors cost by the user's own matrix, and what training costs. */
export function societyPoint(evaluation: Evaluation): PartReport {
  const { costs, evidence, watts, environment } = evaluation;
  const answers = armAnswers(evaluation);
  const { source } = costs;
  const words = wordsIn(wordsOfEvaluation(evaluation));
  const { isInk } = words;
  const own = source !== null;
  const expected = answers.map((one) => ({
    one,
    cost: expectedCost(one.confusions, costs.matrix, one.accuracy.designEffect),
  }));
  const widened = answers.some(({ accuracy }) => accuracy.designEffect > 1);
  const unit = own ? 'units of cost' : 'errors';
  const rows = expected.map(({ one, cost }) => ({
    label: one.arm.label,
    ...cost,
    colour: one.arm.activation,
  }));
  const time = evidence.arms.map(
    ({ label, seconds }) => `${fixed(seconds, 1)} seconds with ${label}${energyText(seconds, watts)}`,
  );
  return {
    figures: (context) =>
      rows.length === 0
        ? []
        : [
            intervalsFigure(
              {
                name: FIGURE,
                title: own ? 'Expected cost of errors per 1,000 images' : 'Expected errors per 1,000 images',
                subtitle: `${own ? `By the costs of ${source.file}` : 'Every error costs 1'}; 95\u00a0% interval over ${expected[0].cost.over}${widened ? ', widened for images by one writer are alike' : ''}. Further left is better.`,
                rows,
                axis: unit,
                write: (value) => fixed(value, 1),
                zero: false,
              },
              context,
            ),
          ],
    tables: [
      {
        name: TABLE,
        caption: `Expected ${own ? 'cost' : 'number'} of errors per 1,000 images`,
        columns: [
          { label: 'Arm' },
          { label: 'networks' },
          { label: 'mean', format: (value) => fixed(value, 2) },
          { label: '95 % from', format: (value) => fixed(value, 2) },
          { label: 'to', format: (value) => fixed(value, 2) },
          { label: 'interval over' },
        ],
        rows: expected.map(({ one, cost }) => [
          one.arm.label,
          one.accuracies.length,
          cost.mean,
          cost.low,
          cost.high,
          cost.over,
        ]),
      },
      {
        name: MATRIX,
        caption: `What an error costs: true ${words.one} in rows, the ${words.one} it is taken for in columns`,
        columns: [
          { label: 'True' },
          ...costs.matrix.map((_, p) => ({
            label: shortName(words, p),
            format: (value: number) => fixed(value, value % 1 === 0 ? 0 : 2),
          })),
        ],
        rows: costs.matrix.map((row, t) => [words.classes[t], ...row]),
      },
    ],
    highlights: own && expected.length > 0 ? [costHighlight(expected)] : [],
    pages: (figure, table) => [
      {
        point: 'E13',
        ...POINTS.E13,
        status: answers.length === 0 ? 'not measured' : 'measured',
        measured: `Expected ${own ? 'cost' : 'number'} of errors per 1,000 images as mixed as the test images, ${own ? `by the matrix ${source.file} (SHA-256 ${source.sha256.slice(0, 12)}…)` : 'each error counting 1; a matrix of one’s own goes in with --costs'}. ${time.length === 0 ? 'Time per training is measured for studies.' : `Time of one training, measured: ${listOf(time)}, on ${environment.processor}.`} ${watts === null ? 'Energy is not measured.' : `Energy is an estimate: time × the ${fixed(watts, 0)} watts that the user states for the machine.`}`,
        body:
          answers.length === 0
            ? null
            : html`${usesHtml(words)}${figure(FIGURE)}${table(TABLE)}${own ? table(MATRIX) : null}`,
        follows: expected.map(({ one, cost }) => costSentence(one, cost, own)),
        unknown: [
          ...(own
            ? []
            : [
                'What an error really costs, to whom: that depends on the use and is for the user to say (--costs FILE).',
              ]),
          isInk
            ? `Effects on work, on those whose writing is read, and on those who are misread: no measurement on ${words.name} shows them.`
            : `Effects on work, and on those who are affected by an error: no measurement on ${words.name} shows them.`,
          ...(watts === null ? ['How much energy training and use take.'] : []),
        ],
      },
    ],
  };
}

function usesHtml(words: DataWords) {
  return html`<div class="uses">
    <div>
      <h4>Meant for</h4>
      <ul>
        ${INTENDED.map((text) => html`<li>${text}</li>`)}
      </ul>
    </div>
    <div>
      <h4>Not to be used for</h4>
      <ul>
        ${prohibitedUses(words).map((text) => html`<li>${text}</li>`)}
      </ul>
    </div>
    <div>
      <h4>Who is affected</h4>
      ${
        words.isInk
          ? html`<p>
              Those whose handwriting is read: an error changes what they wrote. Those who work with the
              answers: they have to find the errors. Those who read
              ${words.one === 'digit' ? 'digits' : 'writing'} for a living, whose work changes.
            </p>`
          : html`<p>
              Those about whom something is decided by an answer: an error is about them. Those who work with
              the answers: they have to find the errors. Those who did this work before, whose work changes.
            </p>`
      }
    </div>
  </div>`;
}

function costSentence(
  { arm: { label }, ...worded }: ArmAnswers,
  { mean, low, high }: { readonly mean: number; readonly low: number; readonly high: number },
  own: boolean,
): string {
  const { things } = wordsIn(worded);
  const range = `(95\u00a0% interval ${fixed(low, 1)} to ${fixed(high, 1)})`;
  return own
    ? `With ${label} errors cost ${fixed(mean, 1)} per 1,000 images ${range}, in the unit of the matrix.`
    : `With ${label} ${fixed(mean, 1)} of 1,000 ${things} are misread ${range}.`;
}

function costHighlight(
  expected: readonly { readonly one: ArmAnswers; readonly cost: { readonly mean: number } }[],
): Highlight {
  return {
    label: 'Cost of errors per 1,000 images',
    value: listOf(expected.map(({ one, cost }) => `${capitalised(one.arm.label)} ${fixed(cost.mean, 1)}`)),
    meaning: 'By the costs that were given.',
    kind: 'number',
  };
}

function energyText(seconds: number, watts: number | null): string {
  if (watts === null) return '';
  return ` (about ${grouped(Math.round(seconds * watts))} joules, ${((seconds * watts) / KWH).toPrecision(2)} kWh)`;
}
