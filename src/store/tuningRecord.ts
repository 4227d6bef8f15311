import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { Tuning, tuningHash } from '../study/tuning/configuration.ts';
import { firstTrials } from '../study/tuning/search.ts';
import { DactylError } from '../util/errors.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { orElse, readJson } from './readFile.ts';
import type { TrialStore } from './runs.ts';

/** `tuning.json`: what was fixed before the search. */
const TuningRecord = Type.Object(
  {
    format: Type.Literal('dactyl-tuning/1'),
    tuning: Tuning,
    tuningHash: Type.String(),
    data: Type.Optional(
      Type.Array(Type.String(), {
        description: 'the identity of the images; MNIST where nothing is said',
      }),
    ),
  },
  { additionalProperties: false },
);

const REMEDY =
  'Remove it and run the file of the search again (dactyl tune FILE); trials that have ended are kept.';

/**
 * Fixes a search in its folder before any trial runs. Refuses (E_MISMATCH) another one than the folder holds, or one on other images, once a trial
 * of that has ended: what was tried before belongs to the budget.
 */
export function fixTuning(
  folder: string,
  tuning: Tuning,
  { store, data }: { readonly store: TrialStore; readonly data: readonly string[] },
): void {
  const path = join(folder, 'tuning.json');
  const now: Static<typeof TuningRecord> = {
    format: 'dactyl-tuning/1',
    tuning,
    tuningHash: tuningHash(tuning),
    data: [...data],
  };
  if (existsSync(join(folder, 'study.json'))) {
    throw new DactylError(
      'E_MISMATCH',
      `${folder} holds a study of this name; expected a folder of its own. Give the search another name.`,
    );
  }
  if (existsSync(path)) {
    const kept = orElse(REMEDY, () => readJson(path, TuningRecord));
    const before = kept.data ?? MNIST_IDENTITY;
    const seen = firstTrials(kept.tuning, before).some(({ key }) => store.hasEnded(key));
    if (seen && before.join() !== data.join()) {
      throw new DactylError(
        'E_MISMATCH',
        `${folder} holds a search of this name on other images, and results of it. Give the new search another name.`,
      );
    }
    if (kept.tuningHash !== now.tuningHash && seen) {
      throw new DactylError(
        'E_MISMATCH',
        `${folder} holds a search of this name with other settings (hash ${kept.tuningHash.slice(0, 12)}, now ${now.tuningHash.slice(0, 12)}), and results of it. What was tried belongs to the budget: give the new search another name.`,
      );
    }
  }
  makeFolder(folder);
  writeFileAtomic(path, `${JSON.stringify(now, null, 2)}\n`);
}

/** The search that a folder holds, and the identity of its images. Throws E_FILE or E_FORMAT. */
export function readTuning(folder: string): { tuning: Tuning; data: readonly string[] } {
  const { tuning, data = MNIST_IDENTITY } = orElse(REMEDY, () =>
    readJson(join(folder, 'tuning.json'), TuningRecord),
  );
  return { tuning, data };
}
