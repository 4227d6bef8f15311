import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of a page that this server makes: its own style and script by their hashes, so that nothing that got into it runs; nothing from elsewhere, no frame
 * around it. Of a page with one <style> and at most one <script>.
 */
export function pagePolicy(page: string): string {
  const script = page.includes('<script>')
    ? `script-src '${hashIn(page, 'script')}'; connect-src 'self'; `
    : '';
  return `default-src 'none'; img-src data:; ${script}style-src '${hashIn(page, 'style')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function hashIn(page: string, element: 'script' | 'style'): string {
  const content = page.slice(
    page.indexOf(`<${element}>`) + element.length + 2,
    page.indexOf(`</${element}>`),
  );
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
