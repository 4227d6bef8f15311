import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';

/** Firefox as the system has it; undefined where it has none. */
export const FIREFOX = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((place) => ['firefox', 'firefox-esr'].map((name) => join(place, name)))
  .find((path) => existsSync(path));

/** What the function that `main.mjs` exports returns as JSON, called in a page of Firefox, which is closed then, with what fetches one of the `files` as bytes. Throws what it throws. */
export async function inFirefox(files: Readonly<Record<string, Uint8Array | string>>): Promise<unknown> {
  const page = `<!doctype html><meta charset="utf-8"><script>
      const tell = (told) => fetch('/result', { method: 'POST', body: JSON.stringify(told) });
      addEventListener('error', ({ message }) => tell({ error: message }));
      addEventListener('unhandledrejection', ({ reason }) => tell({ error: String(reason) }));
    </script><script type="module">
      import main from './main.mjs';
      const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
      await tell({ value: await main(bytes) });
    </script>`;
  const profile = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  let told: (text: string) => void;
  const result = new Promise<string>((resolve) => {
    told = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        response.end();
        told(text);
      });
      return;
    }
    const file = files[request.url!.slice(1)] as Uint8Array | string | undefined;
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(page);
    else if (typeof file === 'string') response.setHeader('content-type', 'text/javascript').end(file);
    else if (file) response.end(file);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const child = spawn(FIREFOX!, ['--headless', '--no-remote', '--profile', profile, url], {
    stdio: 'ignore',
    // Its own processes end with it.
    detached: true,
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`Firefox ended by itself (${code}).`));
    });
  });
  ended.catch(() => undefined);
  try {
    const { value, error } = JSON.parse(await Promise.race([result, ended])) as {
      value?: unknown;
      error?: string;
    };
    if (error !== undefined) throw new Error(error);
    return value;
  } finally {
    const gone = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    }
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}
