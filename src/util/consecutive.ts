/** The `count` whole numbers from `first` on. */
export function consecutive(first: number, count: number): Uint32Array {
  return inOrder(new Uint32Array(count), first);
}

/** Fills with the whole numbers from `first` on. */
export function inOrder(numbers: Uint32Array, first = 0): Uint32Array {
  for (let s = 0; s < numbers.length; s++) numbers[s] = first + s;
  return numbers;
}
