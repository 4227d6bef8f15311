import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Study, studyHash } from '../study/configuration.ts';
import { Results } from '../study/results.ts';
import { trialsOf } from '../study/study.ts';
import { DactylError } from '../util/errors.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { readJson, type TrialStore } from './runs.ts';

const fixed = {
  study: Study,
  studyHash: Type.String(),
  writers: Type.Union([Type.String(), Type.Null()], {
    description: 'SHA-256 of the writers’ numbers, where the folds go by them',
  }),
};
const Fixed = Type.Object(fixed, { additionalProperties: false });
type Fixed = Static<typeof Fixed>;

/** `study.json`: what was fixed before the runs. */
const StudyRecord = Type.Object(
  {
    format: Type.Literal('dactyl-study/1'),
    ...fixed,
    earlier: Type.Array(Fixed, {
      description: 'other rules or seeds that this folder had before, of which there were results',
    }),
  },
  { additionalProperties: false },
);
export type StudyRecord = Static<typeof StudyRecord>;

/** The folder of a study and the root of its trials, `<root>/<name>` and `<root>`. */
export function placeOf(folder: string): { root: string; name: string } {
  const path = resolve(folder);
  return { root: dirname(path), name: basename(path) };
}

/**
 * Fixes a study in its folder before any trial runs. Refuses (E_MISMATCH) one whose question, arms, split or rules are others than
 * those kept there, now or earlier, where trials of those ended with a seed that the new one has too: a rule must not be chosen after its
 * results were seen. Other seeds under the same rules are taken; that there were results of fewer stays in the record.
 */
export function fixStudy(
  folder: string,
  study: Study,
  { writers, store }: { writers: string | null; store: TrialStore },
): StudyRecord {
  const now: Fixed = { study, studyHash: studyHash(study), writers };
  const others = fixedIn(folder).filter((kept) => kept.studyHash !== now.studyHash || !sameSeeds(kept, now));
  const earlier = others.filter((kept) => seedsSeen(kept, store).length > 0);
  const seen = earlier.filter((kept) => kept.studyHash !== now.studyHash);
  for (const kept of seen) {
    const both = seedsSeen(kept, store).find((seed) => study.seeds.includes(seed));
    if (both === undefined) continue;
    const fresh = Math.max(...seen.flatMap((other) => other.study.seeds)) + 1;
    throw new DactylError(
      'E_MISMATCH',
      `${folder} holds a study of this name with another question, arms, split or rules (hash ${kept.studyHash.slice(0, 12)}, now ${now.studyHash.slice(0, 12)}), and results of seed ${both}, which is in both. Rules are fixed before the runs: take fresh seeds ("firstSeed": ${fresh}) or another name.`,
    );
  }
  const record: StudyRecord = { format: 'dactyl-study/1', ...now, earlier };
  makeFolder(folder);
  writeFileAtomic(join(folder, 'study.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** The seeds that a study had before under the same rules, where results were there when they were changed. */
export function seedsBefore(folder: string): number[][] {
  const { studyHash: hash, earlier } = readStudy(folder);
  return earlier.filter((kept) => kept.studyHash === hash).map(({ study }) => study.seeds);
}

function sameSeeds(a: Fixed, b: Fixed): boolean {
  return a.study.seeds.join() === b.study.seeds.join();
}

function fixedIn(folder: string): Fixed[] {
  if (!existsSync(join(folder, 'study.json'))) return [];
  const { study, studyHash: hash, writers, earlier } = readStudy(folder);
  return [{ study, studyHash: hash, writers }, ...earlier];
}

/** Seeds of which results are there. */
function seedsSeen({ study, writers }: Fixed, store: TrialStore): number[] {
  const ended = trialsOf(study, writers ?? undefined).filter(({ key }) => store.hasEnded(key));
  return [...new Set(ended.map(({ seed }) => seed))];
}

/** Throws E_FILE or E_FORMAT. */
export function readStudy(folder: string): StudyRecord {
  return readJson(join(folder, 'study.json'), StudyRecord);
}

/** Throws E_FILE or E_FORMAT. */
export function readResults(folder: string): Results {
  return readJson(join(folder, 'results.json'), Results);
}
