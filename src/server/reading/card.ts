import { html, Html } from '../../report/html.ts';
import { themeVariables } from '../../report/theme.ts';
import type { SureFrom } from '../../reading/sureFrom.ts';
import type { ServedModel } from '../models/model.ts';

/** The card of a model as Markdown: the one that lies beside it, or what the server knows of it; and the consents with whose images it was trained. */
export function cardOf(model: ServedModel): string {
  return `${(model.card ?? shortCard(model)).trimEnd()}\n${consentsIn(model)}`;
}

/** What a server knows of a model that came without a card. */
function shortCard(model: ServedModel): string {
  const { name, version, hash, kind, inputShape, classes, hasNone, temperature, sureFrom, calibration } =
    model;
  const sets =
    calibration === undefined
      ? 'Not calibrated: no labelled images were at hand that it was not trained on. Its probabilities may be far too sure.'
      : `Conformal sets calibrated on ${calibration.images} images (${calibration.on}); their promise holds for further images of that kind alone.`;
  return [
    `# ${name}`,
    `Version ${version}, SHA-256 \`${hash}\`. Takes ${inputShape.join(' × ')} values and gives the probabilities of ${classes.length} classes: ${classes.join(', ')}${hasNone ? ', and of none of them' : ''}.`,
    `An answer is sure from a probability of ${sureWords(sureFrom)}${temperature === 1 ? '' : `, behind temperature ${temperature}`}. ${sets}`,
    `**No card was made for this model**: what it was trained on, for whom it errs more often, and what it must not be used for is not known here. \`dactyl card ${kind === 'digits' ? 'MODEL' : 'MODEL --data …'}\` measures and writes one; put beside the model it is shown in the place of this text.`,
    '**Not for** decisions about people without a person who looks: it errs.',
  ].join('\n\n');
}

function sureWords(sureFrom: SureFrom): string {
  if (typeof sureFrom === 'number') return String(sureFrom);
  return sureFrom.map((least, digit) => `${least} for ${digit}`).join(', ');
}

function consentsIn({ trainedWith }: ServedModel): string {
  if (trainedWith.length === 0) return '';
  return `\n## Images of people who consented\n\nTrained also with the images of these consents (erasing an image does not untrain a network):\n\n${trainedWith.map((id) => `- ${id}`).join('\n')}\n`;
}

const STYLE = `:root{color-scheme:light dark;${themeVariables('light')}--page:#fff}
@media (prefers-color-scheme:dark){:root{${themeVariables('dark')}--page:#15181d}}
body{margin:0;background:var(--page);color:var(--ink);font:400 1rem/1.6 Inter,system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
pre{white-space:pre-wrap;overflow-wrap:break-word;font:inherit}`;

/** The same as a page. */
export function cardPage(name: string, markdown: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Card of ${name} · Dactyl</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main><pre>${markdown}</pre></main>
      </body>
    </html>`.markup;
}
