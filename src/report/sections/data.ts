import { contactCaption, contactHtml, contactSheet } from '../contactSheet.ts';
import { wordsIn, wordsOfData } from '../dataWords.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { sampleFigure } from '../figures/samples.ts';
import { html, type Html } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { figureHtml } from './parts.ts';

/** The first training images, in one row, or two where there is less room. */
export function samplesHtml(samples: Figure, { sample }: ReportInput, context: FigureContext): Html {
  return html`<div class="wide">${figureHtml(samples)}</div>
    <div class="narrow">${figureHtml({ ...sampleFigure(sample, context, 5), name: 'samples-narrow' })}</div>`;
}

/** What the images are: some of every class, what was understood of their files, and where they come from. */
export function dataHtml({ contact, sheet = {}, results: { data } }: ReportInput): Html {
  const { notes = [], source, licence, citation } = sheet;
  const shown = contact && contactSheet(contact, wordsIn(wordsOfData(data)));
  const origin = [
    source && `Source: ${source}.`,
    licence && `Licence: ${licence}.`,
    citation && `Citation: ${citation}`,
  ].filter((text) => text !== undefined && text !== '');
  return html`<div class="data-set">
    ${
      shown &&
      html`<h3>${contactCaption(shown)}</h3>
        ${contactHtml(shown)}`
    }
    ${
      notes.length === 0
        ? null
        : html`<h3>What was understood of the files</h3>
            <ul>
              ${notes.map((note) => html`<li>${note}</li>`)}
            </ul>`
    }
    ${origin.length === 0 ? null : html`<p>${origin.join(' ')}</p>`}
  </div>`;
}
