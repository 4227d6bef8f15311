import { type Ball, stepInBall } from './ball.ts';
import { LEVELS } from './target.ts';
import type { Norm } from './ball.ts';

/**
 * The fast gradient (sign) method of Goodfellow et al. 2015: one step of size ε from the image along the gradient of the cross-entropy,
 * x' = clip(x + ε sign g) for linf, x' = clip(x + ε g / ‖g‖₂) for l2. `gradient` is `Target.ascent(…, 'crossEntropy')` at the images; returns
 * the changed images, floats 0 … 255.
 */
export function fastGradient(
  images: Float32Array,
  gradient: Float32Array,
  pixels: number,
  norm: Norm,
  epsilon: number,
): Float32Array {
  const ball: Ball = { norm, radius: LEVELS * epsilon };
  const changed = images.slice();
  for (let at = 0; at < images.length; at += pixels) {
    const end = at + pixels;
    stepInBall(
      ball,
      changed.subarray(at, end),
      images.subarray(at, end),
      gradient.subarray(at, end),
      ball.radius,
    );
  }
  return changed;
}
