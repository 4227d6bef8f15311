import { basename, resolve } from 'node:path';

/** The last part of a name or path, as a part of a folder's name. */
export function folderName(nameOrPath: string): string {
  return (
    basename(resolve(nameOrPath))
      .replaceAll(/[^A-Za-z0-9.+-]+/g, '-')
      .slice(0, 40) || 'data'
  );
}
