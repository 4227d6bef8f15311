import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeTorn, writeFileAtomic } from './atomic.ts';

const GENERATIONS = 2;
const NAME = /^(\d+)-([0-9a-f]{16})\.safetensors$/;

/** Where unfinished trials keep their checkpoints, and how often they write one. */
export interface Checkpoints {
  readonly folder: string;
  readonly everySeconds: number;
}

/**
 * Checkpoints of one unfinished trial, in a folder of its own: `<number>-<first 16 digits of the content's SHA-256>.safetensors`. The two
 * newest are kept, so that one is whole whenever the process ends.
 */
export class CheckpointStore {
  readonly #folder: string;

  /** `folder`: of the store's trials; `key`: the trial's. */
  constructor(folder: string, key: string) {
    this.#folder = join(folder, '.unfinished', key);
  }

  /** The newest checkpoint whose content is what its name promises. */
  read(): Uint8Array | undefined {
    for (const { path, hash } of this.#generations()) {
      const content = readIfThere(path);
      if (content && shortHash(content) === hash) return content;
    }
    return undefined;
  }

  write(content: Uint8Array): void {
    makeFolder(this.#folder);
    const generations = this.#generations();
    const number = (generations.at(0)?.number ?? 0) + 1;
    writeFileAtomic(join(this.#folder, `${number}-${shortHash(content)}.safetensors`), content);
    for (const { path } of generations.slice(GENERATIONS - 1)) rmSync(path, { force: true });
  }

  /** What a thread that was ended amid a write has left: not before it has ended. */
  removeTorn(): void {
    removeTorn(this.#folder);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Newest first. */
  #generations(): { path: string; number: number; hash: string }[] {
    if (!existsSync(this.#folder)) return [];
    const found = readdirSync(this.#folder).flatMap((name) => {
      const match = NAME.exec(name);
      return match ? [{ path: join(this.#folder, name), number: Number(match[1]), hash: match[2] }] : [];
    });
    return found.sort((a, b) => b.number - a.number);
  }
}

/** Undefined where it cannot be read: an older one, or a start from the beginning, serves as well. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function shortHash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
