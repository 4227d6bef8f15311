import { distortedExtents, distortionStream, distortReference } from '../images/distortion.ts';
import { DactylError } from '../util/errors.ts';
import { parts, type Steps } from '../util/steps.ts';
import { formatShape, sizeOf, type Tensor } from '../util/tensor.ts';
import type { Context } from './context.ts';
import type { NetworkSpec } from './engine.ts';
import { Allocation, type Heap } from './heap.ts';
import type { Augmentation } from './inputs.ts';
import { rareKernels } from './rareModule.ts';
import { VALUE } from './parts.ts';
import { type EntryRows, type GatherTask, meaningOfBytes, MOST_COLUMNS } from './sparseRows.ts';

const LOADED_AT_A_TIME = 1 << 22;
/** Bytes of `prepareDistort`'s memory. */
const DISTORT_SCRATCH = 7968;

/** Byte images that every epoch shows distorted in another way: 28 × 28 grey pixels by `assembly/rare/distort.ts`, others one by one. */
export class DistortedRows implements EntryRows {
  readonly kind = 'sparse';
  readonly products: number;
  readonly count: number;
  readonly #width: number;
  readonly #table: number;
  readonly #stream: number;
  readonly #pieces: Allocation;
  readonly #show: (task: GatherTask) => void;
  /** Puts the images before the kernels. */
  #load: Steps<void> | undefined;
  #epoch = 0;

  /** E_ARGUMENT for inputs that are no byte images. */
  constructor(
    context: Context,
    { shape, scale, offset }: NetworkSpec,
    { data }: Tensor,
    { distortion, seed }: Augmentation,
  ) {
    const extents = distortedExtents(shape);
    if (!(data instanceof Uint8Array) || offset !== 0 || !extents || sizeOf(shape) > MOST_COLUMNS) {
      throw new DactylError(
        'E_ARGUMENT',
        `Distortion: expected byte images [rows, columns] or [rows, columns, channels] of at most ${MOST_COLUMNS} values, without an offset; received ${data.constructor.name} rows of the shape ${formatShape(shape)}. Leave RandomDistortion out, or give Input their shape.`,
      );
    }
    const { heap } = context;
    const pieces = new Allocation(heap);
    this.#pieces = pieces;
    this.#width = sizeOf(shape);
    this.count = data.length / this.#width;
    this.#stream = distortionStream(seed);
    this.#table = meaningOfBytes(pieces, heap, scale);
    const isFast = extents.join() === '28,28,1';
    this.products = (isFast ? 4 : 32) * VALUE;
    if (!isFast) {
      this.#show = (task) => {
        this.#showEach(heap, task, (index) =>
          distortReference(
            data.subarray(index * this.#width, (index + 1) * this.#width),
            distortion,
            { stream: this.#stream, epoch: this.#epoch, index },
            extents,
          ),
        );
      };
      return;
    }
    const images = pieces.bytes(data.length);
    this.#load = parts(data.length, LOADED_AT_A_TIME, (from, to) => {
      heap.bytes(images + from, to - from).set(data.subarray(from, to));
    });
    const { rotation, scale: stretch, shear, shift, elastic } = distortion;
    const limits = pieces.floats(6);
    heap.float32(limits, 6).set([rotation, stretch, stretch, shear, shift, elastic]);
    const scratch = pieces.bytes(DISTORT_SCRATCH);
    const kernels = rareKernels(heap.memory);
    kernels.prepareDistort(scratch);
    this.#show = ({ numbers, count, rowEnds, entries, first }) => {
      kernels.distortRows(
        numbers,
        count,
        images,
        this.#stream,
        this.#epoch,
        limits,
        scratch,
        this.#table,
        rowEnds,
        entries,
        first,
      );
    };
  }

  /** To be called before the rows are used; given back where it is left off. */
  *loaded(): Steps<this> {
    let done = false;
    try {
      if (this.#load) yield* this.#load;
      done = true;
      return this;
    } finally {
      if (!done) this.dispose();
    }
  }

  startEpoch(epoch: number): void {
    this.#epoch = epoch;
  }

  gather(_: Context, task: GatherTask): void {
    this.#show(task);
  }

  /** Pairs of column and value, as `distortRows` writes them. */
  #showEach(
    heap: Heap,
    { numbers, count, rowEnds, entries, first }: GatherTask,
    image: (index: number) => Uint8Array,
  ): void {
    const chosen = heap.uint32(numbers, count);
    const ends = heap.uint32(rowEnds, count);
    const columns = heap.uint32(entries, 2 * count * this.#width);
    const values = heap.float32(entries, 2 * count * this.#width);
    const meaning = heap.float32(this.#table, 256);
    let filled = first && ends[first - 1];
    for (let s = first; s < count; s++) {
      image(chosen[s]).forEach((value, column) => {
        if (value === 0) return;
        columns[2 * filled] = column;
        values[2 * filled + 1] = meaning[value];
        filled++;
      });
      ends[s] = filled;
    }
  }

  dispose(): void {
    this.#pieces.freeAll();
  }
}
