import { Option } from 'commander';
import type { DataSet } from '../data/dataSet.ts';
import { resolveData, USUAL_DATA } from '../store/data.ts';
import { DactylError } from '../util/errors.ts';

/** `--data NAME|PATH`; undefined where it is not given, for then a file may say it. */
export function dataOption(usual = 'those that it names, or mnist'): Option {
  return new Option(
    '--data <name-or-path>',
    `images: a name, or a folder of image and label files (default: ${usual})`,
  );
}

/**
 * The images of a study or search that was run, held to the identity in its record: those given, else those that it names. Throws E_MISMATCH where they
 * are others, and as `resolveData`.
 */
export async function dataOfRecord(
  folder: string,
  { identity, named }: { readonly identity: readonly string[]; readonly named: string | undefined },
  given: string | undefined,
): Promise<DataSet> {
  const set = await resolveData(given ?? named ?? USUAL_DATA, { shared: true });
  if (set.identity.join() === identity.join()) return set;
  throw new DactylError(
    'E_MISMATCH',
    `${folder} is of other images (SHA-256 ${identity[0].slice(0, 12)}…) than ${set.name} (${set.identity[0].slice(0, 12)}…): give the images of its own with --data NAME|PATH.`,
  );
}
