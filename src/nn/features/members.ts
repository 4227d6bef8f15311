export { NN_FEATURES } from './all.ts';
