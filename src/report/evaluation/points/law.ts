import { html } from '../../html.ts';
import type { EvaluationPage } from '../part.ts';
import { POINTS } from './points.ts';

/** E11. */
export function lawPage(): EvaluationPage {
  return {
    point: 'E11',
    ...POINTS.E11,
    status: 'not built',
    measured:
      'There is nothing to measure: the law asks for features of a system in use, and this version does not serve models. What exists is listed here; what each article asks, and what there is, stands on the first page.',
    body: html`<div class="uses">
      <div>
        <h4>There is</h4>
        <ul>
          <li>No network: nothing that is read, trained or measured leaves the machine.</li>
          <li>
            No names: images are known by their number only; writers’ numbers are used only where the user
            gives the files.
          </li>
          <li>Every result with configuration, checksums and the command that gives it again.</li>
          <li>A model card and a data sheet made from measurements (dactyl card).</li>
        </ul>
      </div>
      <div>
        <h4>Not built</h4>
        <ul>
          <li>Asking for consent, and keeping it.</li>
          <li>Export and erasure of one person’s images.</li>
          <li>Logs of answers and of who saw them; access control.</li>
          <li>A queue in which a person reviews and corrects answers.</li>
        </ul>
      </div>
    </div>`,
    follows: [
      'With images of people who can be identified, what is missing has to be built, or organised by hand, before any use.',
    ],
    unknown: ['Whether a use is lawful: that is a question about the use, for somebody who knows the law.'],
  };
}
