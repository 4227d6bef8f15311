/** The `count` whole numbers from `first` on. */
export function consecutive(first: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let s = 0; s < count; s++) numbers[s] = first + s;
  return numbers;
}
