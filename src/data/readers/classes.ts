import type { RawExamples } from './parts.ts';
import { placeText, quoted, refuse } from './refuse.ts';

export interface Classified {
  readonly classes: readonly string[];
  /** One array for each of the examples given. */
  readonly labels: readonly Uint8Array[];
}

const MOST_CLASSES = 256;

/**
 * The classes of examples and every label as one of them. Without `names`, classes are those of the first examples, the training ones: whole numbers in
 * their order, which have to begin at 0 or 1 and leave none out, or names in the order of their characters. With `names`, labels are those names, or
 * places in them. Throws E_DATA, with file and place, for other labels, more than 256 classes, and a class without examples.
 */
export function classify(parts: readonly RawExamples[], names?: readonly string[]): Classified {
  const read = parts.map(labelsOf);
  const classes = names ?? classesOf(parts[0], read[0]);
  const places = new Map<string | number, number>();
  classes.forEach((name, k) => places.set(name, k));
  if (names !== undefined && !parts[0].named) {
    const numbers = read.every((labels) => labels.every((label) => /^\d+$/.test(label)));
    if (numbers && names.some((name) => !/^\d+$/.test(name))) {
      places.clear();
      names.forEach((_, k) => places.set(String(k), k));
    }
  }
  const labels = parts.map((part, p) => {
    const coded = new Uint8Array(read[p].length);
    read[p].forEach((label, i) => {
      const place = places.get(label);
      if (place === undefined) {
        refuse(part.labelAt(i), {
          expected: `a label of the classes ${listed(classes)}${names === undefined && p > 0 ? ', which the training examples have' : ''}`,
          received: quoted(label),
        });
      }
      coded[i] = place;
    });
    return coded;
  });
  parts.forEach((part, p) => {
    const seen = new Set(labels[p]);
    const empty = classes.findIndex((_, k) => !seen.has(k));
    if (empty < 0) return;
    refuse(part.labelFile, {
      expected: `${p === 0 ? '' : 'test '}examples of every class (${listed(classes)})`,
      received: `none of class ${quoted(classes[empty])}${p === 0 ? '' : firstOf(parts[0], labels[0], empty)}`,
      remedy: 'Add some, or leave the class out everywhere.',
    });
  });
  return { classes, labels };
}

/** As files write numbers; names of folders are never numbers: '03' stays '03'. */
const NUMERIC = /^(?:[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|[+-]?(?:nan|inf|infinity))$/i;

/** Labels as texts; numbers in their shortest form. */
function labelsOf({ labels, labelAt, named }: RawExamples): string[] {
  const texts = new Map<string | number, string>();
  return Array.from(labels as ArrayLike<string | number>, (label, i) => {
    const known = texts.get(label);
    if (known !== undefined) return known;
    const text = typeof label === 'string' ? label.trim() : String(label);
    const numeric = typeof label === 'number' || (!named && NUMERIC.test(text));
    const number = Number(text);
    const fits = numeric ? Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff : text !== '';
    if (!fits) {
      refuse(labelAt(i), {
        expected: 'a label: a whole number from 0 on, or the name of a class',
        received: text === '' ? 'nothing' : text,
      });
    }
    const name = numeric ? String(number) : text;
    texts.set(label, name);
    return name;
  });
}

function classesOf(part: RawExamples, labels: readonly string[]): string[] {
  const distinct = [...new Set(labels)];
  const numeric = distinct.every((label) => /^\d+$/.test(label));
  distinct.sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
  if (distinct.length < 2 || distinct.length > MOST_CLASSES) {
    refuse(part.labelFile, {
      expected: `labels of 2 to ${MOST_CLASSES} classes`,
      received: `${distinct.length === 1 ? `one class (${quoted(distinct[0])})` : `${distinct.length} classes`}`,
      remedy: 'Are these the labels?',
    });
  }
  if (!numeric || part.named) return distinct;
  const first = Number(distinct[0]);
  const gap = distinct.findIndex((label, k) => Number(label) !== first + k);
  if (first > 1 || gap >= 0) {
    const lost = first > 1 ? 0 : first + gap;
    refuse(part.labelAt(labels.indexOf(distinct[Math.max(gap, 0)])), {
      expected: `labels from 0 or 1 on, each with examples`,
      received: `${distinct[Math.max(gap, 0)]} and none of ${lost}`,
      remedy: `If no class is missing, name them: classes: [${distinct
        .slice(0, 3)
        .map((name) => `'${name}'`)
        .join(', ')}${distinct.length > 3 ? ', …' : ''}].`,
      otherwise:
        'If no class is missing, number the classes anew, from 0 on without a gap, or write names in the place of the numbers.',
    });
  }
  return distinct;
}

/** Where a class has its first label, which may be a slip; folders say it by their names. */
function firstOf({ named, labelAt }: RawExamples, labels: Uint8Array, label: number): string {
  if (named) return '';
  return `, which the training labels have first in ${placeText(labelAt(labels.indexOf(label)))}`;
}

function listed(classes: readonly string[]): string {
  if (classes.length <= 12) return classes.join(', ');
  return `${classes.slice(0, 10).join(', ')}, … ${classes[classes.length - 1]}`;
}
