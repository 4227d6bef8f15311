import { DactylError } from '../../util/errors.ts';
import { printable } from '../../util/printable.ts';

/** A file, and where in it, such as 'line 3' or 'byte 11'. */
export interface Place {
  readonly file: string;
  readonly at?: string;
}

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

class DataError extends DactylError {
  /** Its message without what to do. */
  readonly brief: string;
  readonly remedy: string | undefined;
  /** Where its message names an option: the same without. */
  readonly otherwise: string | undefined;

  constructor(message: (advice?: string) => string, { remedy, otherwise }: Fault) {
    super('E_DATA', message(remedy));
    this.brief = message();
    this.remedy = remedy;
    this.otherwise = otherwise === undefined ? undefined : message(otherwise);
  }
}

/** Throws E_DATA: `<file>, <at>: expected …, received …. <remedy>` */
export function refuse(where: string | Place, fault: Fault): never {
  const { expected, received } = fault;
  const place =
    typeof where === 'string' ? { file: where, ...(fault.at !== undefined && { at: fault.at }) } : where;
  const message = (advice?: string): string =>
    printable(
      `${placeText(place)}: expected ${expected}, received ${received}.${advice === undefined ? '' : ` ${advice}`}`,
    );
  throw new DataError(message, fault);
}

/** 'pictures.csv, line 3' */
export function placeText({ file, at }: Place): string {
  return at === undefined ? file : `${file}, ${at}`;
}

/** The message of an error without what to do, and that, where they can be told apart. */
export function adviceOf(error: DactylError): { brief: string; remedy?: string } {
  if (!(error instanceof DataError)) return { brief: error.message };
  const { brief, remedy } = error;
  return { brief, ...(remedy !== undefined && { remedy }) };
}

/** What `work` returns; what it refuses is refused in words for who cannot give options to the function that reads. */
export async function withoutOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError) || error.otherwise === undefined) throw error;
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
