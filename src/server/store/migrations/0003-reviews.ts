import type { Migration } from './migration.ts';

/**
 * Images that wait for a person, and what was decided; a decision is a row of its own, so that there is at most one. Both go when the consent is
 * erased.
 */
export const REVIEWS: Migration = {
  id: '0003-reviews',
  statements: ({ text, integer }) => [
    `CREATE TABLE reviews (
      id ${text} PRIMARY KEY, consent ${text} NOT NULL REFERENCES consents (id), item ${integer} NOT NULL,
      offered_at ${integer} NOT NULL, queued_at ${integer} NOT NULL, claim ${text}, claimed_until ${integer}, suggestion_seen ${integer} NOT NULL,
      UNIQUE (consent, item))`,
    `CREATE TABLE review_decisions (
      review ${text} PRIMARY KEY REFERENCES reviews (id), outcome ${text} NOT NULL, at ${integer} NOT NULL)`,
  ],
};
