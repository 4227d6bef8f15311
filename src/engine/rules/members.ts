export { RULES } from './all.ts';
