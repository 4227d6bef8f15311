import { sizeOf, type Tensor, type TensorData } from '../../util/tensor.ts';
import { refuse } from './refuse.ts';

/** Labels as a file has them: whole numbers, or names of classes. */
export type RawLabels = ArrayLike<number> | readonly string[];

/** Images with labels as a reader found them, before they become bytes and classes. */
export interface RawExamples {
  /** [n, rows, columns] or [n, rows, columns, channels], of any numbers. */
  readonly images: Tensor;
  readonly labels: RawLabels;
  /** The files they came from, for messages. */
  readonly file: string;
  readonly labelFile: string;
  /** Where the label of example i stands: 'line 3', 'byte 11'. */
  readonly labelAt: (i: number) => string;
  /** Where example i stands. */
  readonly imageAt: (i: number) => string;
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
  const place = (i: number): number => starts.findLastIndex((start) => start <= i);
  return {
    images: { data, shape: [n, ...size] },
    labels: all.flatMap(({ labels }) => Array.from(labels as ArrayLike<string>)),
    file: first.file,
    labelFile: first.labelFile,
    labelAt: (i) => `${all[place(i)].labelFile}, ${all[place(i)].labelAt(i - starts[place(i)])}`,
    imageAt: (i) => `${all[place(i)].file}, ${all[place(i)].imageAt(i - starts[place(i)])}`,
    bytes: all.every((one) => one.bytes),
    ...(first.named === true && { named: true }),
  };
}
