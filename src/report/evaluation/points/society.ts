import { expectedCost } from '../../../analysis/evaluation/costs.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { capitalised, fixed, grouped, listOf } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { intervalsFigure } from '../intervalsFigure.ts';
import type { Highlight, PartReport } from '../part.ts';
import { INTENDED, PROHIBITED } from '../uses.ts';
import { type ArmAnswers, armAnswers } from './answers.ts';
import { POINTS } from './points.ts';

const FIGURE = 'evaluation-costs';
const TABLE = 'evaluation-costs';
const MATRIX = 'evaluation-cost-matrix';
const KWH = 3_600_000;

/** E13: who is affected, what errors cost by the user's own matrix, and what training costs. */
export function societyPoint(evaluation: Evaluation): PartReport {
  const { costs, evidence, watts, environment } = evaluation;
  const answers = armAnswers(evaluation);
  const { source } = costs;
  const own = source !== null;
  const expected = answers.map((one) => ({ one, cost: expectedCost(one.confusions, costs.matrix) }));
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
                subtitle: `${own ? `By the costs of ${source.file}` : 'Every error costs 1'}; 95\u00a0% interval over ${expected[0].cost.over}. Further left is better.`,
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
        caption: 'What an error costs: true digit in rows, the digit it is taken for in columns',
        columns: [
          { label: 'True' },
          ...costs.matrix.map((_, p) => ({
            label: String(p),
            format: (value: number) => fixed(value, value % 1 === 0 ? 0 : 2),
          })),
        ],
        rows: costs.matrix.map((row, t) => [String(t), ...row]),
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
            : html`${usesHtml()}${figure(FIGURE)}${table(TABLE)}${own ? table(MATRIX) : null}`,
        follows: expected.map(({ one, cost }) => costSentence(one, cost.mean, cost.low, cost.high, own)),
        unknown: [
          ...(own
            ? []
            : [
                'What an error really costs, to whom: that depends on the use and is for the user to say (--costs FILE).',
              ]),
          'Effects on work, on those whose writing is read, and on those who are misread: no measurement on MNIST shows them.',
          ...(watts === null ? ['How much energy training and use take.'] : []),
        ],
      },
    ],
  };
}

function usesHtml() {
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
        ${PROHIBITED.map((text) => html`<li>${text}</li>`)}
      </ul>
    </div>
    <div>
      <h4>Who is affected</h4>
      <p>
        Those whose handwriting is read: an error changes what they wrote. Those who work with the answers:
        they have to find the errors. Those who read digits for a living, whose work changes.
      </p>
    </div>
  </div>`;
}

function costSentence(
  { arm: { label } }: ArmAnswers,
  mean: number,
  low: number,
  high: number,
  own: boolean,
): string {
  const range = `(95\u00a0% interval ${fixed(low, 1)} to ${fixed(high, 1)})`;
  return own
    ? `With ${label} errors cost ${fixed(mean, 1)} per 1,000 images ${range}, in the unit of the matrix.`
    : `With ${label} ${fixed(mean, 1)} of 1,000 digits are misread ${range}.`;
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
