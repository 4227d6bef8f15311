import type { Picture } from '../../../images/scale.ts';
import type { ImageKind } from '../kind.ts';
import { refuse } from '../refuse.ts';

/** The most pixels of one image, unless fewer are asked for: 8,192 × 8,192. */
export const MOST_PIXELS = 0x400_0000;

/** Throws E_DATA unless an image has pixels, and no more than its file can hold and than are read (`most`). */
export function requireSize(
  file: string,
  kind: ImageKind,
  rows: number,
  columns: number,
  held: number,
  most: number,
): void {
  if (rows === 0 || columns === 0) {
    refuse(file, { expected: 'an image with pixels', received: `a ${kind} of ${columns} × ${rows}` });
  }
  if (rows * columns > Math.min(most, held)) {
    refuse(file, {
      expected:
        rows * columns > most
          ? `an image of at most ${most} pixels`
          : `at most ${Math.floor(held)} pixels, which is what the file can hold`,
      received: `a header of ${columns} × ${rows}`,
      remedy:
        rows * columns > held ? 'The file is damaged or made to fill the memory.' : 'Make the image smaller.',
    });
  }
}

/** A picture with `orientation` of EXIF (1 to 8) undone: turned and mirrored as it was meant to be seen. */
export function oriented(picture: Picture, orientation: number): Picture {
  if (!(orientation > 1 && orientation <= 8)) return picture;
  const { data, rows, columns, channels } = picture;
  const [high, wide] = orientation > 4 ? [columns, rows] : [rows, columns];
  const [right, bottom, corner] = [columns - 1, (rows - 1) * columns, rows * columns - 1];
  // Where the upright picture's first pixel lies in the stored one, and how far from it those below and beside it.
  const [first, down, across] = [
    [right, columns, -1],
    [corner, -columns, -1],
    [bottom, -columns, 1],
    [0, 1, columns],
    [bottom, 1, -columns],
    [corner, -1, -columns],
    [right, -1, columns],
  ][orientation - 2];
  const result = new Uint8Array(data.length);
  let to = 0;
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const from = (first + row * down + column * across) * channels;
      for (let k = 0; k < channels; k++) result[to++] = data[from + k];
    }
  }
  return { data: result, rows: high, columns: wide, channels };
}

/** The orientation that EXIF's TIFF block states; 1, upright, where it states none. */
export function exifOrientation(tiff: Uint8Array): number {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return 1;
  const count = view.getUint16(start, little);
  for (let k = 0; k < count; k++) {
    const at = start + 2 + 12 * k;
    if (at + 12 > tiff.length) return 1;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
  }
  return 1;
}

/**
 * Without transparency: on white where the opaque pixels are dark on average, on black where they are light, so that ink stays visible. One channel (grey) or
 * three.
 */
export function opaque(picture: Picture): Picture {
  const { data, rows, columns, channels } = picture;
  if (channels === 1 || channels === 3) return picture;
  const colours = channels - 1;
  const pixels = rows * columns;
  let light = 0;
  let mass = 0;
  for (let i = 0; i < pixels; i++) {
    const alpha = data[i * channels + colours];
    mass += alpha;
    light += alpha * greyOf(data, i * channels, colours);
  }
  const paper = light > 127.5 * mass ? 0 : 255;
  const result = new Uint8Array(pixels * colours);
  for (let i = 0; i < pixels; i++) {
    const alpha = data[i * channels + colours];
    for (let k = 0; k < colours; k++) {
      result[i * colours + k] = Math.round((data[i * channels + k] * alpha + paper * (255 - alpha)) / 255);
    }
  }
  return { data: result, rows, columns, channels: colours };
}

/** One channel: (19,595 R + 38,470 G + 7,471 B) / 65,536, rounded (ITU-R BT.601 in 16 bits, as Pillow has it). */
export function grey({ data, rows, columns, channels }: Picture): Picture {
  if (channels === 1) return { data, rows, columns, channels };
  const result = new Uint8Array(rows * columns);
  for (let i = 0; i < result.length; i++) result[i] = greyOf(data, i * channels, channels);
  return { data: result, rows, columns, channels: 1 };
}

/** Three channels. */
export function coloured({ data, rows, columns, channels }: Picture): Picture {
  if (channels === 3) return { data, rows, columns, channels };
  const result = new Uint8Array(rows * columns * 3);
  for (let i = 0; i < rows * columns; i++) result.fill(data[i], i * 3, i * 3 + 3);
  return { data: result, rows, columns, channels: 3 };
}

/** Whether more than half of the pixels have a colour: channels more than 32 apart. Blue ink on paper has not. */
export function isColoured({ data, channels }: Picture): boolean {
  if (channels !== 3) return false;
  let colours = 0;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 32) colours++;
  }
  return colours * 6 > data.length;
}

function greyOf(data: Uint8Array, at: number, colours: number): number {
  if (colours === 1) return data[at];
  return (data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 0x8000) >> 16;
}
