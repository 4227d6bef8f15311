import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from './clock.ts';
import type { ServerConfig } from './config/schema.ts';

/** What the routes work with. Each domain has its field; `createServices` puts them together. */
export interface Services {
  readonly config: ServerConfig;
  readonly clock: Clock;
  /** No pixels, no identity and no addresses go there. */
  readonly log: FastifyBaseLogger;
  /** Whether every part works, so that requests may be sent here. */
  ready(): boolean;
  /** Ends every part, after what it has under way; the last that was started first. */
  close(): Promise<void>;
}

/** What a test may put in the place of the server's own. */
export type Given = Partial<Services> & Pick<Services, 'config' | 'log'>;

export function createServices(given: Given, clock: Clock): Promise<Services> {
  const ends: (() => Promise<void>)[] = [];
  return Promise.resolve({
    clock,
    ready: () => true,
    ...given,
    async close() {
      for (const end of ends.reverse()) await end();
    },
  });
}
