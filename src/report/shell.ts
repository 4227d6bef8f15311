import { html, Html } from './html.ts';
import type { Section } from './sections/parts.ts';
import { STYLE } from './style.ts';

/** The page loads nothing; scripts run only where the page has some of its own. */
function policy(scripts: boolean): string {
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; ${scripts ? "script-src 'unsafe-inline'; font-src data:; " : ''}base-uri 'none'; form-action 'none'`;
}

export interface PageParts {
  readonly title: string;
  /** Above the title. */
  readonly kicker: string;
  /** The title of the window, where it says more than the page's. */
  readonly windowTitle?: string;
  /** Below the title, and what stands there beside it. */
  readonly answer: string;
  readonly key?: Html | null;
  readonly sections: readonly Section[];
  /** Pages beside this one, named in the contents. */
  readonly links?: readonly { readonly href: string; readonly title: string }[];
  /** Across the top: a label and a sentence. */
  readonly banner?: readonly [label: string, text: string] | undefined;
  /** Rules of this page alone. */
  readonly style?: string;
  /** Script elements. */
  readonly scripts?: Html;
}

/** A page of Dactyl as one HTML file: contents at the side, a header, sections. */
export function pageOf(parts: PageParts): string {
  const { title, kicker, windowTitle = title, answer, key = null, sections, links = [], banner } = parts;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(parts.scripts !== undefined)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${windowTitle}</title>
        <style>
          ${new Html(STYLE)}
          ${new Html(parts.style ?? '')}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">To the text</a>
        ${banner === undefined ? null : html`<p class="banner" role="note"><b>${banner[0]}.</b> ${banner[1]}</p>`}
        <div class="layout">
          <nav aria-label="Contents">
            <p>Contents</p>
            <ol>
              ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
              ${links.map(({ href, title }) => html`<li><a href="${href}">${title}</a></li>`)}
            </ol>
          </nav>
          <main id="main">
            <header>
              <p class="kicker">${kicker}</p>
              <h1>${title}</h1>
              <p class="answer">${answer}</p>
              ${key}
            </header>
            ${sections.map(
              ({ id, title, body }) =>
                html`<section id="${id}">
                  <h2>${title}</h2>
                  ${body}
                </section> `,
            )}
          </main>
        </div>
        ${parts.scripts}
      </body>
    </html> `.markup;
}
