import type { Arm } from '../../study/arm.ts';
import { trialLabel, unitOf } from '../../study/arm.ts';
import type { Study } from '../../study/configuration.ts';
import type { Results } from '../../study/results.ts';
import type { ReportInput } from '../input.ts';
import { isExplorable } from '../input.ts';
import { capitalised } from '../../study/wording.ts';
import { cellOpacity, cellText, isDarkCell } from '../figures/confusion.ts';
import type { Figure } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { figureHtml } from './parts.ts';

/** Above so many seeds the single matrices are left to results.json. */
const MOST_MATRICES = 12;

/** Curves, confusion matrices with their images, and mistakes of one arm. */
export function modelHtml(
  arm: Arm,
  input: ReportInput,
  figureNamed: (name: string) => Figure | undefined,
): Html {
  const { study } = input.results;
  const { name, trials } = arm;
  const named = (figure: string) => {
    const found = figureNamed(figure);
    return found === undefined ? null : figureHtml(found);
  };
  return html`<div class="grid">${named(`accuracy-${name}`)}${named(`loss-${name}`)}</div>
    <div class="grid" data-matrix>
      ${named(`confusion-${name}-counts`)}${named(`confusion-${name}-rates`)}
    </div>
    ${isExplorable(input) ? explorerHtml(arm, study) : null}
    ${trials.length > 1 ? seedMatrices(arm, input.results) : null}
    <div class="mistakes">${named(`mistakes-${name}`)}</div>`;
}

function explorerHtml({ name, label, trials }: Arm, study: Study): Html {
  return html`<div class="explorer" data-explorer="${name}" hidden>
    <div class="bar">
      <p data-heading aria-live="polite">Choose a cell of a matrix of ${label} to see its test images.</p>
      <label
        >Runs
        <select>
          <option value="all">all ${unitOf(study)}s</option>
          ${trials.map((trial) => trialLabel(trial, study)).map((run) => html`<option value="${run}">${run}</option>`)}
        </select></label
      >
    </div>
    <div class="tiles" data-output></div>
  </div>`;
}

function seedMatrices({ trials, label }: Arm, { study, data: { classes } }: Results): Html {
  const unit = unitOf(study);
  const shown = trials.slice(0, MOST_MATRICES);
  const rest = trials.length - shown.length;
  return html`<details class="seeds">
    <summary>Confusion matrices of ${label}, ${unit} by ${unit}</summary>
    <div class="matrices">
      ${shown.map((trial) => matrixHtml(trial.confusionMatrix, classes, capitalised(trialLabel(trial, study))))}
    </div>
    ${rest > 0 ? html`<p>The matrices of the other ${rest} ${unit}s are in results.json.</p>` : null}
  </details>`;
}

function matrixHtml(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  caption: string,
): Html {
  const largest = Math.max(...matrix.flatMap((row, t) => row.filter((_, p) => p !== t)));
  return html`<table class="matrix">
    <caption>
      ${caption}, true downwards, predicted to the right
    </caption>
    <thead>
      <tr>
        <td></td>
        ${matrix.map((_, p) => html`<th scope="col">${classes[p]}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${matrix.map(
        (row, t) =>
          html`<tr>
            <th scope="row">${classes[t]}</th>
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
