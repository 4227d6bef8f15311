import { type Static, Type } from 'typebox';
import { AuditSettings } from '../audit/settings.ts';
import { ConsentSettings } from '../consents/settings.ts';
import { MonitorSettings } from '../monitor/settings.ts';
import { ReadingSettings } from '../reading/settings.ts';
import { AdminSettings, SecuritySettings } from '../security/settings.ts';
import { WebhookSettings } from '../webhooks/settings.ts';

const closed = { additionalProperties: false } as const;

/**
 * What may be set. Each value has one name in the file (`limits.bodyBytes`) and one in the environment (`DACTYL_LIMITS_BODY_BYTES`). A section whose parts all have defaults
 * has none of its own to give.
 */
export const ServerConfig = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      default: '127.0.0.1',
      description: 'address that is listened on; 0.0.0.0 for all',
    }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: '0: one that is free' }),
    dataDir: Type.String({
      minLength: 1,
      default: 'dactyl-data',
      description: 'folder of what the server keeps: its database and keys',
    }),
    store: Type.String({
      pattern: '^(sqlite|memory|postgres(ql)?://.+)$',
      default: 'sqlite',
      description:
        'sqlite, a file in dataDir; postgres://…, which several servers may share; memory, to try it: nothing is kept',
    }),
    keysDir: Type.String({
      default: '',
      description:
        'folder of the keys and of the list of erasures, outside of every backup; keys in dataDir where it is not given',
    }),
    instance: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,64}$',
      default: 'main',
      description: 'name of this server among those that share a store; its audit log has it',
    }),
    models: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'model files, folders that hold one, folders of studies; NAME=FILE names a model. Where there is none: the reader that comes with Dactyl',
    }),
    logLevel: Type.Union(
      [
        Type.Literal('silent'),
        Type.Literal('error'),
        Type.Literal('warn'),
        Type.Literal('info'),
        Type.Literal('debug'),
      ],
      { default: 'info', description: 'silent, error, warn, info or debug' },
    ),
    stopSeconds: Type.Number({
      minimum: 0.1,
      maximum: 600,
      default: 10,
      description: 'how long a stop waits for what was accepted',
    }),
    inference: Type.Object(
      {
        threads: Type.Integer({
          minimum: 1,
          maximum: 64,
          default: 1,
          description: 'threads that compute answers',
        }),
        batch: Type.Integer({
          minimum: 1,
          maximum: 65_536,
          default: 1024,
          description:
            'images, at most, that a thread is given at a time; a larger request is a batch of its own',
        }),
        waiting: Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          default: 4096,
          description: 'images that may wait for a thread; what comes then is answered with 503',
        }),
        waitMs: Type.Integer({
          minimum: 1,
          maximum: 60_000,
          default: 50,
          description: 'milliseconds after which none may come and wait behind one that waits: 503',
        }),
        turnMs: Type.Integer({
          minimum: 1,
          maximum: 60_000,
          default: 25,
          description:
            'milliseconds for the requests that are read at once; those behind them, and behind 64, are answered with 503',
        }),
      },
      { ...closed, default: {} },
    ),
    audit: AuditSettings,
    consents: ConsentSettings,
    limits: Type.Object(
      {
        bodyBytes: Type.Integer({
          minimum: 1024,
          maximum: 2 ** 30,
          default: 16 * 2 ** 20,
          description: 'of a request, before and after decompression',
        }),
        images: Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          default: 4096,
          description: 'in one request',
        }),
      },
      { ...closed, default: {} },
    ),
    reading: ReadingSettings,
    security: SecuritySettings,
    admin: AdminSettings,
    monitor: MonitorSettings,
    webhooks: WebhookSettings,
  },
  closed,
);
export type ServerConfig = Static<typeof ServerConfig>;
