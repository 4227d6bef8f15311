import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config/schema.ts';
import type { Database, Statement } from '../store/database.ts';
import { isOutage } from '../store/outage.ts';
import { destinationsOf } from './destinations.ts';
import {
  added,
  claimDue,
  counts,
  type DeadDelivery,
  deadDeliveries,
  type Delivery,
  type DeliveryState,
  forgotten,
  settled,
} from './outbox.ts';
import { type Outcome, post } from './post.ts';
import { TRIES, waitAfter } from './retries.ts';
import { signatures } from './signature.ts';

/** How often is looked for what is due. */
const LOOK_MS = 1_000;
/** Longer than a try takes; then the message is tried again. */
const CLAIM_MS = 60_000;
const AT_A_TIME = 16;
const SWEEP_MS = 3_600_000;
const DAY_MS = 86_400_000;
const KEPT_DELIVERED_MS = 7 * DAY_MS;
const KEPT_DEAD_MS = 30 * DAY_MS;
const LISTED = 20;

/** What happens and others should hear of. Payloads hold no pixels and no identity. */
export type WebhookKind = `${string}.${string}`;

export interface WebhookState extends Readonly<Record<DeliveryState, number>> {
  /** Scheme and host of each. */
  readonly endpoints: readonly string[];
  readonly givenUp: readonly (DeadDelivery & { readonly origin: string })[];
}

export interface Webhooks {
  /** Writes the message to the outbox; it is on the disk when this resolves, and sent afterwards. Nothing is done where no endpoint is configured. */
  emit(kind: WebhookKind, data: object): Promise<void>;
  /** The same as statements, to be committed together with what the message is about; `wake` afterwards. */
  statements(kind: WebhookKind, data: object): Statement[];
  wake(): void;
  state(): Promise<WebhookState>;
  /** Sends all that is due, and resolves when every try has ended. */
  send(): Promise<void>;
  close(): Promise<void>;
}

interface Needed {
  readonly config: Pick<ServerConfig, 'webhooks'>;
  readonly clock: Clock;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  readonly database: Database;
}

/**
 * Messages to other systems as the Standard Webhooks specification has them: `{type, timestamp, data}`, signed, sent at least once, with the same `webhook-id` in every try. Refused ones are tried ten times over 14 hours and are dead then, as are those that the receiver answers with
 * 410. Throws as `destinationsOf`.
 */
export function createWebhooks({ config, clock, log, database }: Needed): Webhooks {
  const { endpoints, keys } = destinationsOf(config);
  let sending: Promise<void> | undefined;
  const ending = new AbortController();

  const tryOnce = async (delivery: Delivery): Promise<void> => {
    const { id, body, attempts } = delivery;
    const endpoint = endpoints.get(delivery.endpoint);
    const timestamp = Math.floor(clock.now() / 1000);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(keys, { id, timestamp, body }),
    };
    const outcome: Outcome =
      endpoint === undefined
        ? { why: 'no longer configured', final: true }
        : await post(endpoint.url, body, headers, ending.signal);
    const now = clock.now();
    const settle = (state: DeliveryState, detail: string | null, nextAt = now): Promise<void> =>
      database.write([settled(delivery, { state, nextAt, detail })]);
    if (outcome === 'delivered') return settle('delivered', null);
    const { why, final } = outcome;
    if (!final && attempts < TRIES) return settle('pending', why, now + waitAfter(attempts, Math.random()));
    log.warn({ webhook: id, kind: delivery.kind, attempts, why }, 'a webhook was given up');
    return settle('dead', why);
  };

  const sendDue = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const now = clock.now();
      const due = await claimDue(database, { now, until: now + CLAIM_MS, most: AT_A_TIME });
      if (due.length === 0) return;
      await Promise.all(due.map(tryOnce));
    }
  };
  const send = (): Promise<void> => {
    sending ??= sendDue().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  const wake = (): void => {
    send().catch((error: unknown) => {
      // Every second, and the store's watch has said so.
      if (isOutage(error)) return;
      log.error({ err: error }, 'webhooks could not be sent');
    });
  };
  const sweep = (): void => {
    const now = clock.now();
    database.write(forgotten(now - KEPT_DELIVERED_MS, now - KEPT_DEAD_MS)).catch((error: unknown) => {
      log.error({ err: error }, 'old webhooks could not be removed');
    });
  };
  const ends = [clock.every(LOOK_MS, wake), clock.every(SWEEP_MS, sweep)];

  const statements = (kind: WebhookKind, data: object): Statement[] => {
    const now = clock.now();
    const body = JSON.stringify({ type: kind, timestamp: new Date(now).toISOString(), data });
    const id = `msg_${randomUUID()}`;
    return [...endpoints.keys()].map((endpoint) => added({ id, kind, body }, endpoint, now));
  };
  return {
    statements,
    wake,
    send,
    async emit(kind, data) {
      if (endpoints.size === 0) return;
      await database.write(statements(kind, data));
      wake();
    },
    async state() {
      const dead = await deadDeliveries(database, LISTED);
      return {
        endpoints: [...endpoints.values()].map(({ origin }) => origin),
        ...(await counts(database)),
        givenUp: dead.map((one) => ({
          ...one,
          origin: endpoints.get(one.endpoint)?.origin ?? 'not configured',
        })),
      };
    },
    async close() {
      for (const end of ends) end();
      // What is under way stays in the outbox, to be tried when the server is back.
      ending.abort();
      await sending?.catch(() => undefined);
    },
  };
}
