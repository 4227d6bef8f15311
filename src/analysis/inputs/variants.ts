/** Images as they may have been meant: for each what a pixel 0 … 255 of images becomes, or where it comes from. */
export const IMAGE_VARIANTS = {
  /** Black on white for white on black. */
  inverted: (pixels) => pixels.map((value) => 255 - value),
  /** Rows for columns, as in EMNIST's files. */
  transposed: (pixels, extents) => turned(pixels, extents),
  both: (pixels, extents) => turned(pixels, extents)?.map((value) => 255 - value),
  /** The brightest pixel of all at 255, where the bytes are 0 and 1 or 0 to 15. */
  stretched: (pixels) => {
    const largest = pixels.reduce((most, value) => Math.max(most, value), 1);
    return pixels.map((value) => Math.round((255 * value) / largest));
  },
} satisfies Record<string, (pixels: Uint8Array, extents: Extents) => Uint8Array | undefined>;

/** [rows, columns, channels] of one image. */
export type Extents = readonly [rows: number, columns: number, channels: number];

export type ImageVariant = keyof typeof IMAGE_VARIANTS;

/** Ways to scale bytes before a network that does not do it itself. */
export const PIXEL_SCALES = {
  'from 0 to 1': (value: number) => value / 255,
  'from −1 to 1': (value: number) => value / 127.5 - 1,
  /** By MNIST's mean and standard deviation, as PyTorch's examples do. */
  'less .1307, over .3081': (value: number) => (value / 255 - 0.1307) / 0.3081,
} as const;

export type PixelScale = keyof typeof PIXEL_SCALES;

/** Undefined for images that are not square. */
function turned(pixels: Uint8Array, [rows, columns, channels]: Extents): Uint8Array | undefined {
  if (rows !== columns) return undefined;
  const size = rows * columns * channels;
  const result = new Uint8Array(pixels.length);
  for (let first = 0; first < pixels.length; first += size) {
    for (let k = 0; k < size; k++) {
      const [pixel, channel] = [Math.floor(k / channels), k % channels];
      const to = (pixel % columns) * columns + Math.floor(pixel / columns);
      result[first + to * channels + channel] = pixels[first + k];
    }
  }
  return result;
}
