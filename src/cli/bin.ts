#!/usr/bin/env node
/**
 * Looks at its Node before anything is loaded that an older one cannot run, or only up to a function that it lacks. So this file
 * imports nothing and is written for every Node that knows modules.
 */
const LEAST = [22, 13];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) {
  void import('./main.ts');
} else {
  console.error(
    `dactyl: expected Node ${LEAST.join('.')} or later, received ${process.versions.node}. Install a later one, or put it first on PATH.`,
  );
  process.exitCode = 1;
}

export {};
