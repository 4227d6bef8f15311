import { adam, adamReference } from './adam.ts';
import { defineRule, notNegative, type ReferenceStep } from './rule.ts';

const options = { ...adam.options, weightDecay: notNegative(0.004) };

/** Adam with decay of the weights beside it, which the step does for every rule that has `weightDecay`. */
export const adamW = defineRule<'adamW', typeof options>({
  ...adam,
  name: 'adamW',
  builder: 'AdamW',
  options,
});

export const adamWWords = 'AdamW (Loshchilov & Hutter 2019)';

export const adamWReference: ReferenceStep<typeof adamW> = adamReference;
