import { dataSetFromFiles } from './fromFiles.ts';

/** As `loadReaders.ts`, for a page's bundle (the field `browser` of package.json): in one piece with what calls it, or left out with it. */
export const loadReaders = () => Promise.resolve({ dataSetFromFiles });
