import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { JUDGEMENT_VERSION, ownRulesOf, Study, studyHash } from '../study/configuration.ts';
import { hashesOf, presentStudy } from '../study/earlierStudies.ts';
import { presentResults, Results } from '../study/results.ts';
import { planTrials } from '../study/study.ts';
import { DactylError } from '../util/errors.ts';
import { inTurns } from '../util/inTurns.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { orElse, readJson } from './readFile.ts';
import type { TrialStore } from './runs.ts';

const fixed = {
  study: Study,
  studyHash: Type.String(),
  judgement: Type.Integer({
    minimum: 1,
    description: 'version of the measures and default rules when this was fixed, before its results',
  }),
  data: Type.Array(Type.String(), {
    description: 'the identity of the images: SHA-256 of each array as an IDX file',
  }),
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
      description: 'other rules, seeds or images that this folder had before, of which there were results',
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
 * results were seen. Other seeds or images under the same rules are taken; that there were results of fewer stays in the record. Another
 * version of Dactyl's judgement is no other study; the record keeps the version of before the first result.
 */
export async function fixStudy(
  folder: string,
  said: Study,
  {
    writers,
    data,
    store,
    signal,
  }: { writers: string | null; data: readonly string[]; store: TrialStore; signal?: AbortSignal },
): Promise<StudyRecord> {
  if (existsSync(join(folder, 'tuning.json'))) {
    throw new DactylError(
      'E_MISMATCH',
      `${folder} holds a search of this name; expected a folder of its own. Give the study another name.`,
    );
  }
  const study = { ...said, ownRules: ownRulesOf(said) };
  const kept = await seedsOf(fixedIn(folder), store, signal);
  const hash = studyHash(study);
  const withResults = kept.filter(({ seen }) => seen.length > 0).map(({ fixed }) => fixed);
  const judgements = withResults.filter((one) => one.studyHash === hash).map(({ judgement }) => judgement);
  const judgement = Math.min(JUDGEMENT_VERSION, ...judgements);
  const now: Fixed = { study, studyHash: hash, judgement, data: [...data], writers };
  const earlier = withResults.filter((one) => !isSame(one, now));
  const others = kept.filter(({ fixed: one }) => earlier.includes(one) && one.studyHash !== hash);
  const own = new Set(study.seeds);
  for (const { fixed: one, seen } of others) {
    const both = seen.find((seed) => own.has(seed));
    if (both === undefined) continue;
    const fresh = others.reduce((most, { fixed: { study: other } }) => Math.max(most, ...other.seeds), 0) + 1;
    throw new DactylError(
      'E_MISMATCH',
      `${folder} holds a study of this name with another question, arms, split or rules (hash ${one.studyHash.slice(0, 12)}, now ${hash.slice(0, 12)}), and results of seed ${both}, which is in both. Rules are fixed before the runs: take fresh seeds ("firstSeed": ${fresh}) or another name.`,
    );
  }
  const record: StudyRecord = { format: 'dactyl-study/1', ...now, earlier };
  makeFolder(folder);
  writeFileAtomic(join(folder, 'study.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** The seeds that a study had before under the same rules and with the same images, where results were there when they were changed. */
export function seedsBefore(folder: string): number[][] {
  const { studyHash: hash, data, earlier } = readStudy(folder);
  return earlier
    .filter((kept) => kept.studyHash === hash && kept.data.join() === data.join())
    .map(({ study }) => study.seeds);
}

function isSame(a: Fixed, b: Fixed): boolean {
  return (
    a.studyHash === b.studyHash &&
    a.study.seeds.join() === b.study.seeds.join() &&
    a.data.join() === b.data.join()
  );
}

function fixedIn(folder: string): Fixed[] {
  if (!existsSync(join(folder, 'study.json'))) return [];
  const { format: _, earlier, ...now } = readStudy(folder);
  return [now, ...earlier];
}

/** With the seeds of which results are there. */
async function seedsOf(
  kept: readonly Fixed[],
  store: TrialStore,
  signal: AbortSignal | undefined,
): Promise<{ fixed: Fixed; seen: number[] }[]> {
  const found: { fixed: Fixed; seen: number[] }[] = [];
  for (const fixed of kept) {
    const { study, data, writers } = fixed;
    const trials = await planTrials(study, { writers, data, ...(signal && { signal }) });
    const seeds = new Set<number>();
    await inTurns(trials, ({ key, seed }) => store.hasEnded(key) && seeds.add(seed), signal);
    found.push({ fixed, seen: [...seeds] });
  }
  return found;
}

const REMEDY =
  'Remove it and run the file of the study again (dactyl study run FILE); trials that have ended are kept.';

/**
 * As this version understands it: a record of judgement version 1 gets the identity of MNIST and the hash of today. Throws E_FILE or E_FORMAT,
 * E_CHECKSUM where the study is not that of its hash.
 */
export function readStudy(folder: string): StudyRecord {
  const path = join(folder, 'study.json');
  const record = orElse(REMEDY, () =>
    readJson(path, StudyRecord, undefined, (value) => {
      const { earlier } = value;
      return { ...present(value), ...(Array.isArray(earlier) && { earlier: earlier.map(present) }) };
    }),
  );
  return { ...withHash(record, path), earlier: record.earlier.map((one) => withHash(one, path)) };
}

/** Throws as `readStudy`. */
export function readResults(folder: string): Results {
  const path = join(folder, 'results.json');
  if (!existsSync(path) && existsSync(join(folder, 'study.json'))) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${folder} has no results.json yet; write it first: dactyl study report ${folder}`,
    );
  }
  const results = readJson(path, Results, undefined, (value) => ({
    judgement: 1,
    ...presentResults(value),
    study: presentStudy(value.study),
  }));
  return withHash(results, path);
}

/** How many trials of a study ran at a time, for results that are written anew; 0 where those of before do not say. */
export function workersBefore(folder: string): number {
  try {
    return existsSync(join(folder, 'results.json')) ? readResults(folder).environment.workers : 0;
  } catch (error) {
    if (error instanceof DactylError) return 0;
    throw error;
  }
}

function present(fixed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { judgement: 1, data: MNIST_IDENTITY, ...fixed, study: presentStudy(fixed.study) };
}

/** With the hash of today, once the recorded one is a hash of its study. */
function withHash<T extends { study: Study; studyHash: string }>(record: T, path: string): T {
  const hashes = hashesOf(record.study);
  if (!hashes.includes(record.studyHash)) {
    throw new DactylError(
      'E_CHECKSUM',
      `${path}: expected the hash ${hashes[0]} of its question, arms, split and rules, received ${record.studyHash}. The file was changed: run the study from its file under another name.`,
    );
  }
  return { ...record, studyHash: hashes[0] };
}
