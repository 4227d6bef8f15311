/** The numbers of the values from the least to the largest, equal ones in their order: a radix sort of float32, linear in their number. No NaN; −0 = 0. */
export function ascending(values: Float32Array): Uint32Array {
  const count = values.length;
  const floats = Float32Array.from(values, (x) => x + 0);
  let keys = new Uint32Array(floats.buffer);
  for (let i = 0; i < count; i++) keys[i] = keys[i] >>> 31 ? ~keys[i] : keys[i] | 0x80000000;
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  const places = new Uint32Array(257);
  for (let shift = 0; shift < 32; shift += 8) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[((keys[i] >>> shift) & 255) + 1]++;
    for (let digit = 1; digit < 256; digit++) places[digit] += places[digit - 1];
    const [nextKeys, nextOrder] = [new Uint32Array(count), new Uint32Array(count)];
    for (let i = 0; i < count; i++) {
      const place = places[(keys[i] >>> shift) & 255]++;
      nextKeys[place] = keys[i];
      nextOrder[place] = order[i];
    }
    [keys, order] = [nextKeys, nextOrder];
  }
  return order;
}
