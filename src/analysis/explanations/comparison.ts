import type { Sequential } from '../../nn/sequential.ts';
import { pairedDifferences } from '../../stats/differences.ts';
import { mean } from '../../stats/describe.ts';
import { holm } from '../../stats/holm.ts';
import { pairedT } from '../../stats/pairedT.ts';
import { studentInterval } from '../../stats/student.ts';
import { Random } from '../../util/random.ts';
import type { Tensor } from '../../util/tensor.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { faithfulness, type FaithfulnessCurves } from './faithfulness.ts';
import { type MapsByMethod, type MethodName, methodsOf } from './methods.ts';

/** Orders of pixels that know nothing of the network: chance, and the darkest ink first. */
export const CONTROLS = ['randomOrder', 'inkOrder'] as const;
export type ControlName = (typeof CONTROLS)[number];

export interface Area {
  readonly mean: number;
  /** 95 % interval over the images (Student); null for a single one. */
  readonly low: number | null;
  readonly high: number | null;
}

/** How much better a method's area is than a control's, image by image: above 0 is better for both curves. */
export interface Advantage {
  readonly control: ControlName;
  readonly curve: 'deletion' | 'insertion';
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Paired t-test, adjusted by Holm over all methods, curves and controls. */
  readonly p: number;
}

export interface FaithfulnessOfMethod {
  readonly method: MethodName | ControlName;
  readonly deletion: Area;
  readonly insertion: Area;
  readonly deletionCurve: readonly number[];
  readonly insertionCurve: readonly number[];
  /** Empty for the controls themselves, and for a single image. */
  readonly advantages: readonly Advantage[];
}

/** Deletion and insertion curves for each method's maps and for the two controls, compared image by image. */
export async function compareFaithfulness(
  model: Sequential,
  images: Tensor<Uint8Array>,
  classes: ArrayLike<number>,
  maps: MapsByMethod<Float32Array>,
  seed: number,
  work: Work,
): Promise<FaithfulnessOfMethod[]> {
  const random = new Random(seed, 'explanations/random order');
  const methods = methodsOf(maps);
  const orders: Partial<Record<MethodName | ControlName, Float32Array>> = {
    ...maps,
    randomOrder: Float32Array.from({ length: images.data.length }, () => random.uniform()),
    inkOrder: Float32Array.from(images.data),
  };
  const names = [...methods, ...CONTROLS];
  const curves = new Map<MethodName | ControlName, FaithfulnessCurves>();
  for (const [k, name] of names.entries()) {
    checkStopped(work);
    curves.set(name, faithfulness(model, images, classes, orders[name]!));
    work.onProgress?.((k + 1) / names.length);
    await yieldToEvents();
  }
  const tests = images.shape[0] < 2 ? [] : methods.flatMap((method) => testsOf(method, curves));
  const adjusted = holm(tests.map(({ p }) => p));
  return names.map((method) => {
    const own = curves.get(method)!;
    return {
      method,
      deletion: areaOf(own.deletionAreas),
      insertion: areaOf(own.insertionAreas),
      deletionCurve: own.deletion,
      insertionCurve: own.insertion,
      advantages: tests.flatMap(({ of, ...test }, t) => (of === method ? [{ ...test, p: adjusted[t] }] : [])),
    };
  });
}

function testsOf(
  of: MethodName,
  curves: ReadonlyMap<MethodName | ControlName, FaithfulnessCurves>,
): (Advantage & { of: MethodName })[] {
  return CONTROLS.flatMap((control) =>
    (['deletion', 'insertion'] as const).map((curve) => {
      const [own, other] = [curves.get(of)!, curves.get(control)!].map((c) => c[`${curve}Areas`]);
      const gaps = curve === 'insertion' ? pairedDifferences(own, other) : pairedDifferences(other, own);
      const { difference, low, high, p } = pairedT(gaps);
      return { of, control, curve, difference, low, high, p };
    }),
  );
}

function areaOf(areas: Float64Array): Area {
  if (areas.length < 2) return { mean: mean(areas), low: null, high: null };
  const { mean: centre, low, high } = studentInterval(areas);
  return { mean: centre, low, high };
}
