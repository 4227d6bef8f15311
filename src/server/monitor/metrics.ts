import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Models } from '../models/models.ts';
import { isOutage } from '../store/outage.ts';
import type { StoreWatch } from '../store/watchedStore.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { family, histogramValues, type Value } from './family.ts';
import type { Monitor } from './monitor.ts';
import { Requests } from './requests.ts';

export interface Metrics {
  readonly requests: Requests;
  readonly contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

interface Needed {
  readonly store: Pick<StoreWatch, 'database' | 'takesEntries'>;
  readonly models: Models;
  readonly monitor: Monitor;
  readonly webhooks: Webhooks;
}

/** What is measured of the server: no pixels, no identity, no address and nothing that a client chose as a label. */
export function createMetrics({ store, models, monitor, webhooks }: Needed): Metrics {
  const registry = new Registry();
  const requests = new Requests();
  const add = (...parts: Parameters<typeof family>): void => {
    registry.registerMetric(family(...parts));
  };
  collectDefaultMetrics({ register: registry });

  add('counter', 'dactyl_http_requests_total', 'Requests answered, by route and status.', () =>
    requests
      .all()
      .flatMap(({ method, route, statuses }) =>
        [...statuses].map(([status, value]) => ({ labels: { method, route, status }, value })),
      ),
  );
  const seconds = 'dactyl_http_request_duration_seconds';
  add('histogram', seconds, 'Time from a request to its answer, by route.', () =>
    requests
      .all()
      .flatMap(({ method, route, seconds: tally }) => histogramValues(seconds, { method, route }, tally)),
  );
  const batch = 'dactyl_batch_images';
  add('histogram', batch, 'Images in a batch that a thread was given.', () =>
    histogramValues(batch, {}, models.batchSizes),
  );
  add('gauge', 'dactyl_queue_images', 'Images that wait for a thread.', () => [
    { labels: {}, value: models.waiting },
  ]);
  addAnswers(add, monitor);
  addDrift(add, monitor);
  addKept(add, store, webhooks);
  return { requests, contentType: registry.contentType, text: () => registry.metrics() };
}

type Add = (...parts: Parameters<typeof family>) => void;

function addAnswers(add: Add, monitor: Monitor): void {
  const counted = (of: 'images' | 'notSure') => (): Value[] =>
    monitor.counted().map(({ name: model, version, [of]: value }) => ({ labels: { model, version }, value }));
  add('counter', 'dactyl_images_total', 'Images answered.', counted('images'));
  add('counter', 'dactyl_not_sure_total', 'Answers that were not sure.', counted('notSure'));
  const confidence = 'dactyl_answer_confidence';
  add(
    'histogram',
    confidence,
    'Calibrated probability of the answer, of the images that were looked at.',
    () =>
      monitor
        .counted()
        .flatMap(({ name: model, version, confidence: tally }) =>
          histogramValues(confidence, { model, version }, tally),
        ),
  );
}

function addDrift(add: Add, monitor: Monitor): void {
  const newest = () =>
    monitor.models().flatMap(({ name: model, version, points }) => {
      const point = points.at(-1);
      return point === undefined ? [] : [{ labels: { model, version }, point }];
    });
  add(
    'gauge',
    'dactyl_drift_effect',
    'How far served images are from held-out ones, by measure and images of the window; 0 is no drift.',
    () =>
      newest().flatMap(({ labels, point }) =>
        point.windows.flatMap(({ effects }, w) =>
          effects.map(({ kind, statistic, estimate }) => ({
            labels: { ...labels, measure: statistic ?? kind, window: w === 0 ? 'short' : 'long' },
            value: estimate,
          })),
        ),
      ),
  );
  add('gauge', 'dactyl_drift_alarm', '1 during an episode of drift.', () =>
    monitor.models().map(({ name: model, version, episode }) => ({
      labels: { model, version },
      value: Number(episode !== null),
    })),
  );
  add(
    'gauge',
    'dactyl_estimated_accuracy',
    'Mean calibrated confidence: the accuracy, as far as calibration survives drift.',
    () => newest().map(({ labels, point }) => ({ labels, value: point.accuracy.estimate })),
  );
  add(
    'gauge',
    'dactyl_estimated_accuracy_error',
    'Estimated less measured accuracy of the answers that were reviewed.',
    () =>
      monitor
        .models()
        .flatMap(({ name: model, version, estimateError }) =>
          estimateError === null ? [] : [{ labels: { model, version }, value: estimateError.error }],
        ),
  );
  add('gauge', 'dactyl_corrected_answers', 'Answers that people labelled themselves.', () =>
    monitor.models().flatMap(({ name: model, version, corrections }) =>
      Object.entries({ ...corrections }).map(([answer, value]) => ({
        labels: { model, version, answer },
        value,
      })),
    ),
  );
  add('counter', 'dactyl_observed_images_total', 'Images that were looked at for drift.', () =>
    monitor.models().map(({ name: model, version, seen }) => ({ labels: { model, version }, value: seen })),
  );
}

function addKept(addAny: Add, { database, takesEntries }: Needed['store'], webhooks: Webhooks): void {
  addAny('gauge', 'dactyl_store_takes_entries', '1 where the store takes entries; 0 while it fails.', () => [
    { labels: {}, value: Number(takesEntries()) },
  ]);
  /** Without values where the store cannot be read, so that the others are told. */
  const add = (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    values: () => Promise<Value[]>,
  ): void => {
    addAny(type, name, help, () =>
      values().catch((error: unknown) => {
        if (isOutage(error)) return [];
        throw error;
      }),
    );
  };
  const ofChain = async (sql: string): Promise<number> =>
    Number((await database.query(sql, [database.chain]))[0]?.value ?? 0);
  add('counter', 'dactyl_audit_events_total', 'Entries of this instance’s audit log.', async () => [
    { labels: {}, value: await ofChain('SELECT MAX(seq) AS value FROM audit_events WHERE chain = ?') },
  ]);
  add(
    'gauge',
    'dactyl_audit_checkpoint_timestamp_seconds',
    'When the newest checkpoint was signed.',
    async () => [
      {
        labels: {},
        value: (await ofChain('SELECT MAX(at) AS value FROM audit_checkpoints WHERE chain = ?')) / 1000,
      },
    ],
  );
  add('gauge', 'dactyl_webhook_messages', 'Webhooks in the outbox, by state.', async () => {
    const { pending, delivered, dead } = await webhooks.state();
    return Object.entries({ pending, delivered, dead }).map(([state, value]) => ({
      labels: { state },
      value,
    }));
  });
}
