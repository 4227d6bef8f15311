import { expect, test } from 'vitest';
import { threadError } from './threadError.ts';

const failed = (code: string, message: string): Error => Object.assign(new Error(message), { code });

// As Node 24 says it, with 24, 28 and 32 file descriptors.
test.each([
  ['ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EMFILE'],
  ['EMFILE', 'EMFILE: too many open files, open worker.ts'],
  ['ERR_INVALID_PACKAGE_CONFIG', 'Cannot read package config piscina/package.json: too many open files.'],
])('%s for want of file descriptors is E_FILE and says what to raise', (code, message) => {
  const error = threadError(failed(code, message));
  expect(error).toMatchObject({ code: 'E_FILE' });
  expect((error as Error).message).toContain('Raise the limit of open files (ulimit -n 1024)');
});

test('other failures of a thread to start are E_MEMORY, other errors stay as they are', () => {
  expect(threadError(failed('ERR_WORKER_OUT_OF_MEMORY', 'heap limit'))).toMatchObject({ code: 'E_MEMORY' });
  const other = failed('ERR_INVALID_PACKAGE_CONFIG', 'Unexpected token');
  expect(threadError(other)).toBe(other);
});
