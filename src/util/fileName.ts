/** The last part of a path: what may stand on a page that is handed on. */
export function fileNameOf(path: string): string {
  return /[^/\\]*$/.exec(path)![0];
}
