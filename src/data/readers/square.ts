/** Whether a number of pixels is that of a square image. */
export function isSquare(pixels: number): boolean {
  const side = Math.round(Math.sqrt(pixels));
  return side > 0 && side * side === pixels;
}
