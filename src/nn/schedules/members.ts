export { SCHEDULE_KINDS } from './all.ts';
