import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './dactyl.ts';

const PACKED = join(import.meta.dirname, '..', 'fixtures', 'earlier');

/** A folder of runs as version 0.1.0 left it (test/fixtures/earlier/README.md), removed when the running test is over. */
export function earlierRuns(): string {
  const place = temporaryFolder();
  for (const name of readdirSync(PACKED, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.gz')) continue;
    const path = join(place, name.slice(0, -'.gz'.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gunzipSync(readFileSync(join(PACKED, name))));
  }
  return place;
}

/** The file of one of its studies, as text. */
export function earlierFile(name: 'tiny' | 'folds' | 'search'): string {
  return readFileSync(join(PACKED, `${name}.json`), 'utf8');
}
