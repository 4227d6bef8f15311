import { html, Html } from '../../report/html.ts';
import { themeVariables } from '../../report/theme.ts';
import { KEY_STYLE, keyForm } from '../security/keyForm.ts';
import { REVIEW_SCRIPT } from './pageScript.ts';

const STYLE = `
:root{color-scheme:light dark;${themeVariables('light')};--page:#fff;--soft:#f6f7f9;--accent:#0b57a4;--on-accent:#fff;--bad:#a3195b}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--soft:#1d2127;--accent:#8ec3f7;--on-accent:#0d1117;--bad:#f48cb6}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 1.0625rem/1.55 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:54rem;margin:0 auto;padding:1.6rem 1.25rem 3rem}
header{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;align-items:baseline;justify-content:space-between;margin-bottom:.5rem}
h1{margin:0;font-size:1.6rem;line-height:1.2;letter-spacing:-.016em;font-weight:650}
.counts,.hint,.small{margin:0;color:var(--muted);font-size:.9rem;font-variant-numeric:tabular-nums}
:focus-visible,.choice input:focus-visible+span{outline:3px solid var(--accent);outline-offset:2px}
.work{display:grid;grid-template-columns:minmax(0,19rem) minmax(0,1fr);gap:1.6rem 2.4rem;align-items:start}
.paper{margin:0;padding:1rem;background:#fff;border:1px solid var(--rule);border-radius:.6rem}
.paper img{display:block;width:100%;aspect-ratio:1;object-fit:contain;image-rendering:pixelated}
.paper img.ink{filter:invert(1)}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0;margin:0 0 .8rem;font-weight:600;font-size:1.15rem}
.choices{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));gap:.5rem}
.choices.named{grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))}
.others{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem;margin-top:.5rem}
.choice{position:relative;display:block;cursor:pointer}
.choice input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.choice span{display:flex;align-items:center;justify-content:center;min-height:3.2rem;padding:.3rem .6rem;border:1.5px solid var(--muted);border-radius:.5rem;background:var(--page);text-align:center;line-height:1.25}
.choices:not(.named) span{font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
.choice:hover span{background:var(--soft);border-color:var(--ink)}
.choice input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.actions{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,1fr);gap:.6rem;margin-top:1.2rem}
.actions .wide{grid-column:1/-1}
fieldset:focus{outline:none}
.hint{margin-top:.5rem}
button{font:inherit;min-height:2.9rem;padding:.4rem 1.2rem;border-radius:.5rem;border:1.5px solid var(--muted);background:var(--page);color:var(--ink);cursor:pointer}
button:hover:not(:disabled){border-color:var(--ink);background:var(--soft)}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
button.main:hover:not(:disabled){background:var(--accent);filter:brightness(1.08)}
button:disabled{background:var(--soft);border-color:var(--rule);color:var(--muted);font-weight:400;cursor:not-allowed}
.suggestion{margin:1rem 0 0;padding:.7rem .9rem;background:var(--soft);border-radius:.5rem;font-size:.95rem}
.status{min-height:1.6em;margin:0 0 .9rem}
.status.bad{color:var(--bad);font-weight:600}
.keys{display:flex;gap:.6rem;align-items:flex-start;margin-top:1.4rem;font-size:.9rem;color:var(--muted)}
.keys input{width:1.2rem;height:1.2rem;margin:.1rem 0 0;flex:none;accent-color:var(--accent)}
kbd{font:.8em/1 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;border:1px solid var(--rule);border-radius:.25rem;padding:.1em .35em;background:var(--soft);color:var(--ink)}
${KEY_STYLE}.empty{padding:2.2rem 1.4rem;background:var(--soft);border-radius:.6rem;text-align:center}
.empty p{margin:0 0 1rem}
@media print{@page{size:A4;margin:15mm}html{font-size:9.5pt}body{font-size:1rem}main{max-width:none;padding:0}.actions,.keys,.hint,.sign,.status{display:none!important}.paper{max-width:60mm}}
[hidden]{display:none!important}
@media (max-width:40rem){main{padding-top:1.1rem}.work{grid-template-columns:minmax(0,1fr)}.paper{max-width:15rem;width:100%;margin:0 auto;padding:.7rem}}
@media (hover:none) and (pointer:coarse){.keys{display:none}}
@media (forced-colors:active){.choice input:checked+span{outline:4px solid Highlight}}
`;

const PAGE = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>Review · Dactyl</title>
      <style>
        ${new Html(STYLE)}
      </style>
    </head>
    <body>
      <main>
        <header>
          <h1>Review</h1>
          <p class="counts" id="counts"></p>
        </header>
        <p class="status" id="status" role="status" aria-live="polite"></p>

        ${keyForm('review')}

        <div class="empty" id="empty" hidden>
          <p>
            <b>Nothing waits.</b> Images come here when the network was not sure and the person consented to
            have them looked at.
          </p>
          <p id="claimed" hidden></p>
          <button id="again" type="button">Look again</button>
        </div>

        <form class="work" id="work" hidden>
          <div>
            <figure class="paper"><img id="image" alt="The handwriting to be looked at" /></figure>
          </div>
          <div>
            <fieldset id="asked" tabindex="-1">
              <legend>What does this image show?</legend>
              <div class="choices" id="choices"></div>
              <div class="others" id="others"></div>
            </fieldset>
            <div class="actions">
              <button class="main" id="decide" type="submit" disabled>Record</button>
              <button id="skip" type="button">Skip</button>
              <button class="wide" id="show" type="button" disabled>Show the network’s answer</button>
            </div>
            <p class="suggestion" id="suggestion" hidden></p>
            <p class="hint" id="hint"></p>
            <label class="keys">
              <input id="shortcuts" type="checkbox" checked />
              <span id="keys"></span>
            </label>
          </div>
        </form>
      </main>
      <script>
        ${new Html(REVIEW_SCRIPT)};
      </script>
    </body>
  </html> `.markup;

/**
 * The page in which a person looks at images of which the network was not sure. Nothing is preselected, and the network's answer is not shown before
 * something was chosen, and then only on request: who sees an answer first tends to agree with it (AI Act, Art. 14(4)(b)).
 */
export function reviewPage(): string {
  return PAGE;
}
