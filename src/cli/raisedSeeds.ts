import { seedsBefore } from '../store/studyRecord.ts';
import type { Study } from '../study/configuration.ts';
import { listOf, seedRange } from '../study/wording.ts';
import { print, styled, wrapped } from './terminal.ts';

/** Whoever adds seeds after a look has to be told, not only who reads the report. */
export function printRaised(folder: string, { seeds, stopping }: Study): void {
  const before = seedsBefore(folder);
  if (before.length === 0 || stopping) return;
  print();
  print(
    styled(
      'yellow',
      wrapped(
        `The seeds were ${listOf(before.map(seedRange))} before, and are ${seedRange(seeds)} since results were there. Intervals and p-values hold only for seeds fixed beforehand: take the answer as a hint, and confirm it with fresh seeds, or with a study that is run --until-decided from the start.`,
      ),
    ),
  );
}
