import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PUBLISHED, type PublishedFile, type PublishedSet } from '../data/catalogue/sets.ts';

/**
 * What has to be said of files that have the names of a published set and are not known to be it: unpacked where only the packed ones have known sums, as EMNIST's,
 * or with other sums. Undefined for other names, and for those that several sets have.
 */
export function unconfirmedNote(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const folder = stats.isDirectory() ? path : dirname(path);
  const sets = Object.values<PublishedSet>(PUBLISHED);
  for (const { title, folder: own, files, entries, transposed } of sets) {
    const parts = entries ?? files;
    if (sets.some((other) => other.folder !== own && other.files.some(({ file }) => isOf(parts, file))))
      continue;
    const there = parts.flatMap(({ file }) => namesOf(file).filter((name) => existsSync(join(folder, name))));
    if (there.length < parts.length) continue;
    if (!stats.isDirectory() && !there.includes(basename(path))) continue;
    const isPacked = there.every((name) => isOf(parts, name));
    const sums = isPacked
      ? 'but have other sums than it'
      : 'but are not packed as it is published, and their sums are not known: they were not checked';
    const side = transposed ? ' If they are its own, their images lie on their side.' : '';
    const remedy = isPacked ? '' : ' Packed (.gz), as they are published, they are checked and known.';
    return `the files are named as those of ${title}, ${sums}. They are read like any other files.${side}${remedy}`;
  }
  return undefined;
}

/** As it is published, and unpacked. */
function namesOf(file: string): string[] {
  return [...new Set([file, file.replace(/\.gz$/, '')])];
}

function isOf(parts: readonly PublishedFile[], name: string): boolean {
  return parts.some(({ file }) => file === name);
}
