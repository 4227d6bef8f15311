/** The numbers of the values from the least to the largest, equal ones in their order: a radix sort of float32, linear in their number. No NaN; −0 = 0. */
export function ascending(values: Float32Array): Uint32Array {
  const count = values.length;
  const floats = new Float32Array(count);
  for (let i = 0; i < count; i++) floats[i] = values[i] + 0;
  let [keys, otherKeys] = [new Uint32Array(floats.buffer), new Uint32Array(count)];
  let [order, otherOrder] = [new Uint32Array(count), new Uint32Array(count)];
  for (let i = 0; i < count; i++) {
    order[i] = i;
    keys[i] = keys[i] >>> 31 ? ~keys[i] : keys[i] | 0x80000000;
  }
  const places = new Uint32Array(257);
  for (let shift = 0; shift < 32; shift += 8) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[((keys[i] >>> shift) & 255) + 1]++;
    for (let digit = 1; digit < 256; digit++) places[digit] += places[digit - 1];
    for (let i = 0; i < count; i++) {
      const place = places[(keys[i] >>> shift) & 255]++;
      otherKeys[place] = keys[i];
      otherOrder[place] = order[i];
    }
    [keys, otherKeys] = [otherKeys, keys];
    [order, otherOrder] = [otherOrder, order];
  }
  return order;
}
