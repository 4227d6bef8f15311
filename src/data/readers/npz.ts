import { pairArrays, type NamedArray } from './arrays.ts';
import { MOST_UNPACKED } from './inflate.ts';
import { readNpy } from './npy.ts';
import type { RawParts } from './parts.ts';
import { refuse } from './refuse.ts';
import { unzip, zipEntries } from './zip.ts';

/** Images and labels of NumPy's archive of arrays (`numpy.savez`, Keras' mnist.npz), stored or deflated. Throws E_DATA. */
export async function readNpz(bytes: Uint8Array, file: string): Promise<RawParts> {
  return pairArrays(await npzArrays(bytes, file), file);
}

/** All arrays of an archive; `prefix` before their names. Throws E_DATA. */
export async function npzArrays(bytes: Uint8Array, file: string, prefix = ''): Promise<NamedArray[]> {
  const entries = zipEntries(bytes, file).filter(({ name }) => name.endsWith('.npy'));
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_UNPACKED) {
    refuse(file, { expected: `arrays of at most ${MOST_UNPACKED} bytes`, received: `${total}` });
  }
  const arrays: NamedArray[] = [];
  for (const entry of entries) {
    const name = prefix + entry.name.slice(0, -'.npy'.length);
    const array = readNpy(await unzip(bytes, entry, file), `${file}, ${entry.name}`);
    arrays.push({ name, file: `${file}, ${entry.name}`, array });
  }
  return arrays;
}
