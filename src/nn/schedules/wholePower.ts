/** base^n for whole n >= 0, by squaring, of × alone and so the same on every machine; relative error below n · 2⁻⁵². */
export function wholePower(base: number, n: number): number {
  let power = 1;
  for (let square = base, rest = n; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) power *= square;
  }
  return power;
}
