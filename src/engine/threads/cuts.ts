/** The places at which a kernel's outputs are cut: thread t has those from cut[t] to before cut[t + 1]; thread 0 is the one that calls. Not from 0 on where a call is a part of a longer one. */
export type Cut = readonly number[];

/** Rows of a batch are cut in fours, the tiles of `assembly/dense.ts`. */
export const ROW_TILE = 4;
/** Floats of weights are cut at multiples of this: four rows of a block of 32 columns (`assembly/layout.ts`). */
const WEIGHT_TILE = 128;
/** Fewer weights are one thread's business, since what one core has written costs another about as much to read as to compute: these the calling one's, still fewer the first helper's. */
export const FEWEST_WEIGHTS = 4_096;
const FEW_WEIGHTS = 1024;

export function cutRows(rows: number, threads: number): Cut {
  return cutRange(0, rows, threads, ROW_TILE);
}

export function cutWeights(count: number, threads: number): Cut {
  if (count < FEWEST_WEIGHTS) {
    const owner = count < FEW_WEIGHTS && threads > 1 ? 1 : 0;
    return cutEvenly(0, threads).map((_, t) => (t <= owner ? 0 : count));
  }
  return cutInTiles(count, threads);
}

export function cutInTiles(count: number, threads: number): Cut {
  const tiles = Math.floor(count / WEIGHT_TILE);
  return cutEvenly(tiles, threads).map((tile, t) => (t === threads ? count : tile * WEIGHT_TILE));
}

/** 0 … count in as many parts as threads, the first ones the smaller. */
export function cutEvenly(count: number, threads: number): number[] {
  // A step asks for dozens.
  const cut: number[] = [];
  for (let t = 0; t <= threads; t++) cut.push(Math.floor((count * t) / threads));
  return cut;
}

/** From … to, in multiples of `tile` from `from` on. */
export function cutRange(from: number, to: number, threads: number, tile: number): Cut {
  const cut = cutEvenly(Math.ceil((to - from) / tile), threads);
  for (let t = 0; t <= threads; t++) cut[t] = Math.min(to, from + tile * cut[t]);
  return cut;
}

/** What the arguments `first` and the one after it say, of `count`: all where they are not given. */
export function rangeOf(args: readonly number[], first: number, count: number): [from: number, to: number] {
  return [args[first] || 0, args[first + 1] || count];
}
