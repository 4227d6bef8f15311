import { sizeOf, type Tensor, type TensorData } from '../../util/tensor.ts';
import { refuse, type Place } from './refuse.ts';

/** Labels as a file has them: whole numbers, or names of classes. */
export type RawLabels = ArrayLike<number> | readonly string[];

/** Images with labels as a reader found them, before they become bytes and classes. */
export interface RawExamples {
  /** [n, rows, columns] or [n, rows, columns, channels], of any numbers. */
  readonly images: Tensor;
  readonly labels: RawLabels;
  /** What they came from, for messages about all of them. */
  readonly file: string;
  readonly labelFile: string;
  /** Where the label of example i stands. */
  readonly labelAt: (i: number) => Place;
  /** Where example i stands. */
  readonly imageAt: (i: number) => Place;
  /** The file itself says that its values are bytes: they stay as they are, however small. */
  readonly bytes?: boolean;
  /** Labels are names as a person chose them (folders), so that numbers may have gaps. */
  readonly named?: boolean;
}

/** What was found: both parts, or one set that is still to be split. `notes`: what a reader understood, in sentences. */
export interface RawParts {
  readonly train: RawExamples;
  readonly test?: RawExamples;
  readonly notes: readonly string[];
}

/** Examples of several files one after another. Throws E_DATA where their images differ in size. */
export function joined(all: readonly RawExamples[]): RawExamples {
  const [first] = all;
  if (all.length === 1) return first;
  const size = first.images.shape.slice(1);
  for (const { images, file } of all) {
    if (images.shape.slice(1).join() !== size.join()) {
      refuse(file, {
        expected: `images of ${size.join(' × ')}, as ${first.file} has`,
        received: images.shape.slice(1).join(' × '),
      });
    }
  }
  const starts: number[] = [];
  const n = all.reduce((sum, { images }) => (starts.push(sum), sum + images.shape[0]), 0);
  const bytes = all.every(({ images }) => images.data instanceof Uint8Array);
  const data: TensorData = new (bytes ? Uint8Array : Float32Array)(n * sizeOf(size));
  all.forEach(({ images }, k) => {
    data.set(images.data, starts[k] * sizeOf(size));
  });
  const own = (i: number): [RawExamples, number] => {
    const k = starts.findLastIndex((start) => start <= i);
    return [all[k], i - starts[k]];
  };
  return {
    images: { data, shape: [n, ...size] },
    labels: all.flatMap(({ labels }) => Array.from(labels as ArrayLike<string>)),
    file: together(all.map(({ file }) => file)),
    labelFile: together(all.map(({ labelFile }) => labelFile)),
    labelAt: (i) => {
      const [examples, place] = own(i);
      return examples.labelAt(place);
    },
    imageAt: (i) => {
      const [examples, place] = own(i);
      return examples.imageAt(place);
    },
    bytes: all.every((one) => one.bytes),
    ...(first.named === true && { named: true }),
  };
}

/** Several files as one thing, the first and the last by their names. */
export function together(files: readonly string[]): string {
  const [first, ...others] = files;
  if (others.length === 0) return first;
  return others.length === 1
    ? `${first} and ${others[0]}`
    : `${first} … ${others[others.length - 1]} (${files.length} files)`;
}
