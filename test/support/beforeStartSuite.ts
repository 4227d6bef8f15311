import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/server/audit/verifyStore.ts';
import { systemClock } from '../../src/server/clock.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { createApiKeys } from '../../src/server/security/apiKeys.ts';
import { type RunningServer, startServer } from '../../src/server/serve.ts';
import { openDatabase } from '../../src/server/store/openDatabase.ts';
import { storePlace } from '../../src/server/store/place.ts';
import { consentsAlone, itemOf } from './consents.ts';

/** Where a store is, as settings have it. */
export interface StoreFlags {
  readonly dataDir: string;
  readonly store?: string;
}

/** Starts a server that serves the model. */
export function starter(model: string) {
  return async (flags: Record<string, unknown>): Promise<RunningServer> =>
    startServer(loadConfig({ flags: { port: 0, logLevel: 'silent', models: [model], ...flags } }));
}

/** Every file below `path`, with its content. */
const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile() && !/-(shm|wal)$/.test(name))
    .map((name) => [name, readFileSync(join(path, name), 'hex')]);

/** What a start looks for in a store before it writes anything, tried on an empty store of each kind; `newStore` may lay it in the folder. */
export function beforeStartSuite(
  newStore: (dataDir: string) => StoreFlags,
  { folder, model }: { readonly folder: string; readonly model: string },
): void {
  const start = starter(model);
  const missing = { models: [join(folder, 'none.safetensors')] };
  const placeOf = (flags: StoreFlags): string => storePlace({ store: 'sqlite', keysDir: '', ...flags });

  test('a store without a valid key is looked into before models are read; with one the server starts, and ends', async () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const own = newStore(kept);
    const database = await openDatabase(placeOf(own));
    const keys = createApiKeys(database, systemClock);
    const flags = { ...own, security: { keys: true } };
    const { key } = await keys.create({ name: 'a', scopes: ['read'] });
    await keys.revoke(key.id);
    await expect(start({ ...flags, ...missing })).rejects.toThrow(/^Expected an API key/);
    await keys.create({ name: 'b', scopes: ['read'] });
    await expect(start({ ...flags, ...missing })).rejects.toThrow(/none\.safetensors/);
    await database.close();
    const server = await start(flags);
    expect(server.services.models.list().map(({ name }) => name)).toEqual(['good']);
    await server.stop();
  });

  test('a store whose audit log was signed is refused with other keys before anything is written, and verifies after', async () => {
    const place = join(folder, 'signed');
    const keysDir = join(place, 'kk');
    const flags = { ...newStore(join(place, 'data')), keysDir };
    await (await start(flags)).stop();
    const other = { dataDir: join(place, 'other'), keysDir: join(place, 'kk3') };
    await (await start(other)).stop();
    const entries = async (): Promise<number> =>
      (await verifyStore(flags, { DACTYL_KEYS_DIR: keysDir }))[0].last;
    const before = [filesBelow(place), await entries()];
    for (const [mistyped, message] of [
      ['kk2', /^\S+kk2 is not there: expected the keys that the server had/],
      ['kk3', /^\S+kk3 has another key than the one that signed the audit log: expected/],
      ['.', /^\S+signed has no key that signs the audit log: expected/],
    ] as const) {
      await expect(start({ ...flags, keysDir: join(place, mistyped), ...missing })).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        message: expect.stringMatching(message) as string,
      });
    }
    expect([filesBelow(place), await entries()]).toEqual(before);
    await (await start(flags)).stop();
    const [report] = await verifyStore(flags, { DACTYL_KEYS_DIR: keysDir });
    expect(report.findings).toEqual([]);
    expect(report.last).toBeGreaterThan(Number(before[1]));
  });

  test('a store with consents is refused without their keys or the list of erasures, also where nothing was signed yet', async () => {
    const given = { purposes: ['training'], days: 30 } as const;
    const served = join(folder, 'consents');
    const flags = newStore(join(served, 'store'));
    const { consents, database } = await consentsAlone(served, undefined, [], { place: placeOf(flags) });
    const one = await consents.keep(given, [itemOf(1)], 'decision-1');
    await consents.keep(given, [itemOf(2)], 'decision-2');
    await consents.erase(await consents.find(one.token));
    await consents.close();
    await database.close();
    const copy = (without: string): string => {
      const keysDir = join(served, `without-${without}`);
      cpSync(join(served, 'keys'), keysDir, { recursive: true });
      rmSync(join(keysDir, without), { recursive: true });
      return keysDir;
    };
    for (const [without, message] of [
      ['master', /has no master key: expected/],
      ['consents', /has no key of any consent: expected/],
      ['erasures', /has no list of erasures: expected/],
    ] as const) {
      const keysDir = copy(without);
      await expect(start({ ...flags, keysDir })).rejects.toThrow(message);
      expect(existsSync(join(keysDir, without))).toBe(false);
    }
    await (await start({ ...flags, keysDir: join(served, 'keys') })).stop();
  });
}
