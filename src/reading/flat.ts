import { type Component, strokeWidth } from './components.ts';

const SIDE = 28;
/** Ink more than so many times as wide as high is no digit: of MNIST's 70,000 images none is so, of the 8,057 drawings 14, level strokes collected as ones and fours. */
const FLAT = 2.5;
/** What is lower than so many widths of its stroke is one stroke along the line. */
const ONE_STROKE = 2.5;
/** Fainter values at the edges of strokes do not count. */
const INK = 64;

/** Whether the ink of an image like MNIST's, 784 bytes, is far wider than high, as a dash is and no digit. */
export function isFlat(image: Uint8Array): boolean {
  let [left, right, top, bottom] = [SIDE, -1, SIDE, -1];
  for (let row = 0, i = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, i++) {
      if (image[i] < INK) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  return bottom >= 0 && right - left + 1 > FLAT * (bottom - top + 1);
}

/** Whether a mark is one level stroke, and not digits that touch, which are as wide but higher. */
export function isDash(component: Component): boolean {
  const [width, height] = [component.right - component.left, component.bottom - component.top];
  return width > FLAT * height && height < ONE_STROKE * strokeWidth(component);
}
