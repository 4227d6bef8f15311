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
type Fields = Readonly<Record<string, unknown>>;

/** Whoever sends a name like these means a consent; one that is not known, such as a flag of a child that is written otherwise, must not be lost. */
const MEANT = /consent|under.?age|child|minor|restrict/i;
const isMeant = (name: string): boolean => MEANT.test(name);
const MEANT_HEADER = /^(?:x-)?(?:dactyl|consent)/i;

/**
 * The consent that a request states; undefined where it states none, and then nothing is kept. Values are text or of their own type. Throws E_ARGUMENT for one that is incomplete or
 * not understood, a name as well as a value: an image is never kept on a guess.
 */
export function consentIn(fields: Fields, mostDays: number): ConsentGiven | undefined {
  refuseUnknown(fields);
  const of = (name: Name): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
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

/** Of a request whose fields (of its form, its JSON or its parameters) and headers, such as `Dactyl-Consent: training review`, state it together; nothing in both. */
export function consentOf(headers: Fields, fields: Fields, mostDays: number): ConsentGiven | undefined {
  const inHeaders = fieldsOfHeaders(headers);
  for (const name of Object.keys(inHeaders)) {
    if (Object.hasOwn(fields, name)) {
      throw refusal(name, `the field or the header ${headerOf(name as Name)}`, 'both');
    }
  }
  return consentIn({ ...fields, ...inHeaders }, mostDays);
}

/** Where nothing is ever kept. Throws E_ARGUMENT where a consent is stated there, for whoever gave it believes it is honoured. */
export function refuseConsent(where: string, fields: Fields, headers: Fields = {}): void {
  const name = Object.keys(fieldsOfHeaders(headers)).find(isMeant) ?? Object.keys(fields).find(isMeant);
  if (name === undefined) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${name}: expected no consent in ${where}, where nothing is kept. Consent in /v1/read (fields or headers) or in /v2 (parameters or headers). Nothing was kept.`,
  );
}

/** Throws E_ARGUMENT for a file of a form whose name means a consent: what is in it would be taken for a picture. */
export function refuseConsentFile(name: string): void {
  if (!isMeant(name)) return;
  throw refusal(
    name.slice(0, 80),
    'a field of the form (without a filename; requests of Python: data=, not files=)',
    'a file',
  );
}

/** What headers state, by the names of fields. Node gives headers in small letters. */
function fieldsOfHeaders(headers: Fields): Fields {
  const fields: Record<string, unknown> = {};
  for (const header of Object.keys(headers)) {
    if (!MEANT_HEADER.test(header)) continue;
    const name = OF_HEADER.get(header.toLowerCase());
    if (name === undefined)
      throw refusal(header, `one of the headers ${NAMES.map(headerOf).join(', ')}`, 'another');
    fields[name] = headers[header];
  }
  return fields;
}

/** `Dactyl-Consent-Under-Age` of `consent_under_age`. */
function headerOf(name: Name): string {
  const words = name.split('_').map((word) => `${word[0].toUpperCase()}${word.slice(1)}`);
  return `Dactyl-${words.join('-')}`;
}

const OF_HEADER = new Map<string, Name>(NAMES.map((name) => [headerOf(name).toLowerCase(), name]));

function refuseUnknown(fields: Fields): void {
  const unknown = Object.keys(fields).find(
    (name) => isMeant(name) && !(NAMES as readonly string[]).includes(name),
  );
  if (unknown !== undefined) throw refusal(unknown, `one of the fields ${NAMES.join(', ')}`, 'another');
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
