import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportInput } from '../report/input.ts';
import { answer } from '../report/prose/answer.ts';
import { bearsOn, purposesOf } from '../study/ownStudies.ts';
import type { Study } from '../study/configuration.ts';
import { DactylError } from '../util/errors.ts';
import { placeOf, readResults, readStudy } from './studyRecord.ts';
import { readTuning } from './tuningRecord.ts';

const MOST_FOLDERS = 1_000;
const MOST_BYTES = 32 * 2 ** 20;

type OwnStudy = NonNullable<ReportInput['ownStudies']>[number];

/**
 * Finished studies and searches beside the one in `folder` that bear on it, by name: what cross-validation, other learning rates, other starts and
 * equal tuning come to. Quick, unreported and damaged ones are passed over.
 */
export function ownStudiesBeside(folder: string, study: Study): OwnStudy[] {
  const { root, name: own } = placeOf(folder);
  const { data } = readStudy(folder);
  return foldersIn(root)
    .filter((name) => name !== own && existsSync(join(root, name, 'report.html')))
    .flatMap((name) => {
      try {
        return ownStudiesIn(join(root, name), name, { study, data });
      } catch (error) {
        if (!(error instanceof DactylError)) throw error;
        return [];
      }
    });
}

function ownStudiesIn(
  path: string,
  name: string,
  { study, data: own }: { readonly study: Study; readonly data: readonly string[] },
): OwnStudy[] {
  const href = `../${encodeURIComponent(name)}/report.html`;
  if (existsSync(join(path, 'tuning.json'))) {
    const { tuning, data } = readTuning(path);
    const isOther = tuning.quick || data.join() !== own.join() || !bearsOn(tuning, study);
    return isOther ? [] : [{ purpose: 'tuning', name, href, says: null }];
  }
  if (!existsSync(join(path, 'study.json'))) return [];
  const { study: other, data } = readStudy(path);
  const purposes = purposesOf(other);
  if (other.quick || data.join() !== own.join() || purposes.length === 0 || !bearsOn(other, study)) return [];
  const size = statSync(join(path, 'results.json'), { throwIfNoEntry: false })?.size ?? Infinity;
  const says = size > MOST_BYTES ? null : answer(readResults(path));
  return purposes.map((purpose) => ({ purpose, name, href, says }));
}

function foldersIn(root: string): string[] {
  try {
    return readdirSync(root).sort().slice(0, MOST_FOLDERS);
  } catch {
    return [];
  }
}
