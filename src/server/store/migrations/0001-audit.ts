import type { Migration } from './migration.ts';

/**
 * The audit log. Entries and checkpoints are only ever added. `audit_retained` says up to which entry a chain was cut for its age; such a row needs the
 * checkpoint of just that size, and only what lies before the newest of them can be deleted.
 */
export const AUDIT: Migration = {
  id: '0001-audit',
  statements: (types) => [
    `CREATE TABLE audit_events (
      chain ${types.text} NOT NULL, seq ${types.integer} NOT NULL, at ${types.integer} NOT NULL, kind ${types.text} NOT NULL,
      subject ${types.text}, facts ${types.text} NOT NULL, previous ${types.text} NOT NULL, hash ${types.text} NOT NULL,
      PRIMARY KEY (chain, seq))${types.kind === 'sqlite' ? ' WITHOUT ROWID' : ''}`,
    `CREATE TABLE audit_checkpoints (
      chain ${types.text} NOT NULL, size ${types.integer} NOT NULL, at ${types.integer} NOT NULL, note ${types.text} NOT NULL,
      PRIMARY KEY (chain, size))`,
    `CREATE TABLE audit_retained (
      chain ${types.text} NOT NULL, size ${types.integer} NOT NULL, at ${types.integer} NOT NULL,
      PRIMARY KEY (chain, size), FOREIGN KEY (chain, size) REFERENCES audit_checkpoints (chain, size))`,
    ...(types.kind === 'sqlite' ? SQLITE_TRIGGERS : POSTGRES_TRIGGERS),
  ],
};

const REFUSED = 'The audit log is only ever added to';

/** What may be deleted of a table, by its row `OLD`. */
const DELETABLE = {
  audit_events: 'size >= OLD.seq',
  audit_checkpoints: 'size > OLD.size',
  audit_retained: 'size > OLD.size',
};

const SQLITE_TRIGGERS = Object.entries(DELETABLE).flatMap(([table, cut]) => [
  `CREATE TRIGGER ${table}_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${REFUSED}'); END`,
  `CREATE TRIGGER ${table}_delete BEFORE DELETE ON ${table}
    WHEN NOT EXISTS (SELECT 1 FROM audit_retained WHERE chain = OLD.chain AND ${cut})
    BEGIN SELECT RAISE(ABORT, '${REFUSED}'); END`,
]);

const POSTGRES_TRIGGERS = [
  `CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '${REFUSED}'; END $$`,
  ...Object.entries(DELETABLE).flatMap(([table, cut]) => [
    `CREATE FUNCTION ${table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT 1 FROM audit_retained WHERE chain = OLD.chain AND ${cut}) THEN RETURN OLD; END IF;
      RAISE EXCEPTION '${REFUSED}'; END $$`,
    `CREATE TRIGGER ${table}_delete BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_refuse()`,
    `CREATE TRIGGER ${table}_change BEFORE UPDATE OR TRUNCATE ON ${table} EXECUTE FUNCTION audit_refuse()`,
  ]),
];
