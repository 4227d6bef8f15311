import { DactylError } from '../util/errors.ts';

/** Optional peers of the package, which nothing but the server loads. */
const PEERS =
  'fastify @fastify/helmet @fastify/multipart @fastify/rate-limit @fastify/swagger @fastify/swagger-ui better-sqlite3 prom-client';

/** Loads a part of the server for a command. Throws E_PACKAGE, with the line that installs it, where a package is absent. */
export async function loadServerPart<T>(command: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const absent = /Cannot find package '([^']+)'/.exec(message)?.[1];
    if (code !== 'ERR_MODULE_NOT_FOUND' || absent === undefined) throw error;
    throw new DactylError(
      'E_PACKAGE',
      `${command}: expected the package ${absent}, received none: what only the server needs is not installed with Dactyl. Install it: npm install ${PEERS}`,
      { cause: error },
    );
  }
}
