import { DactylError } from '../../util/errors.ts';
import { adviceOf, ANEW, refuse } from './refuse.ts';

/** So many are named. */
const NAMED = 10;

/** Pictures of a set that cannot be read. They are gathered and named together, so that a set needs to be read once to know all of them. */
export class Unreadable {
  readonly #without: (them: 'it' | 'them') => string;
  readonly #faults: DactylError[] = [];
  #count = 0;

  /** `without`: what to do to have the set without them: 'take them out of the folder'. */
  constructor(without: (them: 'it' | 'them') => string) {
    this.#without = without;
  }

  /** What `read` gives; undefined where it refuses. */
  async orRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DactylError) || !['E_DATA', 'E_FILE'].includes(error.code)) throw error;
      this.#count++;
      if (this.#faults.length < NAMED) this.#faults.push(error);
      return undefined;
    }
  }

  /** Throws where there are any: of one its own fault, of several E_DATA with those of the first ten and how many there are of `all`. */
  refuse(what: string, all: number): void {
    if (this.#count === 0) return;
    const [first] = this.#faults;
    if (this.#count === 1 && first.code !== 'E_DATA') throw first;
    const faults = this.#faults.map(adviceOf);
    const several = this.#count > 1;
    const remedies = new Set(
      faults.flatMap(({ remedy = [] }) =>
        remedy === ANEW && several ? 'Get what is damaged anew.' : remedy,
      ),
    );
    const without = this.#without(several ? 'them' : 'it');
    const remedy = [...remedies, remedies.size === 0 ? capital(without) : `Or ${without}.`].join(' ');
    if (!several) throw new DactylError('E_DATA', `${faults[0].brief} ${remedy}`, { cause: first });
    const more = this.#count - faults.length;
    const each = faults.map(({ brief }, k) => `(${k + 1}) ${brief.replace(/\.$/, '')}`);
    refuse(what, {
      expected: `${all} pictures that can be read`,
      received: `${this.#count} that cannot: ${each.join('; ')}${more === 0 ? '' : `; and ${more} more`}`,
      remedy,
    });
  }
}

function capital(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
