import { DactylError } from '../../util/errors.ts';
import { fixed } from '../../util/fixed.ts';

const PLACE = /\{([A-Za-z_]\w*)(?::([^{}]*))?\}/g;
const FORMAT = /^(?:0(\d{1,2}))?(?:d|\.(\d|10)f)$/;

/**
 * A path with places for values, in Python's notation: `{epoch}`, `{epoch:02d}`, `{val_loss:.2f}`. Throws E_ARGUMENT for another notation, and,
 * once values are known, for a name that is not among them.
 */
export function pathTemplate(
  what: string,
  path: string,
): (values: Readonly<Record<string, number>>) => string {
  const bad = [...path.matchAll(PLACE)].find(([, , format]) => format !== undefined && !FORMAT.test(format));
  if (bad || /[{}]/.test(path.replace(PLACE, ''))) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected places such as {epoch}, {epoch:02d} or {val_loss:.2f} in the path; received ${bad?.[0] ?? path}.`,
    );
  }
  return (values) =>
    path.replace(PLACE, (place, name: string, format: string | undefined) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined || (format?.endsWith('d') && !Number.isInteger(value))) {
        throw new DactylError(
          'E_ARGUMENT',
          `${what}: expected places for ${Object.keys(values).join(', ')} in the path, with d for whole numbers only; received ${place}.`,
        );
      }
      if (format === undefined) return String(value);
      const [, width = '0', digits = '0'] = FORMAT.exec(format)!;
      return fixed(value, Number(digits)).padStart(Number(width), '0');
    });
}
