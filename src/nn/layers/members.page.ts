import type { MembersInPage } from '../../util/members.ts';
import { ACTIVATION } from './activation.ts';
import type { LAYERS as All } from './all.ts';
import { DENSE } from './dense.ts';
import { DROPOUT } from './dropout.ts';
import { FLATTEN } from './flatten.ts';
import { INPUT } from './input.ts';
import { RESCALING } from './rescaling.ts';
import { RESHAPE } from './reshape.ts';

export const LAYERS: MembersInPage<typeof All> = {
  Input: INPUT,
  Activation: ACTIVATION,
  AveragePooling2D: undefined,
  BatchNormalization: undefined,
  Conv2D: undefined,
  DepthwiseConv2D: undefined,
  GlobalAveragePooling2D: undefined,
  LayerNormalization: undefined,
  MaxPooling2D: undefined,
  Dense: DENSE,
  Dropout: DROPOUT,
  Flatten: FLATTEN,
  RandomDistortion: undefined,
  Rescaling: RESCALING,
  Reshape: RESHAPE,
};
