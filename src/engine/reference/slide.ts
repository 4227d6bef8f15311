import type { Padding, Pair } from '../ops/geometry.ts';

export interface Sliding {
  readonly places: Pair;
  /** Calls `visit` for each place of the window (row-major) and each pixel of the image that it sees there (row-major), each with its number; `tap`: the pixel's place in the window. */
  readonly each: (visit: (place: number, pixel: number, tap: number) => void) => void;
}

/** A window over an image of height × width pixels. */
export function slide(height: number, width: number, size: Pair, strides: Pair, padding: Padding): Sliding {
  const extents = [height, width];
  const places = extents.map((extent, a) =>
    Math.ceil((padding === 'same' ? extent : extent - size[a] + 1) / strides[a]),
  );
  const before = extents.map((extent, a) =>
    padding === 'same' ? Math.floor(Math.max((places[a] - 1) * strides[a] + size[a] - extent, 0) / 2) : 0,
  );
  return {
    places: [places[0], places[1]],
    each: (visit) => {
      for (let oy = 0; oy < places[0]; oy++) {
        for (let ox = 0; ox < places[1]; ox++) {
          for (let ky = 0; ky < size[0]; ky++) {
            for (let kx = 0; kx < size[1]; kx++) {
              const iy = oy * strides[0] + ky - before[0];
              const ix = ox * strides[1] + kx - before[1];
              if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
              visit(oy * places[1] + ox, iy * width + ix, ky * size[1] + kx);
            }
          }
        }
      }
    },
  };
}
