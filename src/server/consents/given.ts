import { DactylError } from '../../util/errors.ts';

/** What images may be kept for, and what that means, in the words that people are shown. */
export const PURPOSES = {
  training: 'Networks may be trained with the image, as soon as a person has said what it shows.',
  review: 'A person may look at the image where the network was not sure, and say what it shows.',
  research: 'The image may be used to measure how well networks read, and how this can be improved.',
} as const;

export type Purpose = keyof typeof PURPOSES;

/** A consent as a request states it. */
export interface ConsentGiven {
  readonly purposes: readonly Purpose[];
  /** How long the images are kept. */
  readonly days: number;
  /** The images are a child’s, and whoever has parental responsibility has consented. Such images are not trained with. */
  readonly underAge?: boolean;
  /** Kept, and used for nothing until the restriction is lifted. */
  readonly restrict?: boolean;
}

/** Names as they stand in `parameters` of v2 and in forms; a header is called `Dactyl-Consent-Days` for `consent_days`. */
const NAMES = ['consent', 'consent_days', 'consent_under_age', 'consent_restrict'] as const;
type Name = (typeof NAMES)[number];

/**
 * The consent that a request states; undefined where it states none, and then nothing is kept. Values are text or of their own type. Throws E_ARGUMENT for one that is incomplete or
 * not understood: an image is never kept on a guess.
 */
export function consentIn(
  parameters: Readonly<Record<string, unknown>>,
  mostDays: number,
): ConsentGiven | undefined {
  const of = (name: Name): unknown => (Object.hasOwn(parameters, name) ? parameters[name] : undefined);
  const said = NAMES.filter((name) => of(name) !== undefined);
  const consent = of('consent');
  if (consent === undefined || consent === '') {
    const alone = said.find((name) => name !== 'consent');
    if (alone === undefined) return undefined;
    throw refusal('consent', `what for: one or more of ${LIST}, beside ${alone}`, 'nothing');
  }
  const underAge = flagOf('consent_under_age', of('consent_under_age'));
  const restrict = flagOf('consent_restrict', of('consent_restrict'));
  return {
    purposes: purposesOf(consent),
    days: daysOf(of('consent_days'), mostDays),
    ...(underAge && { underAge }),
    ...(restrict && { restrict }),
  };
}

/** The same from headers such as `Dactyl-Consent: training review`, as Node gives them: by their names in small letters. */
export function consentInHeaders(
  headers: Readonly<Record<string, unknown>>,
  mostDays: number,
): ConsentGiven | undefined {
  const parameters = Object.fromEntries(
    NAMES.map((name) => [name, headers[`dactyl-${name.replaceAll('_', '-')}`]]),
  );
  return consentIn(parameters, mostDays);
}

const LIST = Object.keys(PURPOSES).join(', ');

function purposesOf(value: unknown): Purpose[] {
  const names = typeof value === 'string' ? value.split(/[\s,]+/).filter((name) => name !== '') : [];
  if (names.length === 0 || !names.every((name) => Object.hasOwn(PURPOSES, name))) {
    throw refusal('consent', `one or more of ${LIST}, divided by spaces`, value);
  }
  return (Object.keys(PURPOSES) as Purpose[]).filter((purpose) => names.includes(purpose));
}

function daysOf(value: unknown, most: number): number {
  const days = typeof value === 'string' && /^[0-9]{1,6}$/.test(value) ? Number(value) : value;
  if (typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= most) return days;
  throw refusal('consent_days', `for how long: a whole number of days from 1 to ${most}`, value);
}

function flagOf(name: Name, value: unknown): boolean {
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw refusal(name, 'true or false', value);
}

function refusal(name: string, expected: string, received: unknown): DactylError {
  const shown = JSON.stringify(received) ?? 'nothing';
  return new DactylError(
    'E_ARGUMENT',
    `${name}: expected ${expected}; received ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}. Nothing was kept.`,
  );
}
