import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileError } from '../store/fileError.ts';
import { DactylError } from '../util/errors.ts';
import type { ServerConfig } from './config/schema.ts';
import { needsKeys, requireSomeKey } from './security/access.ts';
import { keyOf } from './security/apiKeys.ts';
import { openReading } from './store/openReading.ts';
import { storePlace } from './store/place.ts';
import { STORE_FILE } from './store/sqliteConnection.ts';

type Place = Pick<ServerConfig, 'host' | 'port'>;

/** What can be known to be wrong before models are read, which takes seconds, and a store is made. Throws E_FILE for a port that is taken, E_ARGUMENT where no key can be there. */
export async function checkBeforeStart(config: ServerConfig, now: number): Promise<void> {
  await requireKeyInStore(config, now);
  await requireFree(config);
  const { host, port } = config.admin;
  if (port !== undefined) await requireFree({ host, port });
}

async function requireKeyInStore(config: ServerConfig, now: number): Promise<void> {
  if (!needsKeys(config)) return;
  const isNew = config.store === 'sqlite' && !existsSync(join(config.dataDir, STORE_FILE));
  if (isNew || config.store === 'memory') {
    await requireSomeKey(config, { list: () => Promise.resolve([]) }, now);
    return;
  }
  // An existing file may be of before there were keys; it is looked at again when its tables are up to date.
  if (config.store !== 'sqlite') return;
  const reading = await openReading(storePlace(config));
  try {
    const tables = await reading.query("SELECT name FROM sqlite_master WHERE name = 'api_keys'");
    if (tables.length === 0) return;
    const rows = await reading.query('SELECT * FROM api_keys');
    await requireSomeKey(config, { list: () => Promise.resolve(rows.map(keyOf)) }, now);
  } finally {
    await reading.close();
  }
}

async function requireFree(place: Place): Promise<void> {
  const { host, port } = place;
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, resolve);
    });
  } catch (error) {
    throw listenError(error, place);
  }
  await new Promise((resolve) => server.close(resolve));
}

/** What keeps a server from listening, in words. */
export function listenError(error: unknown, { host, port }: Place): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error;
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE') {
    const message = `Cannot listen on ${place}: another program does (EADDRINUSE). Give another --port; 0 takes one that is free.`;
    return new DactylError('E_FILE', message, { cause: error });
  }
  if (code === 'EACCES') {
    const message = `Cannot listen on ${place}: permission is denied (EACCES). Ports below 1024 want rights of their own; give a higher --port.`;
    return new DactylError('E_FILE', message, { cause: error });
  }
  return fileError(error, 'listen on', place);
}
