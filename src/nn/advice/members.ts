export { ADVICE } from './all.ts';
