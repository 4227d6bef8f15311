/** Decimals that tell an axis' ticks apart, and write each as it is: of about `count` over the domain, whose step is 1, 2 or 5 times a power of ten, as d3 chooses it. */
export function tickDigits([low, high]: readonly [low: number, high: number], count: number): number {
  const step = (high - low) / count;
  const power = Math.floor(Math.log10(step));
  // The geometric mean of 5 and 10: beyond it the step is the next power.
  return Math.max(0, step / 10 ** power >= Math.sqrt(50) ? -power - 1 : -power);
}
