import { parts, type Steps } from '../../util/steps.ts';

/** Values between two stops: a millisecond or two, though of millions each waits for memory. */
export const PART = 1 << 14;

/** The numbers of the values from the least to the largest, equal ones in their order: a radix sort of float32, linear in their number. No NaN; −0 = 0. */
export function* ascending(values: Float32Array): Steps<Uint32Array> {
  const count = values.length;
  let [keys, otherKeys] = [new Uint32Array(count), new Uint32Array(count)];
  let [order, otherOrder] = [new Uint32Array(count), new Uint32Array(count)];
  const floats = new Float32Array(keys.buffer);
  yield* parts(count, PART, (from, to) => {
    for (let i = from; i < to; i++) {
      floats[i] = values[i] + 0;
      order[i] = i;
      keys[i] = keys[i] >>> 31 ? ~keys[i] : keys[i] | 0x80000000;
    }
  });
  const places = new Uint32Array(257);
  for (let shift = 0; shift < 32; shift += 8) {
    places.fill(0);
    yield* parts(count, PART, (from, to) => {
      for (let i = from; i < to; i++) places[((keys[i] >>> shift) & 255) + 1]++;
    });
    for (let digit = 1; digit < 256; digit++) places[digit] += places[digit - 1];
    yield* parts(count, PART, (from, to) => {
      for (let i = from; i < to; i++) {
        const place = places[(keys[i] >>> shift) & 255]++;
        otherKeys[place] = keys[i];
        otherOrder[place] = order[i];
      }
    });
    [keys, otherKeys] = [otherKeys, keys];
    [order, otherOrder] = [otherOrder, order];
  }
  return order;
}
