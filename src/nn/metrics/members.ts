export { METRICS } from './all.ts';
