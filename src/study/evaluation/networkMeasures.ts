/** What the evaluation says of one network, as far as it was measured; what the paper's claims are judged by. */
export interface NetworkMeasures {
  /** Accuracies on MNIST's test images: all, with corrected labels. */
  readonly accuracy?: number;
  readonly corrected?: number;
  /** Accuracies: mean over the corruptions at their published levels, shifted by three pixels, and mean over amounts of noise. */
  readonly suite?: number;
  readonly shifted?: number;
  readonly noise?: number;
  /** Norm of the loss’s gradient at the images. */
  readonly gradientNorm?: number;
  /** Median over images of the steepest slope of the margin found around one over the margin there, per unit of change: whatever the scale of the outputs. */
  readonly relativeSlope?: number;
  /** Accuracy under the strongest attack tried at the size of change that comparisons are made at. */
  readonly adversarial?: number;
}
