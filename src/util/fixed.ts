/**
 * A finite number, |x| < 1e21, with so many digits (0 to 10) after the point, as Python's `.2f` and C's `%.2f`: to the nearest, and half to even
 * where x lies exactly between two; `toFixed` takes the larger then (0.125 is 0.12, not 0.13).
 */
export function fixed(x: number, digits: number): string {
  const exact = Math.abs(x).toFixed(100);
  const end = exact.indexOf('.') + 1 + digits;
  const below = digits === 0 ? exact.slice(0, end - 1) : exact.slice(0, end);
  const tie = /^50*$/.test(exact.slice(end));
  if (!tie || /[13579]$/.test(below)) return x.toFixed(digits);
  return x < 0 ? `-${below}` : below;
}
