import {
  checkOptions,
  isNumber,
  requireFunction,
  requireItems,
  requireText,
  requireType,
} from '../../util/options.ts';
import type { DataFile } from './dataFile.ts';

export interface ReadOptions {
  /** As reports call the data; by default from the name of the file or folder. */
  readonly name?: string;
  /** The test set, where it is in files of its own; their training part, if they have both, is not used. */
  readonly test?: readonly DataFile[];
  /** Scales every image to this many rows and columns, its form kept, on its own background. */
  readonly size?: number;
  /** Names of the classes, by label; labels may also be these names. Needed where numbers of classes leave some out. */
  readonly classes?: readonly string[];
  /** Of a CSV: the name of the column of labels, 'first' or 'last'; by default it is found. */
  readonly labelColumn?: string;
  /** Of a CSV: rows and columns of an image that is not square, and channels. */
  readonly shape?: readonly number[];
  /** Whether grey images are inverted, for ink is light on dark here: where their border is light ('auto', the default), always or never. */
  readonly invert?: 'auto' | boolean;
  /** Of pictures: 1 for grey, 3 for colours; by default, colours where most pictures have them. */
  readonly channels?: 1 | 3;
  /** Is told how many pictures have been read, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

const NAMES = ['name', 'test', 'size', 'classes', 'labelColumn', 'shape', 'invert', 'channels', 'onProgress'];

export const MOST_SIDE = 512;

/** Throws E_ARGUMENT for an option that `what` does not know or of another kind; `test` is for `checkFiles`. */
export function checkReadOptions(what: string, options: Omit<ReadOptions, 'test'>): void {
  checkOptions(what, NAMES, options);
  const { name, size, classes, labelColumn, shape, invert, channels, onProgress } = options;
  const whole = (most: number) => (x: number) => Number.isInteger(x) && x >= 1 && x <= most;
  if (name !== undefined) requireText(`${what}: name`, name);
  if (labelColumn !== undefined) requireText(`${what}: labelColumn`, labelColumn);
  const need = (option: string, expected: string, fits: boolean, value: unknown): void => {
    if (value !== undefined) requireType(`${what}: ${option}`, expected, fits, value);
  };
  need('size', `a whole number from 1 to ${MOST_SIDE}`, isNumber(size, whole(MOST_SIDE)), size);
  need(
    'classes',
    'a list of 2 to 256 names',
    Array.isArray(classes) &&
      classes.length >= 2 &&
      classes.length <= 256 &&
      classes.every((one) => typeof one === 'string'),
    classes,
  );
  need(
    'shape',
    '[rows, columns] or [rows, columns, channels]',
    Array.isArray(shape) &&
      (shape.length === 2 || shape.length === 3) &&
      shape.every((x) => isNumber(x, whole(65_535))),
    shape,
  );
  need('channels', '1 or 3', channels === 1 || channels === 3, channels);
  if (onProgress !== undefined) requireFunction(`${what}: onProgress`, onProgress);
  need('invert', "'auto', true or false", invert === 'auto' || typeof invert === 'boolean', invert);
}

/** Throws E_ARGUMENT for anything but a list of files. */
export function checkFiles(what: string, files: readonly DataFile[]): void {
  requireItems(what, ['path', 'head', 'read'], files);
  for (const { path } of files) requireText(`${what}: path`, path);
}
