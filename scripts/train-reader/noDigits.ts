import { type PenStroke, rasterizeStrokes } from '../../src/images/rasterize.ts';
import type { Random } from '../../src/util/random.ts';
import { between, byHand, slanted, smooth } from './draw.ts';
import { normalised } from '../../src/reading/normalise.ts';
import { cropped, type Ink, inkBox, inkOf, SIDE } from './picture.ts';
import type { AMOUNTS } from './recipe.ts';

/** Digits that pieces and pairs are made of. */
export interface Digits {
  readonly images: readonly Uint8Array[];
  readonly drawings: readonly (readonly PenStroke[])[];
  /** Whether a piece of a digit looks like one itself, as the right half of an 8 does. */
  readonly looksLikeDigit: (image: Uint8Array) => boolean;
}

type Maker = (random: Random, digits: Digits) => Uint8Array | undefined;

const pen = (random: Random): number => between(random, 1.4, 4.5);

/** One example of each kind, 28 × 28 bytes; undefined where the draw gave none. An upright stroke is a 1 and none of these. */
export const NO_DIGITS: Readonly<Record<keyof typeof AMOUNTS.noDigits, Maker>> = {
  /** Two or three of MNIST's digits, touching or not, side by side or one above the other, as one. */
  pairs(random, { images }) {
    const isStack = random.integer(20) === 0;
    const next = (): Ink => (isStack ? turned(inkOf(pick(images, random))) : inkOf(pick(images, random)));
    let row = next();
    for (let more = random.integer(5) === 0 ? 2 : 1; more > 0; more--) {
      row = joined(row, next(), random.integer(11) - 4, random.integer(7) - 3);
    }
    return normalised(isStack ? turned(row) : row);
  },

  drawnPairs(random, { drawings }) {
    const [first, second] = [pick(drawings, random), pick(drawings, random)];
    const [a, b] = [extent(first), extent(second)];
    const overlap = Math.min(a.right - a.left, b.right - b.left) / 5;
    const right = a.right - b.left + between(random, -overlap, 350);
    const down = between(random, -150, 150);
    const moved = second.map((stroke) => Array.from(stroke, (v, k) => v + (k % 2 === 0 ? right : down)));
    return rasterizeStrokes([...first, ...moved], between(random, 1.2, 3));
  },

  pieces: (random, digits) => pieceOf(pick(digits.images, random), random, digits),

  drawnPieces: (random, digits) =>
    pieceOf(rasterizeStrokes(pick(digits.drawings, random), pen(random)), random, digits),

  /** One to three curves through many points. */
  scribbles(random) {
    const curves = 1 + random.integer(3);
    const strokes = Array.from({ length: curves }, () => {
      const count = Math.ceil((7 + random.integer(8)) / curves) + 2;
      return smooth(points(random, count));
    });
    return rasterizeStrokes(slanted(strokes, random), pen(random));
  },

  /** What a pen as wide as that makes of a few points. */
  blobs(random) {
    const walk = smooth(points(random, 2 + random.integer(4)));
    const shape = between(random, 0.4, 1);
    const flat = Array.from(walk, (value, k) => (k % 2 === 0 ? value : value * shape));
    const image = rasterizeStrokes([flat], between(random, 8, 17));
    return random.integer(2) === 0 ? image : mottled(image, random);
  },

  dots: (random) => rasterizeStrokes([[0, 0]], between(random, 2, 20)),

  /** A level line, or several side by side or one above the other. */
  lines(random) {
    const level = random.integer(2) === 0;
    const count = level ? 1 + random.integer(3) : 2 + random.integer(3);
    const [run, rise] = [1000, between(random, -500, 500)];
    const apart = between(random, 300, 600);
    const strokes = Array.from({ length: count }, (_, k) => {
      const from = k * apart + between(random, -40, 40);
      const bend = between(random, -80, 80);
      const [a, b, c] = [from, from + rise / 2 + bend, from + rise];
      return level ? smooth([0, a, run / 2, b, run, c]) : smooth([a / 2, 0, b / 2, run / 2, c / 2, run]);
    });
    // A wide pen would make one thick 1 of upright lines.
    return rasterizeStrokes(strokes, level ? pen(random) : between(random, 1.2, 2.3));
  },

  /** Two or more lines through each other: crosses, stars, grids. */
  crossings(random) {
    const lines = 2 + random.integer(3);
    const strokes = Array.from({ length: lines }, (_, k) => {
      const off = between(random, -150, 150);
      const lean = between(random, -150, 150);
      const second = k > 1 ? between(random, 250, 400) : 0;
      return k % 2 === 0
        ? [0, 500 + off + second, 1000, 500 + lean + second]
        : [500 + off + second, 0, 500 + lean + second, 1000];
    });
    return rasterizeStrokes(
      byHand(random.integer(2) === 0 ? diagonal(strokes) : strokes, random, 40),
      pen(random),
    );
  },

  /** Up and down several times, or round and round. */
  zigzags(random) {
    if (random.integer(3) === 0) return rasterizeStrokes([spiral(random)], between(random, 1, 2));
    const turns = 5 + random.integer(6);
    const zigzag = Array.from({ length: turns }, (_, k) => [
      k * between(random, 150, 350),
      (k % 2) * 1000 + between(random, -200, 200),
    ]).flat();
    const stroke = random.integer(2) === 0 ? byHand([zigzag], random, 30) : [smooth(zigzag)];
    return rasterizeStrokes(stroke, pen(random));
  },

  letters(random) {
    const strokes = byHand(pick(LETTERS, random), random, 70);
    return rasterizeStrokes(slanted(strokes, random), pen(random));
  },

  /** Short strokes here and there. */
  litter(random) {
    const strokes = Array.from({ length: 3 + random.integer(6) }, () => {
      const [x, y] = points(random, 1);
      return byHand([[x, y, x + between(random, -250, 250), y + between(random, -250, 250)]], random, 30)[0];
    });
    return rasterizeStrokes(strokes, pen(random));
  },
};

/** Letters and signs that no digit looks like, in a square of 1,000. */
const LETTERS: readonly (readonly (readonly number[])[])[] = [
  [
    [0, 1000, 450, 0, 900, 1000],
    [220, 600, 680, 600],
  ],
  [
    [650, 0, 0, 0, 0, 1000, 650, 1000],
    [0, 500, 550, 500],
  ],
  [
    [650, 0, 0, 0, 0, 1000],
    [0, 480, 500, 480],
  ],
  [
    [0, 0, 0, 1000],
    [700, 0, 700, 1000],
    [0, 500, 700, 500],
  ],
  [
    [0, 0, 0, 1000],
    [700, 0, 0, 550, 700, 1000],
  ],
  [[0, 1000, 100, 0, 500, 700, 900, 0, 1000, 1000]],
  [[0, 1000, 0, 0, 700, 1000, 700, 0]],
  [[0, 0, 250, 1000, 500, 250, 750, 1000, 1000, 0]],
  [[0, 1000, 0, 0, 450, 30, 600, 250, 450, 480, 0, 520, 650, 1000]],
  [
    [0, 0, 0, 1000, 600, 1000],
    [600, 0, 1000, 0],
  ],
  [
    [0, 400, 0, 1000],
    [0, 550, 250, 400, 450, 550, 450, 1000],
    [450, 550, 700, 400, 900, 550, 900, 1000],
  ],
  [
    [0, 0, 0, 1000],
    [0, 600, 300, 450, 550, 600, 550, 1000],
  ],
  [
    [200, 0, 100, 1000],
    [600, 0, 500, 1000],
    [0, 300, 700, 300],
    [0, 680, 700, 680],
  ],
  [
    [0, 0, 1000, 0, 1000, 1000, 0, 1000, 0, 0, 1000, 1000],
    [1000, 0, 0, 1000],
  ],
  [[0, 600, 350, 1000, 1000, 0]],
  [
    [0, 500, 1000, 500],
    [650, 200, 1000, 500, 650, 800],
  ],
];

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.integer(list.length)];
}

/** Uniform in a square of 1,000. */
function points(random: Random, count: number): number[] {
  return Array.from({ length: 2 * count }, () => between(random, 0, 1000));
}

/** By an eighth of a turn. */
function diagonal(strokes: readonly (readonly number[])[]): number[][] {
  return strokes.map((stroke) =>
    stroke.map((value, k) => (k % 2 === 0 ? value - stroke[k + 1] : value + stroke[k - 1])),
  );
}

/** Two and a half turns or more, outwards. */
function spiral(random: Random): PenStroke {
  // A turn by the angle with the tangent ⅓ of its half, about 37°.
  const [cos, sin] = [0.8, 0.6];
  const steps = 25 + random.integer(20);
  let [x, y, radius] = [1, 0, between(random, 0, 4)];
  const curve: number[] = [];
  for (let k = 0; k < steps; k++) {
    curve.push(radius * x, radius * y);
    [x, y] = [cos * x - sin * y, sin * x + cos * y];
    radius += 1;
  }
  return smooth(curve);
}

function extent(strokes: readonly PenStroke[]): { left: number; right: number } {
  const columns = strokes.flatMap((stroke) => Array.from(stroke).filter((_, k) => k % 2 === 0));
  return { left: Math.min(...columns), right: Math.max(...columns) };
}

/** The second's ink to the right of the first's. */
function joined(first: Ink, second: Ink, gap: number, down: number): Ink {
  const [a, b] = [inkBox(first)!, inkBox(second)!];
  // Not so far that the one lies within the other.
  const closest = -Math.floor(Math.min(a.width, b.width) / 4);
  const start = a.width + Math.max(gap, closest);
  // Six rows of room above and below, so that it may stand higher or lower.
  const [rows, columns] = [Math.max(first.rows, second.rows) + 12, start + b.width];
  const data = new Uint8Array(rows * columns);
  const put = (ink: Ink, box: typeof a, left: number, top: number): void => {
    const part = cropped(ink, box);
    for (let row = 0; row < box.height; row++) {
      for (let column = 0; column < box.width; column++) {
        const at = (top + row) * columns + left + column;
        data[at] = Math.max(data[at], part.data[row * box.width + column]);
      }
    }
  };
  put(first, a, 0, 6 + a.top);
  put(second, b, start, 6 + b.top + down);
  return { rows, columns, data };
}

/** Rows become columns. */
function turned({ rows, columns, data }: Ink): Ink {
  const image = new Uint8Array(data.length);
  data.forEach((byte, i) => (image[(i % columns) * rows + Math.floor(i / columns)] = byte));
  return { rows: columns, columns: rows, data: image };
}

/** Left or right of an upright cut, half or a third, or from an upper part. */
function pieceOf(image: Uint8Array, random: Random, { looksLikeDigit }: Digits): Uint8Array | undefined {
  const ink = inkOf(image);
  const box = inkBox(ink)!;
  if (box.width < 8) return undefined;
  const share = between(random, 0.3, 0.6);
  let part = box;
  const way = random.integer(5);
  const cut = Math.max(3, Math.floor(share * (way < 4 ? box.width : box.height)));
  if (way < 2) part = { ...box, width: cut };
  else if (way < 4) part = { ...box, left: box.left + box.width - cut, width: cut };
  else if (random.integer(2) === 0) part = { ...box, height: cut };
  else part = { ...box, top: box.top + box.height - cut, height: cut };
  const piece = normalised(cropped(ink, part));
  return inkBox(inkOf(piece)) && !looksLikeDigit(piece) ? piece : undefined;
}

/** Its ink of several greys, as of a photo. */
function mottled(image: Uint8Array, random: Random): Uint8Array {
  const greys = Array.from({ length: 49 }, () => between(random, 0.3, 1));
  return image.map((byte, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    return Math.floor(byte * greys[Math.floor(row / 4) * 7 + Math.floor(column / 4)]);
  });
}
