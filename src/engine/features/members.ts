export { ENGINE_FEATURES } from './all.ts';
