import type { Results } from '../../study/results.ts';
import { activationName, grouped, listOf } from '../../study/wording.ts';
import { GLOSSARY } from '../glossary.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { REFERENCES } from '../references.ts';
import type { Table } from '../table.ts';
import { toHtml } from '../table.ts';
import { tableHtml } from './parts.ts';

export function glossaryHtml(): Html {
  return html`<dl class="glossary">
    ${GLOSSARY.map(
      ({ term, meaning }) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`;
}

export function referencesHtml(): Html {
  return html`<ol class="references">
    ${REFERENCES.map((reference) => html`<li>${reference}</li>`)}
  </ol>`;
}

/** All that is needed to run the same again. */
export function configurationHtml(
  { configuration: c, environment: e, data, parameters }: Results,
  hashes: Table,
): Html {
  const settings: [string, string][] = [
    ['Activations', listOf(c.activations.map(activationName))],
    ['Seeds', c.seeds.join(', ')],
    ['Epochs', String(c.epochs)],
    ['Batch size', String(c.batchSize)],
    ['Units', c.units.join(', ')],
    ['Parameters', grouped(parameters)],
    ['Optimizer', c.optimizer],
    ['Learning rate', String(c.learningRate)],
    ['Dropout', String(c.dropout)],
    ['Validation', c.validation],
    ['Quick', c.quick ? 'yes' : 'no'],
  ];
  const surroundings: [string, string][] = [
    ['Dactyl', e.dactyl],
    ['Numerics', String(e.numerics)],
    ['Runtime', e.runtime],
    ['Platform', e.platform],
    ['Processor', e.processor],
    ['Runs at a time', String(e.workers)],
  ];
  const checksums: Table = {
    name: 'data',
    caption: 'Data files',
    columns: [{ label: 'File' }, { label: 'Bytes', format: grouped }, { label: 'SHA-256', code: true }],
    rows: data.map(({ file, bytes, sha256 }) => [file, bytes, sha256]),
  };
  return html`<details open>
      <summary>Configuration</summary>
      ${pairs(settings)}
    </details>
    <details>
      <summary>Environment</summary>
      ${pairs(surroundings)}
      <p>Times depend on the machine, results do not.</p>
    </details>
    <details>
      <summary>Data checksums</summary>
      ${toHtml(checksums)}
    </details>
    <details>
      <summary>Trial keys and weights hashes</summary>
      ${tableHtml(hashes)}
    </details>`;
}

function pairs(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="pairs">
    ${entries.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
