/** One channel, row after row. */
export interface Plane<D extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  readonly data: D;
  readonly rows: number;
  readonly columns: number;
}

/** Means of blocks of `factor` × `factor` pixels, in the last row and column of what is left. */
export function reduced(plane: Plane, factor: number): Plane<Float32Array> {
  const { data, rows, columns } = plane;
  const [high, wide] = [Math.ceil(rows / factor), Math.ceil(columns / factor)];
  const result = new Float32Array(high * wide);
  const sums = new Float64Array(wide);
  for (let i = 0; i < high; i++) {
    const [from, to] = [i * factor, Math.min(rows, (i + 1) * factor)];
    sums.fill(0);
    for (let row = from; row < to; row++) {
      const start = row * columns;
      for (let j = 0, column = 0; j < wide; j++) {
        const end = Math.min(columns, column + factor);
        let sum = 0;
        for (; column < end; column++) sum += data[start + column];
        sums[j] += sum;
      }
    }
    for (let j = 0; j < wide; j++) {
      const width = Math.min(columns, (j + 1) * factor) - j * factor;
      result[i * wide + j] = sums[j] / (width * (to - from));
    }
  }
  return { data: result, rows: high, columns: wide };
}

/** Means over (2 `radius` + 1)² pixels, at the edges of those that are there. */
export function blurred({ data, rows, columns }: Plane, radius: number): Plane<Float32Array> {
  const across = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) runningMean(data, across, row * columns, 1, columns, radius);
  const result = new Float32Array(data.length);
  for (let column = 0; column < columns; column++) {
    runningMean(across, result, column, columns, rows, radius);
  }
  return { data: result, rows, columns };
}

function runningMean(
  from: ArrayLike<number>,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  let held = 0;
  for (let i = 0; i < Math.min(count, radius); i++, held++) sum += from[start + i * step];
  for (let i = 0; i < count; i++) {
    if (i + radius < count) {
      sum += from[start + (i + radius) * step];
      held++;
    }
    if (i - radius > 0) {
      sum -= from[start + (i - radius - 1) * step];
      held--;
    }
    to[start + i * step] = sum / held;
  }
}

/** Grey closing: the largest value over (2 `radius` + 1)² pixels, then the least: dark forms thinner than that vanish, the edges of larger ones stay. */
export function closed(plane: Plane<Float32Array>, radius: number): Plane<Float32Array> {
  return extremes(extremes(plane, radius, 1), radius, -1);
}

/** The largest of `sign` times the values around each pixel. */
function extremes({ data, rows, columns }: Plane, radius: number, sign: 1 | -1): Plane<Float32Array> {
  const across = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) running(data, across, row * columns, 1, columns, radius, sign);
  const result = new Float32Array(data.length);
  for (let column = 0; column < columns; column++) {
    running(across, result, column, columns, rows, radius, sign);
  }
  return { data: result, rows, columns };
}

/** Of a line, by a queue of the places whose values can still become the extreme. */
function running(
  from: ArrayLike<number>,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
  sign: number,
): void {
  const queue = new Int32Array(count);
  let [head, tail, next] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    for (; next < count && next <= i + radius; next++) {
      const value = sign * from[start + next * step];
      while (tail > head && sign * from[start + queue[tail - 1] * step] <= value) tail--;
      queue[tail++] = next;
    }
    while (queue[head] < i - radius) head++;
    to[start + i * step] = from[start + queue[head] * step];
  }
}
