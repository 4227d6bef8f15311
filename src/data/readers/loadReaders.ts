/** The readers of all kinds, loaded when the first file is read: they are much code, which who only trains need not load. */
export const loadReaders = () => import('./fromFiles.ts');
