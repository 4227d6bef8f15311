/** What the evaluation says of one network, as far as it was measured; what the paper's claims are judged by. */
export interface NetworkMeasures {
  /** Accuracies on MNIST's test images: all, with corrected labels. */
  readonly accuracy?: number;
  readonly corrected?: number;
  /** Accuracies: mean over the corruptions at their published levels, shifted by three pixels, and mean over amounts of noise. */
  readonly suite?: number;
  readonly shifted?: number;
  readonly noise?: number;
  /** Norm of the loss’s gradient at the images; steepest slope of the margin found around them. */
  readonly gradientNorm?: number;
  readonly lipschitz?: number;
  /** Median over images of that slope over the margin at the image, per unit of change: whatever the scale of the outputs. */
  readonly relativeSlope?: number;
  /** Accuracy under the strongest attack tried at the size of change that comparisons are made at. */
  readonly adversarial?: number;
  /** Share of flat outputs of the hidden units. */
  readonly flat?: number;
}
