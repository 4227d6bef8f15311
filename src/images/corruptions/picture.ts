/** 28 × 28 grey levels, row after row: 0 is background, 1 ink. */
export type Picture = Float64Array;

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** The place that geometric corruptions leave where it is: the middle of the image, between four pixels. */
export const CENTRE = 13.5;

/** b / 255 by byte. */
const GREY = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/** The image (784 bytes) as grey levels, written to `picture`. */
export function toPicture(image: ArrayLike<number>, picture: Picture): Picture {
  for (let i = 0; i < PIXELS; i++) picture[i] = GREY[image[i]];
  return picture;
}

/** ⌊255·x + ½⌋ with x clipped to [0, 1], written to `bytes`. */
export function toBytes(picture: Picture, bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < PIXELS; i++) {
    const x = picture[i];
    bytes[i] = x <= 0 ? 0 : x >= 1 ? 255 : Math.floor(255 * x + 0.5);
  }
  return bytes;
}
