import type { DigitReading } from '../../reading/answer.ts';
import { NO_BREAK_SPACE, percent } from '../../study/wording.ts';
import { html, type Html } from '../html.ts';
import { imagePng, type Look } from '../imagePng.ts';
import type { Answered } from './answered.ts';
import { pictureUri, shrunk } from './pictures.ts';

/** Of what was cut out: two pixels for each of the page's. */
const CROP = 120;
const DIGIT: Look = { extents: [28, 28, 1], isInk: true };
/** Classes whose probabilities are drawn where there are more than ten. */
const MOST_BARS = 5;

/** What was cut out, what the network saw, the probabilities, the second reading and the doubt. */
export function digitCard(
  reading: DigitReading,
  { title, hasNone, id }: { title?: string; hasNone: boolean; id?: string },
): Html {
  const { digit, second, probabilities, none, confidence, notSure, crop, image } = reading;
  const cut = shrunk(crop, CROP);
  const shares = [...probabilities, ...(hasNone ? [none] : [])];
  const names = shares.map((_, k) => (k === 10 ? 'none' : String(k)));
  return card({
    ...(title !== undefined && { title }),
    ...(id !== undefined && { id }),
    pictures: html`<img
        class="ink"
        src="${imagePng(cut.data, 0, { extents: [cut.rows, cut.columns, 1], isInk: true })}"
        alt="What was cut out"
      />${seen(imagePng(image, 0, DIGIT), 'ink')}`,
    answer: String(digit),
    confidence,
    bars: html`<div class="bars" role="img" aria-label="${wordsOf(names, shares)}">
      ${shares.map(
        (share, k) =>
          html`<span class="${k === digit ? 'first' : ''}"
            ><i style="--p:${share.toFixed(4)}"></i>${names[k]}</span
          >`,
      )}
    </div>`,
    second: `${second}, ${shareWords(probabilities[second])}`,
    notSure,
  });
}

/** The picture, what the network saw, the most probable classes and the doubt. */
export function classCard(
  { picture, reading, extents, classes }: Extract<Answered, { kind: 'class' }>,
  title: string,
  id: string,
): Html {
  const { label, second, probabilities, confidence, notSure, image } = reading;
  const order = Array.from(probabilities.keys())
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b)
    .slice(0, MOST_BARS);
  return card({
    title,
    id,
    pictures: html`${picture && html`<img src="${pictureUri(shrunk(picture, CROP))}" alt="The picture" />`}${seen(imagePng(image, 0, { extents, isInk: false }), '')}`,
    answer: classes[label],
    confidence,
    bars: html`<ol class="ranks">
      ${order.map(
        (k) =>
          html`<li class="${k === label ? 'first' : ''}">
            <i style="--p:${probabilities[k].toFixed(4)}"></i
            ><span>${classes[k]}</span> ${shareWords(probabilities[k])}
          </li>`,
      )}
    </ol>`,
    second: `${classes[second]}, ${shareWords(probabilities[second])}`,
    notSure,
  });
}

interface CardParts {
  readonly title?: string;
  readonly id?: string;
  readonly pictures: Html;
  readonly answer: string;
  readonly confidence: number;
  readonly bars: Html;
  readonly second: string;
  readonly notSure: string | undefined;
}

function card({ title, id, pictures, answer, confidence, bars, second, notSure }: CardParts): Html {
  return html`<figure
    class="${notSure === undefined ? 'read' : 'read doubt'}"
    ${id === undefined ? null : html` id="${id}"`}
  >
    ${title === undefined ? null : html`<h3>${title}</h3>`}
    <div class="pair">${pictures}</div>
    <p class="is"><b>${answer}</b> ${shareWords(confidence)}</p>
    ${bars}
    <p class="then">Second: ${second}</p>
    ${notSure === undefined ? null : html`<p class="why"><b>Not sure:</b> ${notSure}</p>`}
  </figure>`;
}

function seen(uri: string, name: string): Html {
  return html`<img class="seen ${name}" src="${uri}" alt="What the network saw" />`;
}

/** A probability as it is shown: never 100 % or 0 % for what is neither. */
export function shareWords(share: number): string {
  if (share > 0.9995 && share < 1) return `>${NO_BREAK_SPACE}${percent(0.999, 1)}`;
  if (share > 0 && share < 0.0005) return `<${NO_BREAK_SPACE}${percent(0.001, 1)}`;
  return percent(share, 1);
}

function wordsOf(names: readonly string[], shares: readonly number[]): string {
  return names.map((name, k) => `${name}: ${shareWords(shares[k])}`).join(', ');
}
