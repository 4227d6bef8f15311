import { PURPOSES, purposesOf, type Purpose } from '../../study/ownStudies.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { ReportInput } from '../input.ts';

const ASKED: Readonly<Record<Purpose, { title: string; asks: string; command: string }>> = {
  folds: {
    title: 'Other training images: cross-validation',
    asks: 'Whether the difference holds when the images that are trained on are others, by the t-test that Nadeau and Bengio corrected for overlapping training sets.',
    command: 'dactyl study run studies/cross-validation.json',
  },
  learningRate: {
    title: 'A learning rate of its own for each',
    asks: 'What is left of the difference when each activation has the learning rate that suits it.',
    command: 'dactyl study run studies/learning-rate.json',
  },
  initializer: {
    title: 'Starts after Glorot and after He',
    asks: 'Whether the answer hangs on how the weights start.',
    command: 'dactyl study run studies/initialisation.json',
  },
  tuning: {
    title: 'The same tuning budget for each',
    asks: 'How far apart the arms are when each is tuned with as many trials and epochs as the other.',
    command: 'dactyl tune studies/tuning.json',
  },
};

/** What an honest comparison takes and this study cannot give: links to the studies that do, or how to run them. Null for one arm. */
export function ownStudiesHtml({ results: { study }, ownStudies = [] }: ReportInput): Html | null {
  if (study.arms.length < 2) return null;
  const here = new Set(purposesOf(study));
  return html`<p class="lead">
      What belongs to an honest comparison and takes runs of its own; found beside this study, or not run yet.
    </p>
    <div class="passages">
      ${PURPOSES.filter((purpose) => !here.has(purpose)).map((purpose) => {
        const { title, asks, command } = ASKED[purpose];
        const found = ownStudies.filter((one) => one.purpose === purpose);
        return html`<div>
          <h3>${title}</h3>
          <p>${asks}</p>
          ${
            found.length === 0
              ? html`<p>
                  Not run beside this study. For ReLU and Tanh: <span class="code">${command}</span>
                </p>`
              : found.map(
                  ({ name, href, says }) =>
                    html`<p><a href="${href}">${name}</a>${says === null ? '' : `: ${says}`}</p>`,
                )
          }
        </div>`;
      })}
    </div>`;
}
