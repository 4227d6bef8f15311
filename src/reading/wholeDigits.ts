import type { Component } from './components.ts';
import { judged } from './doubt.ts';
import { isDash } from './flat.ts';
import type { Line } from './lines.ts';
import type { Marks } from './marks.ts';
import { piecesOf } from './pieces.ts';
import type { Reader } from './reader.ts';
import { OUTPUTS, recognised } from './recognise.ts';

/** A component read with this probability that is no wider, and no lower, than these shares of the line's height is one digit. */
const WHOLE_FROM = 0.95;
const WHOLE_WIDTH = 0.85;
const WHOLE_HEIGHT = 0.7;

/** Which components are read as a digit at once, and are not so wide that they may be two: most of a page, so that nothing is spent on cutting them. Nor is a dash cut, which is none. */
export function wholeDigits(
  lines: readonly Line<Component>[],
  { ink, labels, floor }: Marks,
  reader: Reader,
): (component: Component) => boolean {
  const single = lines.flatMap((line) => {
    const { imageOf } = piecesOf(line, ink, labels, floor, () => true);
    return line.marks.flatMap((component, k) => {
      const [width, height] = [component.right - component.left, component.bottom - component.top];
      const fits = width <= WHOLE_WIDTH * line.height && height >= WHOLE_HEIGHT * line.height;
      return fits ? [{ component, image: imageOf(k, k) }] : [];
    });
  });
  const outputs = recognised(
    reader,
    single.map(({ image }) => image),
  );
  const whole = new Set(
    single
      .filter(
        (_, k) => judged(outputs.subarray(k * OUTPUTS, (k + 1) * OUTPUTS), WHOLE_FROM).notSure === undefined,
      )
      .map(({ component }) => component),
  );
  return (component) => whole.has(component) || isDash(component);
}
