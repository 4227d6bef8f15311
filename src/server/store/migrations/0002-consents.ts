import type { Migration } from './migration.ts';

/**
 * Consents and what was kept under them. `secret` is the SHA-256 of a token's secret part; `image`, `original`, `answer` and `label` are sealed with the
 * consent's data key, which is not in the database. An erased consent keeps its row, the proof, and none of `consent_items`.
 */
export const CONSENTS: Migration = {
  id: '0002-consents',
  statements: ({ text, integer, blob }) => [
    `CREATE TABLE consents (
      id ${text} PRIMARY KEY, secret ${blob} NOT NULL, purposes ${text} NOT NULL, days ${integer} NOT NULL,
      under_age ${integer} NOT NULL, notice ${text} NOT NULL, decision ${text} NOT NULL, items ${integer} NOT NULL,
      given_at ${integer} NOT NULL, until_at ${integer} NOT NULL,
      restricted_at ${integer}, objected_at ${integer}, erased_at ${integer}, erased_for ${text})`,
    `CREATE INDEX consents_until ON consents (until_at) WHERE erased_at IS NULL`,
    `CREATE TABLE consent_items (
      consent ${text} NOT NULL REFERENCES consents (id), item ${integer} NOT NULL, shape ${text} NOT NULL,
      image ${blob} NOT NULL, original ${blob}, original_type ${text}, answer ${blob} NOT NULL,
      label ${blob}, PRIMARY KEY (consent, item))`,
    `CREATE TABLE consent_uses (
      consent ${text} NOT NULL REFERENCES consents (id), kind ${text} NOT NULL, what ${text} NOT NULL, at ${integer} NOT NULL,
      PRIMARY KEY (consent, kind, what))`,
  ],
};
