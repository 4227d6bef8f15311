import type { Box, DigitReading, NumberReading } from './answer.ts';

/** Digits of a number are less than this apart, in heights of the line. */
const APART = 0.9;

/** A digit with where it stands on its level line. */
export interface StandingDigit {
  readonly digit: DigitReading;
  readonly left: number;
  readonly right: number;
}

/** The numbers of a line from its digits, which stand from left to right. */
export function numbersOf(digits: readonly StandingDigit[], height: number, line: number): NumberReading[] {
  const groups: StandingDigit[][] = [];
  let end = -Infinity;
  for (const standing of digits) {
    if (standing.left - end > APART * height) groups.push([standing]);
    else groups[groups.length - 1].push(standing);
    end = Math.max(end, standing.right);
  }
  return groups.map((group) =>
    numberOf(
      group.map(({ digit }) => digit),
      line,
    ),
  );
}

function numberOf(digits: readonly DigitReading[], line: number): NumberReading {
  const notSure = digits.find((digit) => digit.notSure !== undefined)?.notSure;
  return {
    text: digits.map(({ digit, notSure }) => (notSure === undefined ? String(digit) : '?')).join(''),
    digits,
    box: around(digits.map(({ box }) => box)),
    line,
    confidence: digits.reduce((product, { confidence }) => product * confidence, 1),
    ...(notSure !== undefined && { notSure }),
  };
}

function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}
