import type { MembersInPage } from '../../util/members.ts';
import { Accuracy } from './accuracy.ts';
import type { METRICS as All } from './all.ts';
import { MeanAbsoluteError } from './meanAbsoluteError.ts';
import { MeanSquaredError } from './meanSquaredError.ts';
import { RootMeanSquaredError } from './rootMeanSquaredError.ts';

export const METRICS: MembersInPage<typeof All> = {
  accuracy: { builder: Accuracy, options: [], make: Accuracy },
  topKAccuracy: undefined,
  balancedAccuracy: undefined,
  precision: undefined,
  recall: undefined,
  f1Score: undefined,
  auc: undefined,
  meanSquaredError: { builder: MeanSquaredError, options: [], make: MeanSquaredError },
  meanAbsoluteError: { builder: MeanAbsoluteError, options: [], make: MeanAbsoluteError },
  rootMeanSquaredError: { builder: RootMeanSquaredError, options: [], make: RootMeanSquaredError },
};
