import type { FastifyInstance } from 'fastify';
import { Tally } from './tally.ts';

/** Seconds. */
const ENDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What was asked of one route, by its pattern: no path that a client chose is a label. */
export interface RouteCount {
  readonly method: string;
  readonly route: string;
  readonly statuses: Map<number, number>;
  readonly seconds: Tally;
}

/** Counts every request of the listeners that it was given. */
export class Requests {
  readonly #routes = new Map<string, Map<string, RouteCount>>();

  countIn(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      const { method } = request;
      const route = request.routeOptions.url ?? 'unmatched';
      let byMethod = this.#routes.get(route);
      if (byMethod === undefined) {
        byMethod = new Map<string, RouteCount>();
        this.#routes.set(route, byMethod);
      }
      // The methods of HTTP are few, but a client may invent others where nothing matches.
      const kind = route === 'unmatched' ? 'any' : method;
      let own = byMethod.get(kind);
      if (own === undefined) {
        own = { method: kind, route, statuses: new Map(), seconds: new Tally(ENDS) };
        byMethod.set(kind, own);
      }
      own.statuses.set(reply.statusCode, (own.statuses.get(reply.statusCode) ?? 0) + 1);
      own.seconds.add(reply.elapsedTime / 1000);
      done();
    });
  }

  all(): RouteCount[] {
    return [...this.#routes.values()].flatMap((byMethod) => [...byMethod.values()]);
  }
}
