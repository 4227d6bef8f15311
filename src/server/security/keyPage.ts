import { html, Html } from '../../report/html.ts';
import { themeVariables } from '../../report/theme.ts';
import { KEY_SCRIPT, KEY_STYLE, keyForm } from './keyForm.ts';
import type { Wanted } from './scopes.ts';

const STYLE = `
:root{color-scheme:light dark;${themeVariables('light')};--page:#fff;--accent:#0b57a4;--on-accent:#fff;--bad:#a3195b}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--accent:#8ec3f7;--on-accent:#0d1117;--bad:#f48cb6}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 1.0625rem/1.55 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.6rem 1.25rem 3rem}
h1{margin:0 0 1rem;font-size:1.6rem;line-height:1.2}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:.92rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
button{font:inherit;font-weight:600;min-height:2.9rem;padding:.4rem 1.2rem;border:0;border-radius:.5rem;background:var(--accent);color:var(--on-accent);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.small{margin:0 0 .9rem;color:var(--muted);font-size:.9rem}
.status{margin:0 0 .9rem;color:var(--bad);font-weight:600}.status:empty{display:none}
[hidden]{display:none!important}
${KEY_STYLE}`;

/** Of what is shown the scripts do not run: the policy lets through this one alone. */
const SCRIPT = `(() => {
'use strict';
${KEY_SCRIPT}
const [status, shown, title] = ['status', 'shown', 'title'].map((id) => document.getElementById(id));
async function show() {
  try {
    const answer = await asked(location.pathname + location.search, { headers: { accept: 'text/html' } });
    const text = await answer.text();
    const type = answer.headers.get('content-type') || '';
    if (answer.ok && type.startsWith('text/html')) {
      const page = new DOMParser().parseFromString(text, 'text/html');
      document.title = page.title;
      document.querySelector('style').replaceWith(...page.querySelectorAll('style'));
      document.body.replaceChildren(...page.body.children);
      return;
    }
    shown.textContent = type.startsWith('application/json') ? JSON.stringify(JSON.parse(text), null, 2) : text;
    status.textContent = answer.ok ? '' : 'The server answered ' + answer.status + '.';
    title.hidden = sign.hidden = true;
  } catch (error) {
    status.textContent = error.message;
    document.getElementById('key').focus();
  }
}
sign.hidden = false;
onKey(show);
})()`;

/**
 * What a person is answered who opens in a browser, which sends no key with what is followed or typed, an address that asks for one: a form for the key, and then, in its place, what the address has.
 */
export function keyPage(scope: Exclude<Wanted, 'none'>): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>An API key is asked for · Dactyl</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1 id="title">This page asks for an API key</h1>
          <p class="status" id="status" role="status" aria-live="polite"></p>
          ${keyForm(scope)}
          <pre id="shown"></pre>
        </main>
        <script>
          ${new Html(SCRIPT)};
        </script>
      </body>
    </html> `.markup;
}
