import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Plain: the package's own list turns web security off. */
const FLAGS = ['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking'];

/** The Chromium of the npm package, or why it does not start here (shared libraries, mostly). */
export async function launchChromium(): Promise<{ browser: Browser } | { browser: null; reason: string }> {
  try {
    const executablePath = await sparticuz.executablePath();
    const browser = await chromium.launch({
      executablePath,
      args: FLAGS,
      headless: true,
      ignoreDefaultArgs: ['--headless', '--enable-unsafe-swiftshader'],
    });
    return { browser };
  } catch (error) {
    const [reason] = String(error)
      .split('\n')
      .filter((line) => /error while loading|ENOENT|Error/.test(line));
    return { browser: null, reason };
  }
}
