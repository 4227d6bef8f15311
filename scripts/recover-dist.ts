/** What npm runs before `npm start`: a build that was killed at the wrong moment leaves no dist/, but all of it beside. */
import { resolve } from 'node:path';
import { recoverDist } from './distFolder.ts';

recoverDist(resolve(import.meta.dirname, '..'));
