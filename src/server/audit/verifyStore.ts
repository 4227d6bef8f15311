import { join } from 'node:path';
import { isThere } from '../../store/isThere.ts';
import { readText } from '../../store/readFile.ts';
import { DactylError } from '../../util/errors.ts';
import { loadConfig } from '../config/load.ts';
import { damagedImages } from '../consents/damagedImages.ts';
import { requireMade } from '../store/migrate.ts';
import { isPostgres } from '../store/openDatabase.ts';
import { openReading } from '../store/openReading.ts';
import { keysFolder, storePlace } from '../store/place.ts';
import { requireStore } from '../store/sqliteConnection.ts';
import { type Checkpoint, findCheckpoints } from './checkpoint.ts';
import { verifierKeys } from './keys.ts';
import { type ChainReport, verifyAudit } from './verify.ts';

export interface VerifyStoreOptions {
  readonly dataDir?: string;
  readonly store?: string;
  /** Files of notes that were kept elsewhere, or logs of the server with them. */
  readonly checkpoint?: readonly string[];
  /** File of public keys; by default those that the server keeps. */
  readonly key?: string;
}

/** Verifies the audit log of a store, and that its images open where their keys are at hand, also while a server writes to it. Throws E_NOT_FOUND where there is no store or no key, E_FORMAT where a file holds no checkpoint, and what opening throws. */
export async function verifyStore(
  { dataDir, store, checkpoint = [], key }: VerifyStoreOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ChainReport[]> {
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const outside = checkpoint.flatMap(checkpointsIn);
  const place = storePlace(config);
  if (!isPostgres(place)) requireStore(place);
  const allKeys = keysFolder(config);
  const folder = join(allKeys, 'audit');
  if (key === undefined && !isThere(folder)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${folder} is not there: expected the public keys of the server. Give a copy of them: --key FILE.`,
    );
  }
  const keys = verifierKeys(key ?? folder);
  const reading = await openReading(place);
  try {
    await requireMade(reading);
    const reports = await verifyAudit(reading, { keys, outside, keysFolder: allKeys });
    const damaged = await damagedImages(reading, allKeys);
    if (damaged.length === 0 || reports.length === 0) return reports;
    const [{ findings, ...first }, ...others] = reports;
    const told = damaged.map((text) => ({ kind: 'image', text }) as const);
    return [{ ...first, findings: [...findings, ...told] }, ...others];
  } finally {
    await reading.close();
  }
}

/** Notes as they are, or the server's log, whose lines of JSON have them as `checkpoint`. */
export function checkpointsIn(path: string): Checkpoint[] {
  const text = readText(path);
  const notes = findCheckpoints(text);
  for (const line of text.split('\n')) {
    if (line.startsWith('{') && line.includes('"checkpoint"')) notes.push(...findCheckpoints(noteOf(line)));
  }
  if (notes.length > 0) return notes;
  throw new DactylError(
    'E_FORMAT',
    `${path}: expected signed checkpoints of an audit log (three lines, an empty one and '— NAME SIGNATURE'), or the server's log with them; received none.`,
  );
}

function noteOf(line: string): string {
  try {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: unknown };
    return typeof checkpoint === 'string' ? checkpoint : '';
  } catch {
    // The end of a log that was cut.
    return '';
  }
}
