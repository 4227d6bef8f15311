import type { Picture } from '../../src/images/scale.ts';
import { greyOf } from '../../src/reading/grey.ts';
import { linesOf } from '../../src/reading/lines.ts';
import { marksOf } from '../../src/reading/marks.ts';
import { type PlacedInk, type Pieces, piecesOf } from '../../src/reading/pieces.ts';
import { segmentsOf } from '../../src/reading/path.ts';
import type { Random } from '../../src/util/random.ts';
import { blank, enlarged, inkBox, onPaper, put, type Sheet } from '../../test/support/writtenPictures.ts';
import { between } from './draw.ts';
import { NONE } from './recipe.ts';

export interface Labelled {
  readonly image: Uint8Array;
  readonly label: number;
}

/** Digits to make pictures of. */
export interface Source {
  readonly images: readonly Uint8Array[];
  readonly labels: ArrayLike<number>;
}

/**
 * A part of a row is a digit if it holds at least that share of the digit's ink, and of others' at most so much, as a share of the same. It is no digit if it holds that much
 * of others', or has less than the other share of its own and does not look like a digit. Between them it is left out.
 */
const HELD = [0.9, 0.75] as const;
const FOREIGN = [0.1, 0.3] as const;
/** Of the parts whose ends are not near those of a digit, in heights of the line, one in so many is looked at. */
const NEAR = 0.15;
const OTHERS = 12;
/** Wrong cuts of a row that are taken at most, for each of its digits. */
const WRONG_CUTS = 2;

/**
 * Photographs of digits, and what is cut out of rows of touching ones: digits, and wrong cuts as no digit. `looksLikeDigit`: of pieces of digits, which are left out then.
 */
export function writtenExamples(
  { images, labels }: Source,
  amounts: { readonly photos: number; readonly rows: number },
  random: Random,
  looksLikeDigit: (image: Uint8Array) => boolean,
): Labelled[] {
  const examples: Labelled[] = [];
  for (let k = 0; k < amounts.photos; k++) {
    const index = random.integer(images.length);
    const image = photographed(images[index], random);
    if (image) examples.push({ image, label: labels[index] });
  }
  for (let k = 0; k < amounts.rows; k++) {
    const chosen = Array.from({ length: 2 + random.integer(3) }, () => random.integer(images.length));
    const row = {
      images: chosen.map((index) => images[index]),
      labels: chosen.map((index) => labels[index]),
    };
    examples.push(...cutFromRow(row, random, looksLikeDigit));
  }
  return examples;
}

/** The image of one digit as the library normalises it from a picture of it: enlarged, on paper, found again. Undefined where nothing was found. */
function photographed(image: Uint8Array, random: Random): Uint8Array | undefined {
  const factor = between(random, 1.5, 4);
  const ink = enlarged(image, 28, factor);
  const margin = (): number => Math.round(factor * between(random, 2, 8));
  const [top, left] = [margin(), margin()];
  const sheet = blank(ink.rows + top + margin(), ink.columns + left + margin());
  put(sheet, ink, left, top);
  const pieces = piecesIn(written(sheet, random), () => true);
  return pieces?.imageOf(0, pieces.boxes.length - 1);
}

/** What the library cuts out of a row of digits that touch or overlap: of each digit the part that holds it best, and some of what was cut wrongly. */
function cutFromRow(
  { images, labels }: Source,
  random: Random,
  looksLikeDigit: (image: Uint8Array) => boolean,
): Labelled[] {
  const row = rowOf(images, random);
  const pieces = piecesIn(written(row.sheet, random), () => false);
  if (!pieces) return [];
  const reach = NEAR * pieces.height;
  const digits = new Map<number, Labelled & { readonly score: number }>();
  const wrong: Labelled[] = [];
  for (const { from, to, box } of segmentsOf(pieces)) {
    const isNear = row.boxes.some(
      ({ left, right }) => Math.abs(left - box.left) <= reach && Math.abs(right - box.right) <= reach,
    );
    if (!isNear && random.integer(OTHERS) > 0) continue;
    const { held, foreign, owner } = heldIn(pieces.inkOf(from, to), row);
    if (held >= HELD[0] && foreign <= FOREIGN[0]) {
      const score = held - foreign;
      if (score <= (digits.get(owner)?.score ?? 0)) continue;
      digits.set(owner, { image: pieces.imageOf(from, to), label: labels[owner], score });
    } else if (foreign >= FOREIGN[1] || held < HELD[1]) {
      const image = pieces.imageOf(from, to);
      if (foreign >= FOREIGN[1] || !looksLikeDigit(image)) wrong.push({ image, label: NONE });
    }
  }
  const some = random.shuffle(Uint32Array.from(wrong.keys())).subarray(0, WRONG_CUTS * images.length);
  return [
    ...Array.from(digits.values(), ({ image, label }) => ({ image, label })),
    ...Array.from(some, (k) => wrong[k]),
  ];
}

/** Dark on paper, or light on it; now and then in uneven light. */
function written(sheet: Sheet, random: Random): Picture {
  const paper = between(random, 130, 250);
  const dark = random.integer(8) > 0;
  const slope = random.integer(3) === 0 ? between(random, -0.4, 0.4) : 0;
  const [level, ink] = [paper, paper * (1 - between(random, 0.4, 0.95))];
  return onPaper(
    sheet,
    {
      ...{ paper: [dark ? level : ink], ink: [dark ? ink : level] },
      ...{ texture: between(random, 0, 5), noise: between(random, 0, 5) },
      light: (x) => 1 - Math.abs(slope) / 2 + (slope * x) / sheet.columns / 2,
    },
    random,
  );
}

/** Of the line that the picture holds; undefined where it holds none or several. */
function piecesIn(picture: Picture, isWhole: () => boolean): Pieces | undefined {
  const marks = marksOf(greyOf(picture));
  const lines = linesOf(marks.components, marks.height);
  return lines.length === 1 ? piecesOf(lines[0], marks.ink, marks.labels, marks.floor, isWhole) : undefined;
}

interface Row {
  readonly sheet: Sheet;
  /** Of each digit alone, by pixel of the sheet, and all of it. */
  readonly inks: readonly Float64Array[];
  readonly totals: readonly number[];
  readonly boxes: readonly { readonly left: number; readonly right: number }[];
  /** By pixel whose ink is the strongest, −1 where there is none. */
  readonly owners: Int8Array;
}

/** Digits side by side, up to five pixels of their images overlapping or one apart, up or down by up to two. */
function rowOf(images: readonly Uint8Array[], random: Random): Row {
  const factor = between(random, 2, 3.5);
  const margin = Math.round(8 * factor);
  const middle = margin + Math.round(10 * factor);
  const placed: { ink: Sheet; left: number; top: number }[] = [];
  const boxes: { left: number; right: number }[] = [];
  let end = margin;
  for (const image of images) {
    const ink = enlarged(image, 28, factor);
    const box = inkBox(ink);
    const left = end + (end === margin ? 0 : Math.round(between(random, -5, 1) * factor));
    const down = Math.round((box.top + box.bottom) / 2 + between(random, -2, 2) * factor);
    placed.push({ ink, left: left - box.left, top: middle - down });
    end = left + box.right - box.left + 1;
    boxes.push({ left, right: end });
  }
  const sheet = blank(2 * middle, end + margin);
  const owners = new Int8Array(sheet.data.length).fill(-1);
  const inks = placed.map(({ ink, left, top }, k) => {
    const alone = blank(sheet.rows, sheet.columns);
    put(alone, ink, left, top);
    alone.data.forEach((value, i) => {
      if (value > sheet.data[i]) [sheet.data[i], owners[i]] = [value, k];
    });
    return alone.data;
  });
  const totals = inks.map((ink) => ink.reduce((sum, value) => sum + value, 0));
  return { sheet, inks, totals, boxes, owners };
}

/** Whose ink most of a part is, the share of that ink which it holds, and how much of others', as a share of the same. */
function heldIn(
  { data, rows, columns, left, top }: PlacedInk,
  { sheet, inks, totals, owners }: Row,
): { held: number; foreign: number; owner: number } {
  const held = inks.map(() => 0);
  const owned = inks.map(() => 0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (data[row * columns + column] === 0) continue;
      const at = (row + top) * sheet.columns + column + left;
      if (owners[at] < 0) continue;
      for (let k = 0; k < inks.length; k++) held[k] += inks[k][at];
      owned[owners[at]] += inks[owners[at]][at];
    }
  }
  const owner = held.indexOf(Math.max(...held));
  const foreign = owned.reduce((sum, ink, k) => (k === owner ? sum : sum + ink), 0);
  return { held: held[owner] / totals[owner], foreign: foreign / totals[owner], owner };
}
