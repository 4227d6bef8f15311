import { html } from '../../html.ts';
import type { EvaluationPage } from '../part.ts';
import { servedPage } from '../serving/servedPage.ts';

/** E11. */
export function lawPage(): EvaluationPage {
  const served = servedPage('E11', {
    title: 'Law',
    there:
      'There is nothing to measure of a network: the law asks for features of a system in use. What each article asks, and what there is, stands on the first page; docs/privacy.md finds it by the article’s number.',
    unknown: ['Whether a use is lawful: that is a question about the use, for somebody who knows the law.'],
  });
  return {
    ...served,
    body: html`<div class="uses">
        <div>
          <h4>Wherever a model is trained and evaluated</h4>
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
          <h4>Where it is served (dactyl serve)</h4>
          <ul>
            <li>Consent for a purpose and a time, shown, exported, withdrawn and erased by a token.</li>
            <li>A log of answers without pixels and identity, that shows later changes.</li>
            <li>Keys with scopes, where the server is reached from other machines.</li>
            <li>A queue in which a person reviews and corrects answers.</li>
            <li>Templates: notice, records of processing, impact assessment, breach runbook.</li>
          </ul>
        </div>
      </div>
      ${served.body}`,
    follows: [
      'Who serves the model fills in the templates, names purposes and times, and lets somebody read them who knows the law.',
    ],
  };
}
