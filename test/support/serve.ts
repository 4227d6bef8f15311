import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** Scripts of one's own origin and WebAssembly; no eval, nothing inline. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The files of a folder under this policy, at an address of this machine. */
export async function serve(folder: string): Promise<{ origin: string; close: () => void }> {
  const server = createServer(({ url = '/' }, response) => {
    const path = join(folder, new URL(url, 'http://localhost').pathname);
    const isThere = existsSync(path) && extname(path) in TYPES;
    response.writeHead(isThere ? 200 : 204, {
      'content-security-policy': POLICY,
      'content-type': TYPES[extname(path)] ?? 'text/plain',
    });
    if (isThere) createReadStream(path).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
