import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { readJson } from './readFile.ts';

const KeptPart = Type.Object(
  {
    format: Type.Literal('dactyl-evaluation-part/1'),
    identity: Type.Unknown(),
    seconds: Type.Number(),
    sha256: Type.String(),
    result: Type.Unknown(),
  },
  { additionalProperties: false },
);

export interface KeptResult {
  readonly seconds: number;
  /** Of the result as JSON. */
  readonly sha256: string;
  readonly result: unknown;
}

/** Results of the parts of evaluations, one file each: `<root>/evaluations/<key>.json`, its key the SHA-256 of all that decides it. */
export class PartCache {
  readonly folder: string;

  constructor(root: string) {
    this.folder = join(root, 'evaluations');
  }

  static keyOf(identity: unknown): string {
    return sha256Hex(new TextEncoder().encode(canonicalJson(identity)));
  }

  /** Undefined where it is not kept. Throws E_FILE, E_FORMAT or E_CHECKSUM for a damaged file. */
  read(key: string): KeptResult | undefined {
    const path = join(this.folder, `${key}.json`);
    if (!existsSync(path)) return undefined;
    const { identity, seconds, sha256, result } = readJson(path, KeptPart);
    if (PartCache.keyOf(identity) !== key || hashOf(JSON.stringify(result)) !== sha256) {
      throw new DactylError('E_CHECKSUM', `${path}: the content is not what its checksum promises.`);
    }
    return { seconds, sha256, result };
  }

  /** Keeps a result given as JSON; returns it as `read` will. */
  write(key: string, identity: unknown, seconds: number, json: string): KeptResult {
    makeFolder(this.folder);
    const result: unknown = JSON.parse(json);
    const kept = {
      format: 'dactyl-evaluation-part/1' as const,
      identity,
      seconds,
      sha256: hashOf(JSON.stringify(result)),
      result,
    };
    writeFileAtomic(join(this.folder, `${key}.json`), `${JSON.stringify(kept)}\n`);
    return kept;
  }
}

function hashOf(text: string): string {
  return sha256Hex(new TextEncoder().encode(text));
}
