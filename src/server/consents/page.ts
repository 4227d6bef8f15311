import { html, Html } from '../../report/html.ts';
import { themeVariables } from '../../report/theme.ts';
import { CONSENT_SCRIPT } from './pageScript.ts';

const STYLE = `
:root{color-scheme:light dark;${themeVariables('light')};--page:#fff;--soft:#f6f7f9;--accent:#0b57a4;--on-accent:#fff;--bad:#a3195b}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--soft:#1d2127;--accent:#8ec3f7;--on-accent:#0d1117;--bad:#f48cb6}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 1.0625rem/1.55 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:44rem;margin:0 auto;padding:1.6rem 1.25rem 3rem}
h1{margin:0 0 1rem;font-size:1.6rem;line-height:1.2;letter-spacing:-.016em;font-weight:650}
h2{margin:2rem 0 .6rem;font-size:1.15rem}
p{margin:0 0 .8rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:1rem;margin:1.2rem 0;padding:0;list-style:none}
.images li{min-width:0;font-size:.9rem;color:var(--muted)}
.paper{display:block;background:#fff;border:1px solid var(--rule);border-radius:.5rem;padding:.5rem;margin-bottom:.4rem}
.images img{display:block;width:100%;aspect-ratio:1;object-fit:contain;image-rendering:pixelated}
.images img.ink{filter:invert(1)}
dl{display:grid;grid-template-columns:minmax(0,9rem) minmax(0,1fr);gap:.3rem 1rem;margin:1rem 0;font-size:.95rem}
dt{color:var(--muted)}dd{margin:0}
.actions{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:.6rem;margin:.8rem 0}
button{font:inherit;min-height:2.9rem;padding:.4rem 1rem;border-radius:.5rem;border:1.5px solid var(--muted);background:var(--page);color:var(--ink);cursor:pointer}
button:hover{border-color:var(--ink);background:var(--soft)}
button.erase{border-color:var(--bad);color:var(--bad);font-weight:600}
label{display:block;font-weight:600;margin-bottom:.4rem}
.images p{margin:0 0 .3rem}.images label{font-weight:400;color:var(--ink)}
select{font:inherit;max-width:100%;min-height:2.2rem;padding:.2rem .4rem;border:1.5px solid var(--muted);border-radius:.4rem;background:var(--page);color:var(--ink)}
input{width:100%;font:inherit;padding:.6rem .7rem;border:1.5px solid var(--muted);border-radius:.5rem;background:var(--page);color:var(--ink);margin-bottom:.9rem}
.status{min-height:1.6em}.status.bad{color:var(--bad);font-weight:600}
dd p{margin:0}
@media (max-width:30rem){dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.5rem}}
.small{color:var(--muted);font-size:.9rem}
@media print{@page{size:A4;margin:15mm}html{font-size:9.5pt}body{font-size:1rem}main{max-width:none;padding:0}#rights,#ask,.status,.small,.images label{display:none!important}.images{grid-template-columns:repeat(auto-fill,minmax(30mm,1fr))}.images li{break-inside:avoid}}
[hidden]{display:none!important}
`;

const PAGE = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>Your consent · Dactyl</title>
      <style>
        ${new Html(STYLE)}
      </style>
    </head>
    <body>
      <main>
        <h1>Your consent</h1>
        <p class="status" id="status" role="status" aria-live="polite"></p>
        <form id="ask" hidden>
          <label for="token">The token that you were given</label>
          <input id="token" autocomplete="off" spellcheck="false" required />
          <div class="actions"><button type="submit">Show</button></div>
        </form>
        <div id="shown" hidden>
          <p id="says"></p>
          <p id="note"></p>
          <ul class="images" id="images"></ul>
          <dl id="facts"></dl>
          <div id="rights">
            <h2>What you can do</h2>
            <div class="actions">
              <button id="export" type="button">Take all of it with you</button>
              <button id="restrict" type="button"></button>
              <button id="object" type="button"></button>
              <button class="erase" id="erase" type="button">Withdraw and erase</button>
            </div>
          </div>
          <p class="small">
            Whoever has the token can do this; keep it to yourself. It is not known who you are.
          </p>
        </div>
      </main>
      <script>
        ${new Html(CONSENT_SCRIPT)};
      </script>
    </body>
  </html> `.markup;

/** The page on which people see and withdraw what they consented to. The token stands behind the # of its address, which no browser sends to a server; the page sends it in a header, so no log of addresses can have it. */
export function consentPage(): string {
  return PAGE;
}
