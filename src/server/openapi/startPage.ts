import type { FastifyInstance } from 'fastify';
import { html, Html } from '../../report/html.ts';
import { themeVariables } from '../../report/theme.ts';
import type { ServerConfig } from '../config/schema.ts';
import { needsKeys } from '../security/access.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import { DOCUMENTATION } from './document.ts';

const STYLE = `:root{color-scheme:light dark;${themeVariables('light')};--page:#fff;--soft:#f6f7f9;--link:#0b57a4}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--soft:#1d2127;--link:#8ec3f7}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:400 1.0625rem/1.6 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:44rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{margin:0 0 .4rem;font-size:2rem;line-height:1.2;letter-spacing:-.02em}
h2{margin:2rem 0 .4rem;font-size:1.2rem}
p,ul{margin:.5rem 0}
ul{padding-left:1.2rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
pre{margin:.6rem 0;padding:.8rem 1rem;background:var(--soft);border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.92rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media print{@page{size:A4;margin:15mm}html{font-size:9.5pt}body{font-size:1rem}main{max-width:none;padding:0}pre{border:1px solid var(--rule)}a{color:inherit}}`;

/** `GET /`: what this is, what it keeps, how to send a picture. */
export function startPage(app: FastifyInstance, config: ServerConfig): void {
  const key = needsKeys(config);
  app.get('/', (request, reply) => {
    const page = startMarkup(`${request.protocol}://${hostOf(request.headers.host)}`, key);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(page))
      .send(page);
  });
}

/** What a client says is the host goes into a command that people copy: only what a host may be. */
function hostOf(host = ''): string {
  return /^[\w.-]+(?::\d{1,5})?$|^\[[\da-f:]+\](?::\d{1,5})?$/i.test(host) ? host : 'localhost:8080';
}

function startMarkup(origin: string, key: boolean): string {
  const header = key ? ' -H "Authorization: Bearer $DACTYL_API_KEY"' : '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Dactyl</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>Dactyl</h1>
          <p>
            Reads digits and numbers that people write by hand, with a calibrated probability for each, and
            says when it is not sure. It errs, and more for some hands than for others: a person has to look
            where an answer matters.
          </p>
          <h2>Send a picture</h2>
          <p>PNG, JPEG, WebP, BMP or GIF:</p>
          <pre>curl --data-binary @photo.jpg${header} ${origin}/v1/read</pre>
          <p>Why it reads so, and not otherwise:</p>
          <pre>curl --data-binary @photo.jpg${header} '${origin}/v1/explain?against=9'</pre>
          <p>28 × 28 grey values, by any client of the Open Inference Protocol (v2):</p>
          <pre>curl${header} ${origin}/v2/models</pre>
          <h2>What is kept</h2>
          <p>
            Nothing of a picture: it lives in memory until it is answered. An answer leaves an entry without
            pixels and without names in the audit log, under the identifier that the answer carries. A picture
            is kept only where the request consents to it, with a purpose and a number of days; the answer
            then has a token that shows, exports and erases it.
          </p>
          <h2>Further</h2>
          <ul>
            <li>
              <a href="${DOCUMENTATION}">Routes</a>, to be tried;
              <a href="${DOCUMENTATION}/json">OpenAPI 3.1</a>
            </li>
            <li>
              <a href="/v1/models">Models</a> and <a href="/v1/cards/reader">the reader’s card</a>: what it is
              for, how often it errs
            </li>
            <li><a href="/review">Review</a>: images that wait for a person</li>
            <li>
              <a href="/monitor">Monitor</a>: whether what comes looks like what the model was measured on
            </li>
          </ul>
          ${key ? html`<p>All of this but the list of routes asks for an API key: these pages have a field for it.</p>` : null}
        </main>
      </body>
    </html>`.markup;
}
