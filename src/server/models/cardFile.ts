import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readText } from '../../store/readFile.ts';

/** The card of a model file as Markdown: NAME.md beside it, or where `dactyl card` writes it. Undefined where there is none. Throws E_FILE. */
export function cardBeside(file: string): string | undefined {
  const name = file.replace(/\.safetensors$/, '');
  return cardAt(`${name}.md`, join(`${name}.evaluation`, 'card.md'), join(dirname(file), 'card.md'));
}

/** That of a study, in its folder. */
export function cardOfStudy(folder: string): string | undefined {
  return cardAt(join(folder, 'card.md'));
}

function cardAt(...paths: readonly string[]): string | undefined {
  const path = paths.find(existsSync);
  return path === undefined ? undefined : readText(path);
}
