import type { Migration } from './migration.ts';

/** API keys, of which the SHA-256 is kept, and nothing of who uses them. */
export const KEYS: Migration = {
  id: '0006-keys',
  statements: ({ text, blob, integer }) => [
    `CREATE TABLE api_keys (
      id ${text} PRIMARY KEY, name ${text} NOT NULL, scopes ${text} NOT NULL, hash ${blob} NOT NULL,
      created ${integer} NOT NULL, expires ${integer}, revoked ${integer})`,
  ],
};
