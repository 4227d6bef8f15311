import { type Evaluation, resultsOfPart } from '../../study/evaluation/record.ts';
import { capitalised, countOf, grouped, listOf, percent } from '../../study/wording.ts';
import { html, type Html } from '../html.ts';
import { PAGE_THEME } from '../theme.ts';
import { type Share, shareText } from './estimate.ts';
import { inputDoubts } from './inputDoubts.ts';
import { type LawRow, lawRows } from './law.ts';
import type { EvaluationPage, Highlight, Point } from './part.ts';
import { type ArmAnswers, armAnswers, qualityOf } from './points/answers.ts';
import { POINTS } from './points/points.ts';
import { INTENDED, prohibitedUses } from './uses.ts';
import { wordsIn } from '../dataWords.ts';
import { wordsOfEvaluation } from './evaluationWords.ts';

/** Above so many arms only the best and the worst are told of. */
const FEW = 3;
const MOST_TILES = 8;

/** What the networks are worth, in one to three sentences. */
export function evaluationAnswer(evaluation: Evaluation): string {
  const answers = armAnswers(evaluation);
  if (answers.length === 0) return 'The answers on the test images were not measured.';
  const sorted = answers.toSorted((a, b) => b.accuracy.mean - a.accuracy.mean);
  const told = answers.length <= FEW ? answers : [sorted[0], sorted[sorted.length - 1]];
  const images = `${grouped(answers[0].images)} test images`;
  const levels = told.map(({ arm, accuracy }) =>
    answers.length === 1 ? shareText(accuracy) : `${shareText(accuracy)} with ${arm.label}`,
  );
  const [best, worst] = [sorted[0], sorted[sorted.length - 1]];
  const which = answers.length > FEW ? `Of ${countOf(answers.length, 'arm')}, from best to worst: ` : '';
  const first = `${which}${listOf(levels)} of the ${images} are read correctly${basisText(answers)}.`;
  return `${capitalised(first)} ${judgedText(best, worst)}`;
}

/** What the best arm is worth, and the worst where that is something else. */
function judgedText(best: ArmAnswers, worst: ArmAnswers): string {
  const [high, low] = [qualityOf(best), qualityOf(worst)];
  if (high.level !== low.level) return `${best.arm.label}: ${high.text} ${worst.arm.label}: ${low.text}`;
  if (high.misread === low.misread) return high.text;
  const named =
    high.misread === null
      ? `${best.arm.label}: ${high.text}`
      : `With ${best.arm.label} ${high.text.replace(/^A/, 'a')}`;
  return low.misread === null
    ? `${named} ${worst.arm.label}: ${low.text}`
    : `${named} With ${worst.arm.label} ${low.misread} is misread.`;
}

function basisText(answers: readonly ArmAnswers[]): string {
  const most = Math.max(...answers.map(({ accuracies }) => accuracies.length));
  return most === 1
    ? answers.length === 1
      ? ', by one network'
      : ', by one network each'
    : `, on average over ${countOf(most, 'seed')}`;
}

/** The numbers read first. */
export function decidersKey(evaluation: Evaluation, highlights: readonly Highlight[]): Html {
  const answers = armAnswers(evaluation).slice(0, FEW + 1);
  const numbers = highlights.filter(({ kind }) => kind === 'number').slice(0, MOST_TILES - answers.length);
  return html`<dl class="key">
    ${answers.map(
      ({ arm, accuracy, accuracies }) =>
        html`<div style="--tile:${PAGE_THEME.arm(arm.activation)}">
          <dt>${arm.label}, read correctly</dt>
          <dd><b>${percent(accuracy.mean)}</b></dd>
          <dd class="note">${rangeText(accuracy)}, ${countOf(accuracies.length, 'network')}</dd>
        </div>`,
    )}
    ${numbers.map(
      ({ label, value, meaning }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${valueLines(value)}</dd>
          <dd class="note">${meaning}</dd>
        </div>`,
    )}
  </dl>`;
}

/** 'ReLU 67.3 % (66.7 to 67.9 %) and Tanh …': a line for each, its interval small. */
function valueLines(value: string): Html[] {
  return value.split(/ and (?=\p{Lu})/u).map((line) => {
    const [number, ...range] = line.split(/ (?=\()/);
    return html`<div>
      <b class="${value.length > 9 ? 'small' : ''}">${number}</b>
      ${range.length === 0 ? null : html`<span class="note">${range.join(' ')}</span>`}
    </div>`;
  });
}

function rangeText({ low, high, over, designEffect }: Share): string {
  const how =
    over === 'seeds'
      ? ''
      : designEffect > 1
        ? ', widened for images by one writer are alike'
        : ', as if each were by a writer of its own';
  if (low === high) return 'all runs alike, so no interval';
  return `95\u00a0% interval ${(100 * low).toFixed(2)} to ${percent(high)} over ${over}${how}`;
}

/** The page ahead of the others. */
export function decidersHtml(
  evaluation: Evaluation,
  pages: readonly EvaluationPage[],
  highlights: readonly Highlight[],
): Html {
  const risks = [...accuracyRisks(evaluation), ...highlights.filter(({ kind }) => kind === 'risk')];
  const rows = lawRows((point) => statusOf(point, pages), wordsIn(wordsOfEvaluation(evaluation)));
  return html`${doubtsHtml(evaluation)}
    <div class="uses">
      <div>
        <h3>Meant for</h3>
        <ul>
          ${INTENDED.map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>
      <div>
        <h3>Not to be used for</h3>
        <ul>
          ${prohibitedUses(wordsIn(wordsOfEvaluation(evaluation))).map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>
    </div>
    <h3>Main risks found</h3>
    ${
      risks.length === 0
        ? html`<p class="prose">
            None of what was measured here stands out as a risk of its own; what was not measured may.
          </p>`
        : html`<ul class="risks prose">
            ${risks.map(({ label, value, meaning }) => html`<li><b>${label}: ${value}.</b> ${meaning}</li>`)}
          </ul>`
    }
    <h3 class="subhead">What is not covered</h3>
    <ul class="risks prose">
      ${notCovered(evaluation, pages).map((text) => html`<li>${text}</li>`)}
    </ul>
    <h3 class="subhead">Map to the law</h3>
    <p class="lead">
      What articles of the GDPR (Regulation (EU) 2016/679) and of the AI Act (Regulation (EU) 2024/1689) ask
      of a system that reads people’s writing, and what there is here. Which of them apply depends on the use.
      This is no legal advice.
    </p>
    ${lawTable(rows)}`;
}

/** What has to be known of images, labels and pixels before any number. */
function doubtsHtml(evaluation: Evaluation): Html | null {
  const doubts = inputDoubts(evaluation);
  if (doubts.length === 0) return null;
  return html`<div class="doubts" role="note">
    <h3>Before you read on: what the networks were given</h3>
    <ul class="risks prose">
      ${doubts.map(({ seen, todo }) => html`<li><b>${seen}</b> ${todo}</li>`)}
    </ul>
  </div>`;
}

function accuracyRisks(evaluation: Evaluation): Highlight[] {
  return armAnswers(evaluation).flatMap((one) => {
    const { level, text } = qualityOf(one);
    if (level === 'usable') return [];
    if (level === 'unclear') {
      return {
        label: `${one.arm.label} cannot be judged by these images`,
        value: `${percent(one.accuracy.mean)} read as labelled`,
        meaning: text,
        kind: 'risk',
      };
    }
    return {
      label: `${one.arm.label} reads badly`,
      value: percent(one.accuracy.mean),
      meaning: text,
      kind: 'risk',
    };
  });
}

/** 'measured' where any page of the point is. */
export function statusOf(point: Point, pages: readonly EvaluationPage[]): EvaluationPage['status'] {
  const own = pages.filter((page) => page.point === point).map(({ status }) => status);
  return own.includes('measured') ? 'measured' : (own[0] ?? 'not measured');
}

/** What nothing here says anything about. */
export function notCovered(evaluation: Evaluation, pages: readonly EvaluationPage[]): string[] {
  const open = (Object.keys(POINTS) as Point[]).filter((point) => statusOf(point, pages) === 'not measured');
  return [
    ...(open.length === 0
      ? []
      : [
          `Points without a measurement here: ${listOf(open.map((point) => `${point} (${POINTS[point].title.toLowerCase()})`))}.`,
        ]),
    ...(evaluation.quick
      ? ['This was a quick evaluation on smaller samples; its numbers are rough and decide nothing.']
      : []),
    evaluation.data.own
      ? 'Images from any other source than the ones given.'
      : resultsOfPart(evaluation, 'drawings').length > 0
        ? 'Digits from any other source than MNIST and the drawings of E12: paper, scanners, cameras, other countries and scripts, or more than one digit.'
        : evaluation.data.set
          ? `Images from any other source than ${evaluation.data.set.name}.`
          : 'Digits from any other source than MNIST: other pens, scanners, cameras, countries, scripts, or more than one digit.',
    'What happens when people work with the answers: whether they notice errors, or trust them too much.',
    'Attacks on the files, the training images or the machine; only attacks on the image are tried.',
  ];
}

function lawTable(rows: readonly LawRow[]): Html {
  return html`<table class="law">
    <thead>
      <tr>
        <th scope="col">Article</th>
        <th scope="col">It asks for</th>
        <th scope="col">What there is here</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ law, article, asks, here, points }) =>
          html`<tr>
            <th scope="row">${law} ${article}</th>
            <td>${asks}</td>
            <td>
              ${here}
              ${points.map((point, i) => html`${i === 0 ? null : ', '}<a href="#${point}">${point}</a>`)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
