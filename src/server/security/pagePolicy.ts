import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of a page that this server makes: its own scripts and styles by their hashes, so that nothing that got into it runs; nothing from elsewhere, no frame
 * around it. Figures with styles of their own elements, and a page that shows others, need `unsafe-inline` for styles (`anyStyle`), which load nothing.
 */
export function pagePolicy(page: string, anyStyle = / style="/.test(page)): string {
  const scripts = hashesIn(page, 'script');
  const script = scripts === '' ? '' : `script-src ${scripts}; connect-src 'self'; `;
  const style = anyStyle ? "'unsafe-inline'" : hashesIn(page, 'style');
  return `default-src 'none'; img-src data:; font-src data:; ${script}style-src ${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function hashesIn(page: string, element: 'script' | 'style'): string {
  const contents = page.matchAll(new RegExp(`<${element}\\b[^>]*>([\\s\\S]*?)</${element}>`, 'g'));
  return Array.from(contents, ([, content]) => {
    const hash = createHash('sha256').update(content).digest('base64');
    return `'sha256-${hash}'`;
  }).join(' ');
}
