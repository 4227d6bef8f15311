/** Grey levels of one channel, row after row: 0 is background, 1 ink. */
export interface Picture extends PictureSize {
  readonly values: Float64Array;
}

export interface PictureSize {
  readonly rows: number;
  readonly columns: number;
}

/** The size for which the published parameters were chosen. */
export const MNIST_SIZE: PictureSize = { rows: 28, columns: 28 };

/** The same picture with other values. */
export function withValues({ rows, columns }: PictureSize, values: Float64Array): Picture {
  return { values, rows, columns };
}

/** What a length chosen for 28 pixels is multiplied by: the shorter side over 28; 1 at 28 × 28, so that nothing changes there. */
export function scaleOf({ rows, columns }: PictureSize): number {
  return Math.min(rows, columns) / 28;
}

/** So many pixels of 28 in a picture of this size: rounded half upwards, at least 1. */
export function wholePixels(pixels: number, size: PictureSize): number {
  return Math.max(1, Math.floor(pixels * scaleOf(size) + 0.5));
}

/** A scaled length as it is written: at most two decimals. */
export function lengthText(length: number): string {
  return String(Number(length.toFixed(2)));
}

/** b / 255 by byte. */
const GREY = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Channel `channel` of `channels` of an image, its bytes side by side in each pixel, written to `picture`. */
export function toPicture(
  image: ArrayLike<number>,
  { values, rows, columns }: Picture,
  channel: number,
  channels: number,
): Picture {
  for (let i = 0; i < values.length; i++) values[i] = GREY[image[i * channels + channel]];
  return { values, rows, columns };
}

/** ⌊255·x + ½⌋ with x clipped to [0, 1], written to that channel of `bytes`. */
export function toBytes({ values }: Picture, bytes: Uint8Array, channel: number, channels: number): void {
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    bytes[i * channels + channel] = x <= 0 ? 0 : x >= 1 ? 255 : Math.floor(255 * x + 0.5);
  }
}
