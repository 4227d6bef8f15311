/** Images as they may have been meant: for each what a pixel 0 … 255 of [n][28][28] bytes becomes, or where it comes from. */
export const IMAGE_VARIANTS = {
  /** Black on white for white on black. */
  inverted: (pixels) => pixels.map((value) => 255 - value),
  /** Rows for columns, as in EMNIST's files. */
  transposed: (pixels) => turned(pixels),
  both: (pixels) => turned(pixels).map((value) => 255 - value),
  /** The brightest pixel of all at 255, where the bytes are 0 and 1 or 0 to 15. */
  stretched: (pixels) => {
    const largest = pixels.reduce((most, value) => Math.max(most, value), 1);
    return pixels.map((value) => Math.round((255 * value) / largest));
  },
} satisfies Record<string, (pixels: Uint8Array) => Uint8Array>;

export type ImageVariant = keyof typeof IMAGE_VARIANTS;

/** Ways to scale bytes before a network that does not do it itself. */
export const PIXEL_SCALES = {
  'from 0 to 1': (value: number) => value / 255,
  'from −1 to 1': (value: number) => value / 127.5 - 1,
  /** By MNIST's mean and standard deviation, as PyTorch's examples do. */
  'less .1307, over .3081': (value: number) => (value / 255 - 0.1307) / 0.3081,
} as const;

export type PixelScale = keyof typeof PIXEL_SCALES;

const SIDE = 28;
const PIXELS = SIDE * SIDE;

function turned(pixels: Uint8Array): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let first = 0; first < pixels.length; first += PIXELS) {
    for (let k = 0; k < PIXELS; k++) {
      result[first + (k % SIDE) * SIDE + Math.floor(k / SIDE)] = pixels[first + k];
    }
  }
  return result;
}
