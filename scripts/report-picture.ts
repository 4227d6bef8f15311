/**
 * Writes docs/images/report.png, the head of a report as the README shows it:
 *
 *     npm start && npx node scripts/report-picture.ts runs/relu-vs-tanh/report.html
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../test/support/chromium.ts';

const [report = 'runs/relu-vs-tanh/report.html'] = process.argv.slice(2);
const launched = await launchChromium();
if (launched.browser === null) throw new Error(`Chromium does not start here: ${launched.reason}`);
const page = await launched.browser.newPage({
  viewport: { width: 1280, height: 1000 },
  colorScheme: 'light',
});
await page.goto(pathToFileURL(resolve(report)).href);
mkdirSync('docs/images', { recursive: true });
await page.screenshot({ path: 'docs/images/report.png' });
await launched.browser.close();
