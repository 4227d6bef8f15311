import { tlsPairProblem } from '../security/listener.ts';
import { sharePorts } from '../security/loopback.ts';
import { proxyProblem } from '../security/proxies.ts';
import { secretProblems, urlProblems } from '../webhooks/destinations.ts';
import type { ServerConfig } from './schema.ts';

/** What no schema says of settings: the form of a text, and what belongs together. */
interface Meaning {
  /** Whose values are looked at, where the schema takes all of them. A problem is said of the first that is given. */
  readonly of: readonly string[];
  /** What was expected and received, once for each that is wrong. */
  readonly problems: (config: ServerConfig) => readonly (string | undefined)[];
}

export const MEANINGS: readonly Meaning[] = [
  {
    of: ['admin.port', 'admin.host', 'port', 'host'],
    problems: ({ admin, host, port }) => [
      admin.port === port && port !== 0 && sharePorts(admin.host, host)
        ? `expected another port than that of the server itself, received ${port} for both`
        : undefined,
    ],
  },
  { of: ['store'], problems: ({ store }) => [addressProblem(store)] },
  { of: ['security.proxies'], problems: ({ security }) => security.proxies.map(proxyProblem) },
  { of: ['security.tlsCert', 'security.tlsKey'], problems: ({ security }) => [tlsPairProblem(security)] },
  {
    of: ['webhooks.urls', 'webhooks.secrets', 'webhooks.allowHttp'],
    problems: ({ webhooks }) => urlProblems(webhooks),
  },
  { of: ['webhooks.secrets'], problems: ({ webhooks }) => secretProblems(webhooks) },
];

/** As the client of PostgreSQL parses it, with a space or without a host (a socket), too. */
function addressProblem(store: string): string | undefined {
  if (!store.startsWith('postgres')) return undefined;
  if (URL.canParse(store.replace('@/', '@host/').replaceAll(' ', '%20'))) return undefined;
  return 'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, received what is no address (not shown); a character with a meaning in addresses, such as # or / in a password, is written with % (encodeURIComponent)';
}
