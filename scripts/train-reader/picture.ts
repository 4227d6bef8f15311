/** Grey pixels, row by row, 0 paper and 255 ink. */
export interface Ink {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

export const SIDE = 28;

export function inkOf(image: Uint8Array): Ink {
  return { rows: SIDE, columns: SIDE, data: image };
}

/** The part of a picture. */
export function cropped({ columns, data }: Ink, { left, top, width, height }: Box): Ink {
  const part = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top + row) * columns + left;
    part.set(data.subarray(from, from + width), row * width);
  }
  return { rows: height, columns: width, data: part };
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Of the pixels above 0; undefined where there are none. */
export function inkBox({ rows, columns, data }: Ink): Box | undefined {
  let [left, top, right, bottom] = [columns, rows, -1, -1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (data[row * columns + column] === 0) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Means over the pixels' areas. */
export function averaged(ink: Ink, rows: number, columns: number): Ink {
  const data = new Uint8Array(rows * columns);
  const [perX, perY] = [ink.columns / columns, ink.rows / rows];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x0, x1, y0, y1] = [column * perX, (column + 1) * perX, row * perY, (row + 1) * perY];
      let sum = 0;
      for (let y = Math.floor(y0); y < y1; y++) {
        const covered = Math.min(y + 1, y1) - Math.max(y, y0);
        for (let x = Math.floor(x0); x < x1; x++) {
          sum += (Math.min(x + 1, x1) - Math.max(x, x0)) * covered * ink.data[y * ink.columns + x];
        }
      }
      data[row * columns + column] = Math.floor(sum / (perX * perY) + 0.5);
    }
  }
  return { rows, columns, data };
}

/** Several times as large, bilinear between the pixels' centres, the border repeated. */
export function enlarged(ink: Ink, factor: number): Ink {
  const [rows, columns] = [ink.rows * factor, ink.columns * factor];
  const data = new Uint8Array(rows * columns);
  const place = (k: number, extent: number): [number, number, number] => {
    const at = Math.min(extent - 1, Math.max(0, (k + 0.5) / factor - 0.5));
    return [Math.floor(at), Math.min(extent - 1, Math.floor(at) + 1), at - Math.floor(at)];
  };
  for (let row = 0; row < rows; row++) {
    const [upper, lower, down] = place(row, ink.rows);
    for (let column = 0; column < columns; column++) {
      const [left, right, across] = place(column, ink.columns);
      const between = (y: number): number =>
        ink.data[y * ink.columns + left] * (1 - across) + ink.data[y * ink.columns + right] * across;
      data[row * columns + column] = Math.floor(between(upper) * (1 - down) + between(lower) * down + 0.5);
    }
  }
  return { rows, columns, data };
}
