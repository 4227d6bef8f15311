import { html, type Html } from '../../report/html.ts';
import type { Wanted } from './scopes.ts';

/**
 * In which a page asks for an API key. The key is kept in the page's memory and sent in the header of its own requests: in no cookie, which a browser would send with what pages of others
 * ask for, and nowhere on the disk.
 */
export function keyForm(scope: Exclude<Wanted, 'none'>): Html {
  const lacks = scope === 'any' ? '' : `, or has not the scope “${scope}”`;
  return html`<form class="sign" id="sign" data-lacks="${lacks}" hidden>
    <label for="key">API key${scope === 'any' ? '' : ` with the scope “${scope}”`}</label>
    <input id="key" type="password" autocomplete="off" spellcheck="false" required />
    <p class="small">It is kept in this page only, until it is closed.</p>
    <div class="actions"><button class="main" type="submit">Begin</button></div>
  </form>`;
}

/** Rules of the form; the page has the variables --accent, --on-accent, --page, --ink, --muted. */
export const KEY_STYLE = `
.sign{max-width:26rem}
.sign label{display:block;font-weight:600;margin-bottom:.4rem}
.sign input{width:100%;font:inherit;padding:.6rem .7rem;border:1.5px solid var(--muted);border-radius:.5rem;background:var(--page);color:var(--ink);margin-bottom:.9rem}
`;

/** Of a page's script: `asked` is fetch with the key, and throws an error with `signedOut` where one is needed or another; `onKey` has what follows when one is given. */
export const KEY_SCRIPT = `
let key = '';
const sign = document.getElementById('sign');
async function asked(path, options = {}) {
  const headers = { ...options.headers, ...(key !== '' && { authorization: 'Bearer ' + key }) };
  const answer = await fetch(path, { cache: 'no-store', ...options, headers });
  if (answer.status !== 401 && answer.status !== 403) return answer;
  const error = new Error(key === '' ? '' : 'This key is not accepted' + sign.dataset.lacks + '.');
  error.signedOut = true;
  throw error;
}
function onKey(begin) {
  sign.addEventListener('submit', (event) => {
    event.preventDefault();
    const field = document.getElementById('key');
    key = field.value.trim();
    field.value = '';
    begin();
  });
}`;
