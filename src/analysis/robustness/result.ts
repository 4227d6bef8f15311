import type { CorruptionKind } from '../../images/corruptions/corruption.ts';
import type { SubjectName } from '../subject.ts';

/** A corruption as it was applied, without its code. */
export interface AppliedCorruption {
  readonly name: string;
  readonly label: string;
  readonly kind: CorruptionKind;
  readonly meaning: string;
  /** One a level, from mild to strong. */
  readonly settings: readonly string[];
  /** Index in `settings` of the level of the published MNIST-C set. */
  readonly published: number;
}

/** A sweep as it was applied: `amounts` from little to much, 0 being the clean image. */
export interface AppliedSweep extends Omit<AppliedCorruption, 'published'> {
  readonly amounts: readonly number[];
  readonly axis: string;
}

/** How many of the images one network reads right. */
export interface SubjectRobustness extends SubjectName {
  readonly clean: number;
  /** By corruption and level. */
  readonly correct: readonly (readonly number[])[];
  /** By sweep and amount. */
  readonly swept: readonly (readonly number[])[];
  /** Σ over images of k², k the number of corruptions under which the image is read right at the published levels. */
  readonly suiteSquares: number;
}

/** A mean with its 95 % interval, null where there is none. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What the networks of one arm do on average; shares of the images unless said otherwise. */
export interface ArmRobustness {
  readonly arm: string;
  readonly activation: string;
  readonly seeds: readonly number[];
  /**
   * What the intervals are about. 'seeds': other seeds of the arm, on the same images (Student). 'images': other images, for this one
   * network (Wilson; Student over images for `suite`).
   */
  readonly intervals: 'seeds' | 'images';
  readonly clean: Estimate;
  /** Mean over the corruptions at their published levels. */
  readonly suite: Estimate;
  /** By corruption and level. */
  readonly accuracy: readonly (readonly Estimate[])[];
  /** By sweep and amount. */
  readonly swept: readonly (readonly Estimate[])[];
  /** Ratio of errors, 1 for the reference; see `corruptionErrors`. No interval for one network. */
  readonly meanCorruptionError: Estimate | null;
  readonly relativeMeanCorruptionError: Estimate | null;
}

/** Errors, as shares, that the mean corruption error is measured against. */
export interface ReferenceErrors {
  /** 'arm': the ReLU arm under evaluation, on the same images. 'replication': the table of `replication.ts`. */
  readonly source: 'arm' | 'replication';
  readonly seeds: number;
  readonly images: number;
  readonly clean: number;
  /** By corruption, at its published level. */
  readonly corrupted: readonly number[];
}

/** One test image under every corruption at its published level, and what networks take it for. */
export interface Gallery {
  /** Of the image in the test set, and its label. */
  readonly index: number;
  readonly label: number;
  /** Whether every network shown reads the clean image right. */
  readonly readRight: boolean;
  readonly subjects: readonly SubjectName[];
  /** The clean image, then each corruption in order. */
  readonly views: readonly GalleryView[];
}

export interface GalleryView {
  /** null for the clean image. */
  readonly corruption: string | null;
  /** As bytes. */
  readonly pixels: readonly number[];
  /** By subject of the gallery. */
  readonly answers: readonly { readonly digit: number; readonly probability: number }[];
}

export interface Robustness {
  /** Of the corruptions and of the choice of images. */
  readonly seed: number;
  /** How many test images were used, of how many. */
  readonly images: number;
  readonly available: number;
  readonly quick: boolean;
  readonly corruptions: readonly AppliedCorruption[];
  readonly sweeps: readonly AppliedSweep[];
  readonly subjects: readonly SubjectRobustness[];
  /** Null for networks that there is nothing to compare with. */
  readonly reference: ReferenceErrors | null;
  readonly arms: readonly ArmRobustness[];
  readonly gallery: Gallery;
}
