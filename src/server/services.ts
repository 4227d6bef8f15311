import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { type Audit, createAudit } from './audit/audit.ts';
import { signingKey } from './audit/keys.ts';
import type { Clock } from './clock.ts';
import { type Consents, createConsents } from './consents/consents.ts';
import { createReviews, type Reviews } from './review/reviews.ts';
import type { ServerConfig } from './config/schema.ts';
import { createDecisions, type Decisions } from './decisions.ts';
import type { ServedModel } from './models/model.ts';
import { createModels, type Models } from './models/models.ts';
import { createMetrics, type Metrics } from './monitor/metrics.ts';
import { createMonitor, type Monitor } from './monitor/monitor.ts';
import type { Database } from './store/database.ts';
import { poolOf, type ReadingPool } from './reading/pool.ts';
import { type ApiKeys, createApiKeys } from './security/apiKeys.ts';
import { holdKeys } from './store/holdKeys.ts';
import { openDatabase } from './store/openDatabase.ts';
import { keysFolder, storePlace } from './store/place.ts';
import { watchStore } from './store/watchedStore.ts';
import { destinationsOf } from './webhooks/destinations.ts';
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the routes work with. Each domain has its field; `createServices` puts them together. */
export interface Services {
  readonly config: ServerConfig;
  readonly clock: Clock;
  /** No pixels, no identity and no addresses go there. */
  readonly log: FastifyBaseLogger;
  readonly database: Database;
  readonly audit: Audit;
  readonly webhooks: Webhooks;
  readonly consents: Consents;
  readonly reviews: Reviews;
  readonly models: Models;
  readonly decisions: Decisions;
  readonly keys: ApiKeys;
  /** Threads that read pictures. */
  readonly pool: ReadingPool;
  readonly monitor: Monitor;
  readonly metrics: Metrics;
  /** Whether every part works, so that requests may be sent here. */
  ready(): boolean;
  /** Ends every part, after what it has under way; the last that was started first. */
  close(): Promise<void>;
}

/** What a test may put in the place of the server's own. */
export type Given = Partial<Services> & Pick<Services, 'config' | 'log'>;

/** Throws what its parts throw, and has ended those that were started by then. */
export async function createServices(given: Given, clock: Clock): Promise<Services> {
  const { config, log } = given;
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    // A part that cannot end as it should, such as for a full disk, does not keep the others from it.
    for (const end of ends.splice(0).reverse()) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    // Before the store: what cannot be served, or sent to, leaves no folder behind.
    destinationsOf(config);
    const models = given.models ?? (await createModels(config, log));
    if (!given.models) ends.push(() => models.close());
    const opened = given.database ?? (await openDatabase(storePlace(config), { instance: config.instance }));
    if (!given.database) ends.push(() => opened.close());
    const store = watchStore({ database: opened, clock, log });
    const { database } = store;
    const webhooks = given.webhooks ?? createWebhooks({ config, clock, log, database });
    if (!given.webhooks) ends.push(() => webhooks.close());
    const audit =
      given.audit ?? createAudit({ ...config.audit, database, clock, ...auditEnds(config, log, webhooks) });
    if (!given.audit) ends.push(() => audit.close());
    const trying = store.tryBy((failedSince) =>
      audit.append({ kind: 'store.tried', at: clock.now(), facts: { failedSince } }),
    );
    ends.push(() => Promise.resolve(trying()));
    const monitor = given.monitor ?? createMonitor({ config, models, clock, log, database, audit, webhooks });
    if (!given.monitor) ends.push(() => monitor.close());
    const consents = given.consents ?? (await startConsents());
    const reviews = createReviews({ database, audit, clock, consents, monitor });
    // What models have under way is still written down: they end before the store.
    if (!given.models) ends.push(ends.shift()!);
    const decisions = given.decisions ?? createDecisions({ audit, clock });
    for (const model of models.list()) await noteTraining(consents, model);
    const metrics = given.metrics ?? createMetrics({ store, models, monitor, webhooks });
    const ready = (): boolean => models.ready() && store.takesEntries();
    const keys = given.keys ?? createApiKeys(database, clock);
    const forgetting = clock.every(HOUR_MS, () => {
      keys.forget(clock.now() - config.audit.keepDays * DAY_MS).catch((err: unknown) => {
        log.error({ err }, 'API keys that ended long ago could not be removed');
      });
    });
    ends.push(() => Promise.resolve(forgetting()));
    const pool = given.pool ?? poolOf(config);
    if (!given.pool) ends.push(() => pool.close());
    const stores = { audit, webhooks, consents, reviews, keys, monitor, metrics };
    return { clock, ready, ...stores, models, decisions, pool, ...given, database, close };

    async function startConsents(): Promise<Consents> {
      const keys = config.store === 'memory' ? null : keysFolder(config);
      if (keys !== null) {
        const release = await holdKeys(keys, config.store === 'sqlite' ? undefined : config.instance);
        ends.push(() => Promise.resolve(release()));
      }
      const { notice } = config.consents;
      const parts = { database, audit, clock, webhooks, monitor, keysFolder: keys, notice };
      const started = createConsents({
        ...parts,
        altered: (consent, what) => {
          log.error({ consent }, ALTERED[what]);
        },
        failed: (err) => {
          log.error({ err }, 'consents: what is past its time could not be erased');
        },
      });
      ends.push(() => started.close());
      // A store that was restored, or that a crash left behind, is freed of what was erased before anybody sees it.
      await started.replayErasures();
      return started;
    }
  } catch (error) {
    await close();
    throw error;
  }
}

const ALTERED = {
  terms:
    'consents: what was consented to was changed in the store; its images are used for nothing. See dactyl audit verify',
  images:
    'consents: an image does not open: the store was changed or is damaged. It is shown as damaged and used for nothing. See dactyl audit verify',
  stops:
    'consents: a restriction or an objection was not in the store any more; it holds again. The store was changed, or is an older backup. See dactyl audit verify',
};

/** With each consent whose images a model was trained with. */
export async function noteTraining(
  consents: Consents,
  { name, version, trainedWith }: ServedModel,
): Promise<void> {
  await consents.used(trainedWith, { kind: 'model', what: `${name} ${version}` });
}

/** What signs the audit log, and where its checkpoints go: a store in memory has a key of its own, which nobody keeps. */
function auditEnds(
  config: ServerConfig,
  log: FastifyBaseLogger,
  webhooks: Webhooks,
): Pick<Parameters<typeof createAudit>[0], 'key' | 'publish' | 'failed'> {
  return {
    key:
      config.store === 'memory'
        ? generateKeyPairSync('ed25519').privateKey
        : signingKey(join(keysFolder(config), 'audit'), config.instance),
    publish: (note) => {
      log.info({ checkpoint: note }, 'audit checkpoint');
      return webhooks.emit('audit.checkpoint', { note });
    },
    failed: (err) => {
      log.error({ err }, 'audit: a checkpoint or the removal of old entries failed');
    },
  };
}
