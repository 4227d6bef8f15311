/** How far a window is from the reference, in a unit that does not grow with the number of images; 0 is no drift. */
export interface Effect {
  readonly estimate: number;
  /** From the images of the window and of the reference. */
  readonly standardError: number;
}

/** The interval of `z` standard errors on each side. */
export function intervalOf({ estimate, standardError }: Effect, z: number): { low: number; high: number } {
  return { low: estimate - z * standardError, high: estimate + z * standardError };
}

/** The end of that interval that is nearer to 0, without its sign; 0 where the interval holds 0. */
export function certainly(effect: Effect, z: number): number {
  return Math.max(0, Math.abs(effect.estimate) - z * effect.standardError);
}

/** Mean and variance (of n − 1) of a sample of at least two values. */
export function meanAndVariance(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) * (values[i] - mean);
  return { mean, variance: squares / (values.length - 1) };
}
