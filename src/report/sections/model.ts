import type { Arm } from '../../study/arm.ts';
import { activationName } from '../../study/wording.ts';
import { cellOpacity, cellText, isDarkCell } from '../figures/confusion.ts';
import type { Figure } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { figureHtml } from './parts.ts';

/** Above so many seeds the single matrices are left to results.json. */
const MOST_MATRICES = 12;

/** Curves, confusion matrices with their images, and mistakes of one activation. */
export function modelHtml(arm: Arm, figureNamed: (name: string) => Figure): Html {
  const { activation, trials } = arm;
  const named = (name: string) => figureHtml(figureNamed(name));
  const name = activationName(activation);
  return html`<div class="grid">${named(`accuracy-${activation}`)}${named(`loss-${activation}`)}</div>
    <div class="grid" data-matrix>
      ${named(`confusion-${activation}-counts`)}${named(`confusion-${activation}-rates`)}
    </div>
    <div class="explorer" data-explorer="${activation}" hidden>
      <div class="bar">
        <p data-heading aria-live="polite">Choose a cell of a matrix of ${name} to see its test images.</p>
        <label
          >Runs
          <select>
            <option value="all">all seeds</option>
            ${trials.map(({ seed }) => html`<option value="${seed}">seed ${seed}</option>`)}
          </select></label
        >
      </div>
      <div class="tiles" data-output></div>
    </div>
    ${trials.length > 1 ? seedMatrices(arm, name) : null}
    <div class="mistakes">${named(`mistakes-${activation}`)}</div>`;
}

function seedMatrices({ trials }: Arm, name: string): Html {
  const shown = trials.slice(0, MOST_MATRICES);
  const rest = trials.length - shown.length;
  return html`<details class="seeds">
    <summary>Confusion matrices of ${name}, seed by seed</summary>
    <div class="matrices">
      ${shown.map(({ seed, confusionMatrix }) => matrixHtml(confusionMatrix, `Seed ${seed}`))}
    </div>
    ${rest > 0 ? html`<p>The matrices of the other ${rest} seeds are in results.json.</p>` : null}
  </details>`;
}

function matrixHtml(matrix: readonly (readonly number[])[], caption: string): Html {
  const largest = Math.max(...matrix.flatMap((row, t) => row.filter((_, p) => p !== t)));
  return html`<table class="matrix">
    <caption>
      ${caption}, true downwards, predicted to the right
    </caption>
    <thead>
      <tr>
        <td></td>
        ${matrix.map((_, p) => html`<th scope="col">${p}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${matrix.map(
        (row, t) =>
          html`<tr>
            <th scope="row">${t}</th>
            ${row.map((count, p) => {
              const opacity = cellOpacity(count, largest, t === p);
              return html`<td
                class="${isDarkCell(opacity) ? 'dark' : ''}"
                style="--o:${Math.round(100 * opacity)}%"
              >
                ${cellText(count, 'counts', false)}
              </td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
