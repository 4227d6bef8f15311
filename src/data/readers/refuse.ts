import { DactylError } from '../../util/errors.ts';
import { printable } from '../../util/printable.ts';

/** What a file holds up to a place, and what to do about it. */
export interface Fault {
  /** Such as 'byte 12', 'line 3'; absent where the whole file is meant. */
  readonly at?: string;
  readonly expected: string;
  readonly received: string;
  /** What to do, as a sentence with its full stop. */
  readonly remedy?: string;
  /** The same where `remedy` names an option of the function that reads, for who has no such options. */
  readonly otherwise?: string;
}

/** Its message names an option. */
class OptionError extends DactylError {
  readonly otherwise: string;

  constructor(message: string, otherwise: string) {
    super('E_DATA', message);
    this.otherwise = otherwise;
  }
}

/** Throws E_DATA: `<file>, <at>: expected …, received …. <remedy>` */
export function refuse(file: string, { at, expected, received, remedy, otherwise }: Fault): never {
  const message = (advice: string | undefined): string =>
    printable(
      `${file}${at === undefined ? '' : `, ${at}`}: expected ${expected}, received ${received}.${advice === undefined ? '' : ` ${advice}`}`,
    );
  throw otherwise === undefined
    ? new DactylError('E_DATA', message(remedy))
    : new OptionError(message(remedy), message(otherwise));
}

/** What `work` returns; what it refuses is refused in words for who cannot give options to the function that reads. */
export async function withoutOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new DactylError(error.code, error.otherwise, { cause: error });
  }
}

/** What to do with a file that was cut, lengthened or changed. */
export const ANEW = 'The file is damaged: get it anew.';

/** The first bytes as a text of hexadecimal numbers. */
export function hexOf(bytes: Uint8Array, count = 4): string {
  if (bytes.length === 0) return 'the end of the file';
  return [...bytes.subarray(0, count)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
}

/** At most 40 characters of a text, in quotation marks. */
export function quoted(text: string): string {
  return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
}
