import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { ServerConfig } from '../config/schema.ts';
import { fileError } from '../../store/fileError.ts';
import { DactylError } from '../../util/errors.ts';

interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What was expected, where one of the two files of TLS is named without the other. */
export function tlsPairProblem({ tlsCert, tlsKey }: ServerConfig['security']): string | undefined {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return undefined;
  return `expected both security.tlsCert and security.tlsKey, received ${tlsKey === undefined ? 'tlsCert' : 'tlsKey'} alone`;
}

/** Certificate and key of HTTPS; undefined where none are set. Throws E_ARGUMENT for one without the other and for two that do not belong together, E_FORMAT, E_FILE. */
export function tlsOf({ security }: Pick<ServerConfig, 'security'>): Tls | undefined {
  const problem = tlsPairProblem(security);
  if (problem !== undefined) throw new DactylError('E_ARGUMENT', `security: ${problem}.`);
  const { tlsCert, tlsKey } = security;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const [cert, key] = [contentOf(tlsCert), contentOf(tlsKey)];
  const named = certificateIn(cert, tlsCert);
  if (!named.checkPrivateKey(keyIn(key, tlsKey))) {
    throw new DactylError(
      'E_ARGUMENT',
      `security.tlsKey: expected the key of the first certificate in ${tlsCert} (${named.subject.replaceAll('\n', ', ')}), received in ${tlsKey} the key of another. A file with a chain begins with the server's own certificate.`,
    );
  }
  return { cert, key };
}

/** Reads both files anew, for connections from now on; those that are open stay. Throws as `tlsOf`, and then those before stay. */
export function renewTls(server: Server, config: Pick<ServerConfig, 'security'>): void {
  const tls = tlsOf(config);
  if (tls !== undefined && server instanceof TlsServer) server.setSecureContext(tls);
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function certificateIn(content: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (cause) {
    const message = `${path} (security.tlsCert): expected a certificate in PEM (-----BEGIN CERTIFICATE-----), received something else.`;
    throw new DactylError('E_FORMAT', message, { cause });
  }
}

function keyIn(content: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(content);
  } catch (cause) {
    const message = `${path} (security.tlsKey): expected a private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----), received something else. openssl pkey -in FILE -out FILE takes a passphrase away.`;
    throw new DactylError('E_FORMAT', message, { cause });
  }
}
