import { html, Html } from '../../report/html.ts';
import { STYLE } from '../../report/style.ts';
import { KEY_SCRIPT, KEY_STYLE, keyForm } from '../security/keyForm.ts';
import { MONITOR_STYLE } from './style.ts';

/** Milliseconds after which it looks again. */
const EVERY = 15_000;

const OWN_STYLE = `${KEY_STYLE}
.gate{max-width:44rem;margin:0 auto;padding:1.6rem 1.25rem 0}.gate h1{font-size:1.6rem;margin-bottom:1rem}
.gate button{font:inherit;min-height:2.9rem;padding:.4rem 1.2rem;border:0;border-radius:.5rem;background:var(--ink);color:var(--page);cursor:pointer}
.gate .small{color:var(--muted);font-size:.9rem}
.status{margin:0 0 .9rem;color:var(--bad);font-weight:600}.status:empty{display:none}
[hidden]{display:none!important}
`;

const SCRIPT = `(() => {
'use strict';
${KEY_SCRIPT}
const [gate, page, status] = ['gate', 'page', 'status'].map((id) => document.getElementById(id));
let timer;
async function look() {
  clearTimeout(timer);
  try {
    const answer = await asked('/v1/monitor/page');
    if (!answer.ok) throw new Error('The server answered ' + answer.status + '.');
    // This page has the same rules, and the policy lets through its own alone.
    const text = (await answer.text()).replace(/<style>[^]*?<.style>/, '');
    const shown = new DOMParser().parseFromString(text, 'text/html');
    document.title = shown.title;
    page.replaceChildren(...shown.body.children);
    status.textContent = '';
    gate.hidden = true;
  } catch (error) {
    gate.hidden = false;
    status.textContent = error.message;
    sign.hidden = !error.signedOut;
    if (error.signedOut) {
      page.replaceChildren();
      document.getElementById('key').focus();
      return;
    }
  }
  timer = setTimeout(look, ${EVERY});
}
onKey(look);
look();
})()`;

const PAGE = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>Dactyl’s monitor</title>
      <style>
        ${new Html(STYLE)}
        ${new Html(MONITOR_STYLE)}
        ${new Html(OWN_STYLE)}
      </style>
    </head>
    <body>
      <div class="gate" id="gate" hidden>
        <h1>Monitor</h1>
        <p class="status" id="status" role="status" aria-live="polite"></p>
        ${keyForm('metrics')}
      </div>
      <div id="page"></div>
      <script>
        ${new Html(SCRIPT)};
      </script>
    </body>
  </html> `.markup;

/** The monitor's page in a browser: shows /v1/monitor/page, anew every 15 seconds, and asks for a key where one is needed. */
export function livePage(): string {
  return PAGE;
}
