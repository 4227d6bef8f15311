import { html, Html } from '../../report/html.ts';
import { markdownHtml } from '../../report/markdown.ts';
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

const STYLE = `:root{color-scheme:light dark;${themeVariables('light')};--page:#fff;--soft:#f6f7f9;--link:#0b57a4}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--soft:#1d2127;--link:#8ec3f7}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 1.0625rem/1.6 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:50rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1,h2,h3{line-height:1.25;letter-spacing:-.012em}
h1{margin:0 0 .6rem;font-size:1.8rem}
h2{margin:2.2rem 0 .5rem;font-size:1.3rem}
p,ul,ol{margin:.7rem 0}
ul,ol{padding-left:1.3rem}
li{margin:.3rem 0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:.8rem 0;padding:.8rem 1rem;background:var(--soft);border-radius:.5rem;white-space:pre-wrap}
.scroll{margin:1rem 0;overflow-x:auto}
table{border-collapse:collapse;font-size:.95rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
th,td{padding:.35rem 1.2rem .35rem 0;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{color:var(--muted);font-weight:600}
.end{text-align:right}
@media print{@page{size:A4;margin:15mm}html{font-size:9.5pt}body{font-size:1rem}main{max-width:none;padding:0}.scroll{overflow:visible}tr{break-inside:avoid}a{color:inherit}}`;

/** The same as a page. */
export function cardPage(name: string, markdown: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Card of ${name} · Dactyl</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${markdownHtml(markdown)}</main>
      </body>
    </html>`.markup;
}
