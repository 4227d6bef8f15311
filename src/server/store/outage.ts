import { DactylError } from '../../util/errors.ts';

/** SQLite's codes for a wrong statement or value; every other one is of the disk, the file or the memory. */
const SQLITE_OF_STATEMENT = /^SQLITE_(?:CONSTRAINT|MISMATCH|RANGE|TOOBIG|ERROR|MISUSE)/;

/** PostgreSQL's classes for the same (its manual, appendix A): not supported, number of rows, values, constraints, order of a transaction, raised by a trigger, syntax and names. */
const POSTGRES_OF_STATEMENT = /^(?:0A|2[0-357]|P0|42)/;

/** Within these classes, but of the server: it takes no writes, as a standby does. */
const READ_ONLY = '25006';

/** Of pg, without a code. */
const DISCONNECTED =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered|was closed))/;

/** Of the system, in files beside the database: keys and the list of erasures. */
const FULL_OR_BROKEN = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'];

/** Of the system, on the way to a database. */
const UNREACHED = /^(?:ECONN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE)/;

/** Whether the store takes nothing at present (a full disk, a database that cannot be reached), whatever it is asked; else what was asked is wrong. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  if (error instanceof DactylError) {
    return code === 'E_STORE' || code === 'E_LOCKED' || (code === 'E_FILE' && isFullOrBroken(cause));
  }
  if (typeof code !== 'string') return DISCONNECTED.test(error.message);
  if (code.startsWith('SQLITE_')) return !SQLITE_OF_STATEMENT.test(code);
  if (/^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)) {
    return code === READ_ONLY || !POSTGRES_OF_STATEMENT.test(code);
  }
  return UNREACHED.test(code) || isFullOrBroken(error);
}

function isFullOrBroken(error: unknown): boolean {
  return error instanceof Error && FULL_OR_BROKEN.includes(String((error as NodeJS.ErrnoException).code));
}
