import type { Migration } from './migration.ts';

/** Messages on their way out, one row for each endpoint. */
export const WEBHOOKS: Migration = {
  id: '0004-webhooks',
  statements: ({ integer, text }) => [
    `CREATE TABLE webhook_deliveries (
      id ${text} NOT NULL, endpoint ${text} NOT NULL, kind ${text} NOT NULL, body ${text} NOT NULL, created_at ${integer} NOT NULL,
      state ${text} NOT NULL, attempts ${integer} NOT NULL, next_at ${integer} NOT NULL, detail ${text},
      PRIMARY KEY (id, endpoint))`,
    `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at)`,
  ],
};
