import type { Migration } from './migration.ts';

/** What the monitoring has seen, by instance and model: numbers about images, no pixels. A reference is kept where a model has no held-out images. */
export const MONITOR: Migration = {
  id: '0005-monitor',
  statements: ({ blob, integer, text }) => [
    `CREATE TABLE monitor_points (
      chain ${text} NOT NULL, model ${text} NOT NULL, at ${integer} NOT NULL, point ${text} NOT NULL,
      PRIMARY KEY (chain, model, at))`,
    `CREATE TABLE monitor_states (
      chain ${text} NOT NULL, model ${text} NOT NULL, state ${text} NOT NULL, PRIMARY KEY (chain, model))`,
    `CREATE TABLE monitor_references (
      chain ${text} NOT NULL, model ${text} NOT NULL, at ${integer} NOT NULL, statistics ${blob} NOT NULL, answers ${blob} NOT NULL,
      PRIMARY KEY (chain, model))`,
  ],
};
