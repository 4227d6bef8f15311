import { basename, isAbsolute, relative } from 'node:path';

/**
 * The words as one line for a shell: those with spaces or other special characters in quotes. It stands in pages that are passed on, and folders are named after people: absolute paths are
 * written from the working folder on, or by their last part where they lie elsewhere.
 */
export function shellCommand(words: readonly string[]): string {
  return words
    .map(shareable)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

function shareable(word: string): string {
  if (!isAbsolute(word)) return word;
  const path = relative(process.cwd(), word);
  return path === '' ? '.' : path.startsWith('..') || isAbsolute(path) ? basename(word) : path;
}
