/** npm run torture [-- KILLS [SEED]]: kills a running study with SIGKILL at 1,000 random moments and compares the bits with an uninterrupted run's. */
import { isDeepStrictEqual } from 'node:util';
import { torture } from '../test/support/torture.ts';

const [kills = 1000, seed = 1] = process.argv.slice(2).map(Number);
const { takenUp, studies, hashes, uninterrupted } = await torture(kills, seed);
const wrong = hashes.filter((one) => !isDeepStrictEqual(one, uninterrupted)).length;
console.log(
  `${kills} kills, ${takenUp} of them in a trial with checkpoints, ${studies} studies, ${wrong} with other bits than the uninterrupted one`,
);
process.exitCode = wrong > 0 ? 1 : 0;
