import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMnist } from '../../data/identity.ts';
import { readJson } from '../../store/readFile.ts';
import { readResults } from '../../store/studyRecord.ts';
import { type Evidence, evidenceOf } from '../../study/evaluation/evidence.ts';
import { SearchResults, type TuningEvidence, tuningEvidence } from '../../study/evaluation/tuningEvidence.ts';
import type { Results } from '../../study/results.ts';
import { DactylError } from '../../util/errors.ts';
import { openTarget, type Target, type TargetNetwork } from './target.ts';

const MOST_FOLDERS = 1_000;
const MOST_BYTES = 32 * 2 ** 20;

/** What finished studies and searches kept below `root` say; quick, too large and damaged ones are passed over. */
export function relatedEvidence(root: string, own: Results | null): Evidence {
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
        const aboutMnist = isMnist(results.data.identity);
        if (aboutMnist && !results.study.quick && results.studyHash !== own?.studyHash) others.push(results);
      }
    } catch (error) {
      if (!(error instanceof DactylError)) throw error;
    }
  }
  return evidenceOf(own, others, searches);
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
  warn: (line: string) => void,
  signal?: AbortSignal,
): Promise<readonly TargetNetwork[] | string> {
  if (identity.kind === 'study' && identity.name === name) {
    return own ? networks : 'the other pages are about this very study';
  }
  const path = join(root, name);
  const advice = `run dactyl study run studies/${name}.json${resolve(root) === resolve('runs') ? '' : ` --out ${root}`} first`;
  if (!existsSync(join(path, 'study.json')) || path === folder) return advice;
  try {
    const linked = await openTarget(path, warn, signal);
    const missing = linked.results!.study.seeds.length * linked.arms.length - linked.networks.length;
    return missing > 0 || linked.identity.quickStudy ? advice : linked.networks;
  } catch (error) {
    if (!(error instanceof DactylError) || error.code === 'E_ABORTED') throw error;
    return advice;
  }
}
