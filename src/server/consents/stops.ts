import { DactylError } from '../../util/errors.ts';
import type { Clock } from '../clock.ts';
import type { Appending } from './erasing.ts';
import type { DataKey, KeyFolder, Stop } from './keyFolder.ts';
import type { Consent } from './record.ts';

/** Where a row says why images are used for nothing, and the event of its end. */
const FLAGS = {
  restricted: { column: 'restricted_at', field: 'restrictedAt', ends: 'released' },
  objected: { column: 'objected_at', field: 'objectedAt', ends: 'objection-withdrawn' },
} as const satisfies Record<Stop, object>;

/** What stops the use of images: the row says it, and their key guards that it is not taken out of the row. */
export interface Stops {
  /** Begins or ends one. After a crash in between, the row still has it. */
  set(consent: Consent, stop: Stop, on: boolean): Promise<void>;
  /** Those that the key has and the row has not (any more): somebody changed the store, or it is an older backup. They are put back. */
  putBack(consent: Consent, key: DataKey): Promise<readonly Stop[]>;
}

export function createStops({
  audit,
  clock,
  keys,
}: {
  readonly audit: Appending;
  readonly clock: Pick<Clock, 'now'>;
  readonly keys: Pick<KeyFolder, 'read' | 'setStops'>;
}): Stops {
  const write = (consent: Consent, stop: Stop, on: boolean, facts = {}): Promise<void> => {
    const { column, ends } = FLAGS[stop];
    const at = clock.now();
    const sql = `UPDATE consents SET ${column} = ? WHERE id = ? AND erased_at IS NULL`;
    const event = { kind: `consent.${on ? stop : ends}`, at, subject: consent.id, facts };
    return audit.append(event, [{ sql, values: [on ? at : null, consent.id] }]);
  };
  /** Undefined where there is no key, so that nothing can be used. */
  const guarded = (id: string): readonly Stop[] | undefined => {
    try {
      return keys.read(id).stops;
    } catch (error) {
      if (error instanceof DactylError && error.code === 'E_ERASED') return undefined;
      throw error;
    }
  };
  return {
    async set(consent, stop, on) {
      const { id } = consent;
      const stops = guarded(id);
      const others = stops?.filter((one) => one !== stop);
      const isGuarded = others?.length !== stops?.length;
      if (!on && others && isGuarded) keys.setStops(id, others);
      if (on !== (consent[FLAGS[stop].field] !== null)) await write(consent, stop, on);
      if (on && others && !isGuarded) keys.setStops(id, [...others, stop]);
    },
    async putBack(consent, { stops }) {
      const lifted = stops.filter((stop) => consent[FLAGS[stop].field] === null);
      for (const stop of lifted) await write(consent, stop, true, { again: true });
      return lifted;
    },
  };
}
