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
}

/** Throws E_DATA: `<file>, <at>: expected …, received …. <remedy>` */
export function refuse(file: string, { at, expected, received, remedy }: Fault): never {
  throw new DactylError(
    'E_DATA',
    printable(
      `${file}${at === undefined ? '' : `, ${at}`}: expected ${expected}, received ${received}.${remedy === undefined ? '' : ` ${remedy}`}`,
    ),
  );
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
