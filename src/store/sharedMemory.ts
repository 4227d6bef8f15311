import type { Examples } from '../data/examples.ts';

/** The examples in shared memory, so that worker threads use it without a copy; copied unless it is there already, and so safe from later changes. */
export function inSharedMemory({ images, labels, classes }: Examples): Examples {
  return {
    images: { data: shared(images.data), shape: [...images.shape] },
    labels: shared(labels),
    classes,
  };
}

function shared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
