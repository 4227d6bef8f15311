/** Rows of pixels, channels last. */
export interface Picture {
  readonly data: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/**
 * A picture as `high` × `wide` pixels, its form kept: the side that is the longer one beside theirs becomes as long as it may, the other in proportion (rounded, at least 1), in the middle
 * (half a pixel up or left), around it the mean of its own border. Each pixel is the mean of the area that it covers, rounded. Only + − × ÷: the same bytes everywhere.
 */
export function scaledTo(picture: Picture, high: number, wide: number): Uint8Array {
  const { data, rows, columns, channels } = picture;
  if (rows === high && columns === wide) return data;
  const upright = rows * wide >= columns * high;
  const height = upright ? high : Math.max(1, Math.round((rows * wide) / columns));
  const width = upright ? Math.max(1, Math.round((columns * high) / rows)) : wide;
  const top = Math.floor((high - height) / 2);
  const left = Math.floor((wide - width) / 2);
  const result = new Uint8Array(high * wide * channels);
  const down = shares(rows, height);
  const across = shares(columns, width);
  for (let channel = 0; channel < channels; channel++) {
    if (height < high || width < wide) {
      const paper = Math.round(borderMean(picture, channel));
      for (let i = channel; i < result.length; i += channels) result[i] = paper;
    }
    const narrow = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < width; j++) {
        const { from, weights } = across[j];
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k] * data[(row * columns + from + k) * channels + channel];
        }
        narrow[row * width + j] = sum;
      }
    }
    for (let i = 0; i < height; i++) {
      const { from, weights } = down[i];
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * narrow[(from + k) * width + j];
        result[((top + i) * wide + left + j) * channels + channel] = Math.floor(sum + 0.5);
      }
    }
  }
  return result;
}

/** `scaledTo` a square. */
export function scaledToSquare(picture: Picture, side: number): Uint8Array {
  return scaledTo(picture, side, side);
}

/** What each of `to` equal stretches of a line has of its `from` pixels; the weights of one sum to 1. */
function shares(from: number, to: number): { from: number; weights: Float64Array }[] {
  return Array.from({ length: to }, (_, i) => {
    const start = (i * from) / to;
    const end = ((i + 1) * from) / to;
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end));
    const weights = new Float64Array(last - first);
    for (let k = first; k < last; k++) {
      weights[k - first] = ((Math.min(end, k + 1) - Math.max(start, k)) * to) / from;
    }
    return { from: first, weights };
  });
}

/** The mean of the outermost pixels. */
export function borderMean({ data, rows, columns, channels }: Picture, channel = 0): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const step = row === 0 || row === rows - 1 || columns === 1 ? 1 : columns - 1;
    for (let column = 0; column < columns; column += step) {
      sum += data[(row * columns + column) * channels + channel];
      count++;
    }
  }
  return sum / count;
}
