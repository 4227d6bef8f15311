/** By pixel the ink that it belongs to, −1 where there is none: itself, or of pixels beside ink the one from which it is reached first, a pixel at a time. */
export function spread(owners: Int32Array, rows: number, columns: number, steps: number): Int32Array {
  const sources = new Int32Array(owners.length).fill(-1);
  let front: number[] = [];
  owners.forEach((owner, i) => {
    if (owner === 0) return;
    sources[i] = i;
    front.push(i);
  });
  for (let step = 0; step < steps; step++) {
    const next: number[] = [];
    const grow = (from: number, to: number): void => {
      if (sources[to] >= 0) return;
      sources[to] = sources[from];
      next.push(to);
    };
    for (const i of front) {
      const column = i % columns;
      if (column > 0) grow(i, i - 1);
      if (column < columns - 1) grow(i, i + 1);
      if (i >= columns) grow(i, i - columns);
      if (i + columns < rows * columns) grow(i, i + columns);
    }
    front = next;
  }
  return sources;
}

/** Lets what is taken grow into owned pixels beside it. */
export function takeStubs(taken: Uint8Array, owned: Uint8Array, columns: number, steps: number): void {
  if (steps === 0) return;
  const isFree = (i: number): boolean => owned[i] === 1 && taken[i] === 0;
  let front: number[] = [];
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 1 && (isFree(i - 1) || isFree(i + 1) || isFree(i - columns) || isFree(i + columns))) {
      front.push(i);
    }
  }
  for (let step = 0; step < steps; step++) {
    const next: number[] = [];
    const take = (i: number): void => {
      if (!isFree(i)) return;
      taken[i] = 1;
      next.push(i);
    };
    for (const i of front) {
      const column = i % columns;
      if (column > 0) take(i - 1);
      if (column < columns - 1) take(i + 1);
      take(i - columns);
      take(i + columns);
    }
    front = next;
  }
}
