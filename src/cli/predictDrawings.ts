import { inflate } from '../data/readers/inflate.ts';
import { HEAD, isImageKind, kindOf } from '../data/readers/kind.ts';
import { refuse } from '../data/readers/refuse.ts';
import { drawingOf, linesOf } from '../data/readers/strokes.ts';
import type { Reading } from '../reading/answer.ts';
import type { Reader } from '../reading/reader.ts';
import { readStrokes } from '../reading/readStrokes.ts';
import { MOST_PICTURE_BYTES } from '../store/loadPicture.ts';
import { DactylError } from '../util/errors.ts';
import { isSafetensors } from '../store/answerer.ts';
import { readInput, STDIN } from './predictSources.ts';

/** So many lines of a file without a drawing are named. */
const FEW = 3;

export interface Line {
  readonly line: number;
  readonly bytes: Uint8Array;
}

export interface Drawings {
  readonly lines: readonly Line[];
  /** Of a file without any drawing: what is said after its first lines. */
  readonly rest?: DactylError;
}

/** The lines of a file of drawings that are not empty; the first few where none is a drawing. Throws E_FILE, and E_DATA for a file of another kind. */
export async function drawingsOf(path: string, stdin: Uint8Array | null): Promise<Drawings> {
  const file = path === STDIN ? 'standard input' : path;
  const read = path === STDIN ? stdin! : readInput(path);
  const bytes =
    kindOf(read.subarray(0, HEAD)) === 'gzip' ? await inflate(read, file, 'gzip', MOST_PICTURE_BYTES) : read;
  requireText(bytes.subarray(0, HEAD), file);
  const lines = [...linesOf(bytes)].filter((line) => line.bytes.some((byte) => byte > 0x20));
  const expected = 'drawings, one a line, such as {"strokes": [[0, 0, 10, 80]]}';
  if (lines.length === 0) refuse(file, { expected, received: 'none' });
  if (lines.length <= FEW || lines.some((line) => isDrawing(line, file))) return { lines };
  const message = `${file}: expected ${expected}, received none in ${lines.length} lines, of which the first ${FEW} are named. Is it another file than meant?`;
  return { lines: lines.slice(0, FEW), rest: new DactylError('E_DATA', message) };
}

/** Throws E_DATA, with the line. */
export function readDrawing({ line, bytes }: Line, file: string, reader: Reader): Reading {
  const { strokes } = drawingOf(bytes, file, line)!;
  try {
    return readStrokes(strokes, reader);
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    const message = `${file}, line ${line}: ${error.message.replace(/^readStrokes: /, '')}`;
    throw new DactylError(error.code, message, { cause: error });
  }
}

function isDrawing({ line, bytes }: Line, file: string): boolean {
  try {
    return drawingOf(bytes, file, line) !== undefined;
  } catch (error) {
    if (error instanceof DactylError) return false;
    throw error;
  }
}

function requireText(head: Uint8Array, file: string): void {
  const kind = kindOf(head);
  const fail = (received: string, remedy: string): never =>
    refuse(file, { expected: 'drawings as lines of JSON', received, remedy });
  if (isImageKind(kind)) fail(`a ${kind} picture`, 'Name it without --strokes.');
  if (isSafetensors(head)) fail('a model', 'The model is the first argument.');
  if (head.includes(0)) fail('a file that is no text', 'Is it another file than meant?');
}
