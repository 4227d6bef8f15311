import type { MessagePort } from 'node:worker_threads';
import type { EpochLogs } from '../nn/history.ts';
import type { Checkpoints } from '../store/checkpoints.ts';
import type { TrialConfiguration } from '../study/trialConfiguration.ts';
import type { DataSource } from '../study/trialData.ts';
import type { ErrorCode } from '../util/errors.ts';

export interface Task {
  readonly configuration: TrialConfiguration;
  readonly teachers: readonly Uint8Array[];
  readonly port: MessagePort;
}

export type TaskMessage =
  | { readonly kind: 'started' }
  | { readonly kind: 'epoch'; readonly epoch: number; readonly logs: EpochLogs; readonly seconds: number };

export interface WorkerData {
  readonly source: DataSource;
  readonly checkpoints: Checkpoints | undefined;
  readonly threads: number;
}

export interface TaskFailure {
  readonly failure: { readonly code: ErrorCode; readonly message: string };
}
