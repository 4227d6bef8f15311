import { DRIFT_RULE } from '../../analysis/drift/rule.ts';
import { html, type Html } from '../../report/html.ts';
import { pageOf } from '../../report/shell.ts';
import { toHtml } from '../../report/table.ts';
import { countOf, fixed, grouped, listOf, percent, points } from '../../study/wording.ts';
import type { WebhookState } from '../webhooks/webhooks.ts';
import { course, effectRow, timeText } from './figures.ts';
import { MONITOR_STYLE } from './style.ts';
import type { Tried, TriedCorruption } from './tried.ts';
import type { ModelState, Reference } from './watched.ts';

/** What the page shows, and /v1/monitor as JSON. */
export interface MonitorPage {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rule: typeof DRIFT_RULE;
  readonly models: readonly ModelState[];
  readonly served: readonly { readonly name: string; readonly version: string; readonly hash: string }[];
  readonly counted: readonly {
    readonly name: string;
    readonly version: string;
    readonly images: number;
    readonly notSure: number;
  }[];
  readonly webhooks: WebhookState;
  readonly tried: Tried;
}

const [SHORT, LONG] = DRIFT_RULE.windows;

/** The page of what is served: what is normal, what is not, and what it would not see. */
export function monitorPage(page: MonitorPage): string {
  const drifting = page.models.filter(({ episode }) => episode !== null);
  const judged = page.models.filter((model) => model.points.length > 0);
  const title =
    drifting.length > 0 ? 'Drift' : judged.length > 0 ? 'Nothing unusual' : 'Not enough images yet';
  return pageOf({
    title,
    kicker: `Dactyl: what is served, ${timeText(page.at)}`,
    windowTitle: `${title}: Dactyl’s monitor`,
    answer: answerOf(page, drifting, judged.length),
    sections: [
      {
        id: 'models',
        title: 'Models',
        body: html`${page.models.map((model) => modelPart(model, page))}${page.models.length === 0 ? html`<p>No image was answered since the start.</p>` : null}`,
      },
      { id: 'blind', title: 'What sets it off, and what does not', body: triedPart(page) },
      { id: 'messages', title: 'Messages', body: messagesPart(page.webhooks) },
      { id: 'how', title: 'How it is judged', body: howPart() },
    ],
    style: MONITOR_STYLE,
  });
}

function answerOf({ counted }: MonitorPage, drifting: readonly ModelState[], judged: number): string {
  const images = counted.reduce((sum, one) => sum + one.images, 0);
  const served = `${grouped(images)} ${images === 1 ? 'image' : 'images'} answered since the start.`;
  if (drifting.length > 0) {
    const names = listOf(drifting.map(({ name }) => name));
    return `${served} What ${names} is shown differs from the images on which its figures were measured: they say little about this traffic until somebody has looked.`;
  }
  if (judged === 0) return `${served} A window is judged when ${SHORT} were looked at.`;
  return `${served} What the models are shown looks like the images they were measured on.`;
}

function modelPart(model: ModelState, { counted }: MonitorPage): Html {
  const { name, version, reference, points: all, episode, waiting, seen } = model;
  const point = all.at(-1);
  const own = counted.find((one) => one.name === name && one.version === version);
  const state = episode !== null ? 'drift' : point === undefined ? 'early' : 'normal';
  const words = {
    drift: `Drift since ${episode === null ? '' : timeText(episode.since)}`,
    early: 'Too few images yet',
    normal: 'Normal',
  };
  return html`<article class="model">
    <h3>${name} <span class="code">${version}</span></h3>
    <p><span class="now ${state}">${words[state]}</span></p>
    <dl class="key">
      <div>
        <dt>Estimated accuracy</dt>
        ${
          point === undefined
            ? html`<dd>not yet</dd>`
            : html`<dd><b>${percent(point.accuracy.estimate, 1)}</b></dd>
                <dd class="note">
                  ${percent(point.accuracy.low, 1)} to ${percent(point.accuracy.high, 1)}, of the newest
                  ${grouped(point.windows.at(-1)!.images)}, without labels
                </dd>`
        }
      </div>
      <div>
        <dt>Not sure</dt>
        <dd><b>${own === undefined || own.images === 0 ? '–' : percent(own.notSure / own.images, 1)}</b></dd>
        <dd class="note">of ${countOf(own?.images ?? 0, 'answer')}</dd>
      </div>
      <div>
        <dt>Looked at</dt>
        <dd><b>${grouped(seen)}</b></dd>
        <dd class="note">${waiting} of ${SHORT} in the open window</dd>
      </div>
    </dl>
    <p class="prose">${referenceWords(reference)} ${errorWords(model)} ${correctionWords(model)}</p>
    ${course(all)}
    ${point?.windows.map(
      ({ images, effects }) =>
        html`<h4>The newest ${grouped(images)} images</h4>
          <ul class="effects">
            ${effects.map(effectRow)}
          </ul>`,
    )}
  </article>`;
}

function referenceWords(reference: Reference): string {
  switch (reference.kind) {
    case 'held-out': {
      const { images, on, accuracy, estimated } = reference;
      return `Held to ${grouped(images)} of ${on}, of which it reads ${percent(accuracy)}; its confidence alone would say ${percent(estimated)} (${points(estimated - accuracy)}). The estimated accuracy assumes that its confidence is as right about the images it is shown now; under drift it may not be.`;
    }
    case 'own':
      return `No held-out images are known for it, or fewer than 200: held to the first ${grouped(reference.images)} images that it was shown, until ${timeText(reference.since)}. What was unusual then counts as normal.`;
    case 'none':
      return `No held-out images are known for it, or fewer than 200: the first ${grouped(reference.needed)} that it is shown become the reference.`;
  }
}

function errorWords({ estimateError: error }: ModelState): string {
  if (error === null) return 'No answer was reviewed yet, which would show how far the estimate is off.';
  const { labelled, estimated, measured, low, high } = error;
  return `Of ${countOf(labelled, 'reviewed answer')} ${percent(measured, 1)} (${percent(low, 1)} to ${percent(high, 1)}) were right; their confidence said ${percent(estimated, 1)}, ${points(error.error, 1)} off.`;
}

function correctionWords({ corrections: { right, wrong } }: ModelState): string {
  if (right + wrong === 0) return '';
  return `People labelled ${countOf(right + wrong, 'answer')} of their own: ${grouped(wrong)} ${wrong === 1 ? 'was' : 'were'} wrong. They look for what is wrong, so no share of all answers follows.`;
}

function triedPart({ tried, served }: MonitorPage): Html {
  const { cleanDays, corruptions, missed, within, reader } = tried;
  const current = served.some(({ hash }) => hash === reader.hash);
  const tenth = corruptions.filter(({ foundTenth }) => foundTenth < 0.95).map(({ label }) => label);
  const words = [
    `Tried with ${reader.name} (${reader.hash.slice(0, 12)})${current ? '' : ', which is not served here; of other models nothing was tried'}.`,
    `${cleanDays.alarms === 0 ? 'None' : grouped(cleanDays.alarms)} of ${grouped(cleanDays.days)} simulated days of ${grouped(cleanDays.images)} clean images had an alarm (${percent(cleanDays.low, 1)} to ${percent(cleanDays.high, 1)}).`,
    missed.length === 0
      ? `Each of the ${corruptions.length} corruptions at the middle of its levels sets it off within ${within} images.`
      : `Not found within ${within} images: ${listOf(corruptions.filter(({ name }) => missed.includes(name)).map(({ label }) => label))}.`,
    tenth.length === 0
      ? 'So does each where it is in one image of ten, within 2,000.'
      : `Where only one image in ten is corrupted, these may go unseen within 2,000: ${listOf(tenth)}.`,
    'It cannot see digits that are written as another in the same hand, nor anything else that leaves all its numbers as they were.',
  ];
  return html`<p class="prose">${words.join(' ')}</p>
    <div class="table">
      ${toHtml({
        name: 'tried',
        caption: 'Corrupted traffic, with the shipped reader',
        columns: [
          { label: 'Corruption' },
          { label: 'Setting' },
          { label: 'Alarm within 500', format: (x) => percent(x, 0) },
          { label: 'Images until it, median', format: grouped },
          { label: 'One in ten corrupted: alarm within 2,000', format: (x) => percent(x, 0) },
          { label: 'Accuracy', format: (x) => percent(x, 1) },
          { label: 'Estimated without labels', format: (x) => percent(x, 1) },
        ],
        rows: corruptions.map((one: TriedCorruption) => [
          ...[
            one.label,
            one.setting,
            one.found,
            one.median,
            one.foundTenth,
            one.accuracy,
            one.estimatedAccuracy,
          ],
        ]),
      })}
    </div>`;
}

function messagesPart({ endpoints, pending, delivered, dead, givenUp }: WebhookState): Html {
  if (endpoints.length === 0) {
    return html`<p class="prose">Nobody is told: webhooks.urls names no address.</p>`;
  }
  return html`<p class="prose">
      To ${listOf(endpoints)}: ${grouped(delivered)} delivered in the last week, ${grouped(pending)} on their
      way, ${grouped(dead)} given up.
    </p>
    ${
      givenUp.length === 0
        ? null
        : html`<div class="table">
            ${toHtml({
              name: 'given-up',
              caption: 'Given up',
              columns: [
                { label: 'Message' },
                { label: 'Kind' },
                { label: 'To' },
                { label: 'Written' },
                { label: 'Tries' },
                { label: 'Why' },
              ],
              rows: givenUp.map(({ id, kind, origin, createdAt, attempts, why }) => [
                id,
                kind,
                origin,
                timeText(createdAt),
                attempts,
                why,
              ]),
            })}
          </div>`
    }`;
}

function howPart(): Html {
  const { z, least, quiet } = DRIFT_RULE;
  return html`<div class="prose">
    <p>
      Of every image that is looked at nineteen numbers are kept, and no pixel. After ${SHORT} images the
      newest ${SHORT} are held to the reference, and the newest ${grouped(LONG)} from ${grouped(LONG / 2)} on.
      A dot is an effect with its interval of 95 %; in the shaded band it does not matter. An alarm is one
      whose interval of ± ${z} standard errors lies outside the band: ${fixed(least.inputs, 1)} standard
      deviations for what is measured of images, ${fixed(least.classifier, 2)} above chance for a classifier
      that tells served images from the reference and for how much less sure answers are,
      ${fixed(least.classes, 2)} of Cohen’s w² for the classes. None of it grows with the number of images, so
      more traffic does not make more alarms.
    </p>
    <p>
      An episode begins with the first alarm and ends after ${quiet} windows in a row without one; a message
      is sent at its beginning and at its end. An alarm says that the traffic is of another kind, not that
      answers are wrong.
    </p>
  </div>`;
}
