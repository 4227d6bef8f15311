import type { MessagePort } from 'node:worker_threads';
import type { PartName } from '../../analysis/evaluation/parts.ts';
import type { EvaluationData, SubjectName } from '../../analysis/subject.ts';
import type { loadUntouched } from '../../store/untouched.ts';
import type { TrialConfiguration } from '../../study/trialConfiguration.ts';
import type { TaskFailure } from '../task.ts';

/** A part over some networks, for a thread. */
export interface PartTask {
  readonly part: PartName;
  readonly networks: readonly (SubjectName & {
    readonly model: Uint8Array;
    /** Which training images it saw; all of them where it is not of a trial. */
    readonly training: Pick<TrialConfiguration, 'split' | 'seed'> | null;
  })[];
  readonly quick: boolean;
  readonly outOfFold?: Float32Array;
  /** Of a part that threads share (`Shared`): only these networks' share, or, of the whole, what is known of each of them. */
  readonly range?: readonly [from: number, to: number];
  readonly each?: readonly unknown[];
  /** Is told shares of the work done. */
  readonly port: MessagePort;
}

export interface PartWorkerData {
  readonly data: EvaluationData;
  readonly writers: Uint16Array | undefined;
  /** Files of the test images that MNIST never published, where they are at hand. */
  readonly untouched: Parameters<typeof loadUntouched>[0] | undefined;
}

/** The result as JSON, so that it is the same whether computed now or kept; or a share of it. */
export type PartAnswer =
  | { readonly json: string; readonly seconds: number }
  | { readonly each: readonly unknown[]; readonly seconds: number }
  | TaskFailure;
