export { LAYERS } from './all.ts';
