/** An op in plain loops and float64, over all rows of a batch. Weights and gradients are plain, in the order in which they are saved. */
export interface ReferenceOp {
  readonly parameters: readonly ReferenceParameter[];
  /** Not trained: moving means. */
  readonly statistics: readonly Float64Array[];
  /** One array a row; keeps what `backward` needs. */
  forward(x: readonly Float64Array[], training: boolean): Float64Array[];
  /** From the gradients with respect to the outputs to those with respect to x; leaves those of the parameters in `gradient`. */
  backward(dy: readonly Float64Array[]): Float64Array[];
}

export interface ReferenceParameter {
  readonly weights: Float64Array;
  /** Of the loss, without penalties; written anew by every `backward`. */
  readonly gradient: Float64Array;
  readonly l1: number;
  readonly l2: number;
}
