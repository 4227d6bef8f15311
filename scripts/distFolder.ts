/** dist/ is whole or not there: builds are made beside it, in build/, and swapped in; what a killed build left is put back. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of build/: `next` is being made, `old` was dist until `next` took its place; both with the number of the process. */
const OWN = /^(next|old)-(\d+)$/;

/** An empty place for this process's next build. */
export function nextBuild(root: string): string {
  recoverDist(root);
  const place = join(root, 'build');
  mkdirSync(place, { recursive: true });
  for (const { name } of abandoned(root)) rmSync(join(place, name), { recursive: true });
  return join(place, `next-${process.pid}`);
}

/** Makes `next` dist. The system has no exchange of two folders that Node knows: between two renames there is none, and `recoverDist` mends that. */
export function swapDist(root: string, next: string): void {
  const target = join(root, 'dist');
  const old = join(root, 'build', `old-${process.pid}`);
  if (existsSync(target)) renameSync(target, old);
  renameSync(next, target);
  rmSync(old, { recursive: true, force: true });
}

/** Puts back the dist that a build took away, if it was killed before it had put another in its place. */
export function recoverDist(root: string): void {
  const target = join(root, 'dist');
  if (existsSync(target)) return;
  const left = abandoned(root).find(({ kind }) => kind === 'old');
  if (left) renameSync(join(root, 'build', left.name), target);
}

/** What processes left that run no more. */
function abandoned(root: string): { readonly name: string; readonly kind: string }[] {
  const place = join(root, 'build');
  if (!existsSync(place)) return [];
  return readdirSync(place).flatMap((name) => {
    const [, kind, id] = OWN.exec(name) ?? [];
    return kind === undefined || isRunning(Number(id)) ? [] : [{ name, kind }];
  });
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
