import type { NumberReading } from '../../reading/answer.ts';
import { doubtWords } from '../../reading/doubtWords.ts';
import type { SureFrom } from '../../reading/sureFrom.ts';
import { capitalised, countOf, grouped, listOf, percent } from '../../study/wording.ts';
import { fileNameOf } from '../../util/fileName.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { pageOf } from '../shell.ts';
import type { Answered } from './answered.ts';
import { classCard, digitCard, shareWords } from './cards.ts';
import { markedPicture } from './pictures.ts';
import { READING_STYLE } from './style.ts';

/** What answered. */
export type ReadBy =
  | { readonly kind: 'digits'; readonly reader: ReaderWords }
  | { readonly kind: 'classes'; readonly classifier: { readonly name: string; readonly hash: string } };

interface ReaderWords {
  readonly name: string;
  readonly hash: string;
  readonly temperature: number;
  readonly sureFrom: SureFrom;
  readonly model: { readonly outputs: number };
}

/** What a page holds: a browser shows some thousands of small pictures, and the file is some megabytes then. */
const MOST_CARDS = 2000;
const MOST_PICTURES = 24;
const MOST_DOUBTS = 100;
/** A picture of one digit no larger than this says no more than what was cut out of it. */
const SMALL = 128;

/** The page of what was read, made answer by answer so that no picture has to be kept; one HTML file that loads and runs nothing. */
export class ReadingPage {
  readonly #by: ReadBy;
  readonly #version: string;
  /** Articles, and cards that stand in one grid with those beside them. */
  readonly #blocks: { readonly kind: 'card' | 'article'; readonly markup: Html }[] = [];
  readonly #doubts: Html[] = [];
  readonly #failures: string[] = [];
  #answers = 0;
  #drawings = 0;
  #numbers = 0;
  #digits = 0;
  #unsure = 0;
  #cards = 0;
  #pictures = 0;
  #only: Answered | undefined;

  constructor(by: ReadBy, version: string) {
    this.#by = by;
    this.#version = version;
  }

  add(answered: Answered): void {
    const id = `answer-${++this.#answers}`;
    this.#only = this.#answers === 1 ? answered : undefined;
    if (answered.line !== undefined) this.#drawings++;
    const name = placeOf(answered);
    if (answered.kind === 'class') {
      this.#digits++;
      const { notSure, label } = answered.reading;
      if (notSure !== undefined) this.#doubt(id, name, answered.classes[label], notSure);
      if (this.#room(1)) this.#blocks.push({ kind: 'card', markup: classCard(answered, name, id) });
      return;
    }
    const { numbers } = answered.reading;
    const digits = numbers.flatMap((number) => number.digits);
    this.#numbers += numbers.length;
    this.#digits += digits.length;
    for (const { text, digits: own } of numbers) {
      const doubt = doubtWords(own);
      if (doubt !== undefined)
        this.#doubt(id, name, text, doubt, own.filter((one) => one.notSure !== undefined).length);
    }
    if (!this.#room(Math.max(1, digits.length))) return;
    this.#blocks.push(this.#block(answered, id, name));
  }

  /** What could not be read, in a sentence. */
  addFailure(message: string): void {
    this.#failures.push(message);
  }

  markup(): string {
    const doubts = this.#doubts.length + (this.#failures.length > 0 ? 1 : 0);
    return pageOf({
      ...this.#titles(),
      kicker: 'Dactyl: what was read',
      answer: this.#sentence(),
      sections: [
        ...(doubts === 0 ? [] : [{ id: 'doubts', title: 'Doubts', body: this.#doubtful() }]),
        { id: 'answers', title: 'Answers', body: this.#all() },
        { id: 'how', title: 'How it was read', body: this.#how() },
      ],
      style: READING_STYLE,
    });
  }

  #room(cards: number): boolean {
    this.#cards += cards;
    return this.#cards <= MOST_CARDS;
  }

  #doubt(id: string, name: string, text: string, reason: string, count = 1): void {
    this.#unsure += count;
    if (this.#doubts.length >= MOST_DOUBTS) return;
    this.#doubts.push(html`<li><a href="#${id}">${name}</a>: <b>${text}</b>, ${reason}</li>`);
  }

  #block(
    answered: Extract<Answered, { kind: 'numbers' }>,
    id: string,
    name: string,
  ): { kind: 'card' | 'article'; markup: Html } {
    const { picture, reading } = answered;
    const { numbers, notes } = reading;
    const hasNone = this.#by.kind === 'digits' && this.#by.reader.model.outputs === 11;
    const digits = numbers.flatMap((number) => number.digits);
    const small = picture === undefined || Math.max(picture.rows, picture.columns) <= SMALL;
    if (digits.length === 1 && small) {
      return { kind: 'card', markup: digitCard(digits[0], { title: name, hasNone, id }) };
    }
    const marks = numbers.flatMap((number) =>
      number.digits.map(({ box, notSure }) => ({ box, sure: notSure === undefined })),
    );
    const shown = picture !== undefined && this.#pictures < MOST_PICTURES;
    if (shown) this.#pictures++;
    const markup = html`<article id="${id}">
      <h3>${name}</h3>
      ${notes.map((note) => html`<p class="note">${capitalised(note)}</p>`)}
      ${shown ? markedPicture(picture, marks, `The picture, with ${countOf(marks.length, 'frame')} around what was read`) : null}
      ${numbers.map(
        (number) =>
          html`<div class="number">
            <h4>${numberWords(number)}</h4>
            <div class="reads">${number.digits.map((digit) => digitCard(digit, { hasNone }))}</div>
          </div>`,
      )}
    </article>`;
    return { kind: 'article', markup };
  }

  #titles(): { title: string; windowTitle: string } {
    const only = this.#only;
    if (only === undefined) {
      const title = `${capitalised(this.#what())} read`;
      return { title, windowTitle: title };
    }
    const texts =
      only.kind === 'class'
        ? [only.classes[only.reading.label]]
        : only.reading.numbers.map(({ text }) => text);
    const name = placeOf(only);
    return texts.length === 1
      ? { title: texts[0], windowTitle: `${name}: ${texts[0]}` }
      : { title: name, windowTitle: name };
  }

  /** 'Three pictures and one drawing'. */
  #what(): string {
    const pictures = this.#answers - this.#drawings;
    return listOf([
      ...(pictures > 0 || this.#drawings === 0 ? [countOf(pictures, 'picture')] : []),
      ...(this.#drawings > 0 ? [countOf(this.#drawings, 'drawing')] : []),
    ]);
  }

  #sentence(): string {
    const failed =
      this.#failures.length === 0
        ? ''
        : ` ${capitalised(countOf(this.#failures.length, 'file or drawing', 'files or drawings'))} could not be read.`;
    return `${capitalised(this.#what())}: ${this.#found()}.${failed}`;
  }

  #found(): string {
    const [digits, unsure] = [this.#digits, this.#unsure];
    if (this.#by.kind === 'classes') {
      return unsure === 0
        ? 'one class each'
        : `one class each; ${countOf(unsure, 'answer is', 'answers are')} in doubt`;
    }
    if (digits === 0) return 'no digit was found';
    const found =
      this.#numbers === digits
        ? countOf(digits, 'digit')
        : `${countOf(this.#numbers, 'number')} of ${digits === 1 ? '' : 'together '}${countOf(digits, 'digit')}`;
    const sure =
      unsure === 0
        ? digits === 1
          ? 'read with confidence'
          : 'all read with confidence'
        : `${digits === unsure ? 'not one of them is sure' : `${countOf(unsure, 'digit is', 'digits are')} not sure`}`;
    return `${found}; ${sure}`;
  }

  #doubtful(): Html {
    const more =
      this.#unsure > MOST_DOUBTS ? html`<p class="lead">The first ${MOST_DOUBTS} are listed.</p>` : null;
    return html`${more}
      <ul class="doubts">
        ${this.#doubts} ${this.#failures.slice(0, MOST_DOUBTS).map((message) => html`<li>${message}</li>`)}
      </ul>`;
  }

  #all(): Html {
    const parts: Html[] = [];
    for (let k = 0; k < this.#blocks.length;) {
      const { kind, markup } = this.#blocks[k];
      if (kind === 'article') {
        parts.push(markup);
        k++;
        continue;
      }
      const from = k;
      while (k < this.#blocks.length && this.#blocks[k].kind === 'card') k++;
      parts.push(html`<div class="reads">${this.#blocks.slice(from, k).map((block) => block.markup)}</div>`);
    }
    const more =
      this.#cards > MOST_CARDS
        ? html`<p class="lead">
            The page shows the first ${grouped(MOST_CARDS)}; dactyl predict --json prints all.
          </p>`
        : null;
    return html`${more}${parts}`;
  }

  #how(): Html {
    const { name, hash } = this.#by.kind === 'digits' ? this.#by.reader : this.#by.classifier;
    const network = html`<p>
      Read by ${name} (SHA-256 <span class="code">${hash}</span>) with Dactyl ${this.#version}.
    </p>`;
    if (this.#by.kind === 'classes') {
      return html`<div class="prose">
        ${network}
        <p>
          Every picture is scaled to the network’s input, its form kept, and answered with one class. The
          percentages are the network’s own and not calibrated: on pictures unlike its training images they
          are often too high. An answer is called not sure where no class has more than half.
        </p>
      </div>`;
    }
    const { temperature, sureFrom } = this.#by.reader;
    return html`<div class="prose">
      ${network}
      <p>
        Ink is told from paper by a threshold that goes with its surroundings, pieces of ink become digits and
        digits side by side numbers; each digit is scaled and centred as MNIST’s were. On the left of every
        pair stands what was cut out, on the right the 28 × 28 pixels that the network saw.
      </p>
      <p>
        A digit is sure from a probability of ${sureWords(sureFrom)} on, after calibration with the
        temperature ${temperature}. A question mark stands for a digit that is not sure; the percentage of a
        number is the product of those of its digits.
      </p>
    </div>`;
  }
}

function sureWords(sureFrom: SureFrom): string {
  if (typeof sureFrom === 'number') return percent(sureFrom, 1);
  return sureFrom.map((least, digit) => `${percent(least, 1)} (${digit})`).join(', ');
}

function numberWords({ text, confidence }: NumberReading): Html {
  return html`${text} <span>${shareWords(confidence)}</span>`;
}

function placeOf({ file, line }: Answered): string {
  return line === undefined ? fileNameOf(file) : `${fileNameOf(file)}, line ${line}`;
}
