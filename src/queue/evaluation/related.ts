import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readJson } from '../../store/readFile.ts';
import { readResults } from '../../store/studyRecord.ts';
import { type Evidence, evidenceOf } from '../../study/evaluation/evidence.ts';
import { SearchResults, type TuningEvidence, tuningEvidence } from '../../study/evaluation/tuningEvidence.ts';
import type { Results } from '../../study/results.ts';
import { DactylError } from '../../util/errors.ts';
import { openTarget, type OpenOptions, type Target, type TargetNetwork } from './target.ts';

const MOST_FOLDERS = 1_000;
const MOST_BYTES = 32 * 2 ** 20;

/** What finished studies of these images and searches kept below `root` say; quick, too large and damaged ones are passed over. */
export function relatedEvidence(root: string, own: Results | null, identity: readonly string[]): Evidence {
  const others: Results[] = [];
  const searches: TuningEvidence[] = [];
  for (const name of foldersIn(root)) {
    const path = join(root, name, 'results.json');
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? Infinity;
    if (size > MOST_BYTES) continue;
    try {
      if (existsSync(join(root, name, 'tuning.json'))) {
        searches.push(tuningEvidence(readJson(path, SearchResults)));
      } else {
        const results = readResults(join(root, name));
        if (
          isOf(identity, results.data.identity) &&
          !results.study.quick &&
          results.studyHash !== own?.studyHash
        )
          others.push(results);
      }
    } catch (error) {
      if (!(error instanceof DactylError)) throw error;
    }
  }
  return evidenceOf(own, others, searches);
}

/** Whether the data of a study are these images; writers may follow. */
function isOf(identity: readonly string[], data: readonly string[]): boolean {
  return identity.every((sum, k) => data[k] === sum);
}

function foldersIn(root: string): string[] {
  try {
    return readdirSync(root).sort().slice(0, MOST_FOLDERS);
  } catch {
    return [];
  }
}

/** The networks of a study of its own by its name, kept beside the target, if it is whole; or what to do. */
export async function linkedNetworks(
  { study: name, own }: { readonly study: string; readonly own: boolean },
  { root, identity, folder, networks }: Target,
  options: OpenOptions,
): Promise<readonly TargetNetwork[] | string> {
  if (identity.kind === 'study' && identity.name === name) {
    return own ? networks : 'the other pages are about this very study';
  }
  const path = join(root, name);
  // Pages are passed on: no folder of this machine is named in them.
  const where = resolve(root) === resolve('runs') ? '' : ', with --out and the folder in which this one lies';
  const advice = `run dactyl study run studies/${name}.json first${where}`;
  if (!existsSync(join(path, 'study.json')) || path === folder) return advice;
  try {
    const linked = await openTarget(path, options);
    const missing = linked.results!.study.seeds.length * linked.arms.length - linked.networks.length;
    return missing > 0 || linked.identity.quickStudy ? advice : linked.networks;
  } catch (error) {
    if (!(error instanceof DactylError) || error.code === 'E_ABORTED') throw error;
    return advice;
  }
}
