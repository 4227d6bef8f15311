import type { NumberReading } from './answer.ts';

/** What is to be said besides the numbers; `apart`: marks that are no digits and stand in none of them. */
export function notesOn(
  numbers: readonly NumberReading[],
  {
    lines = 0,
    passedOver = 0,
    apart = 0,
  }: { readonly lines?: number; readonly passedOver?: number; readonly apart?: number },
): string[] {
  const digits = numbers.flatMap((number) => number.digits);
  const strange = apart + digits.filter(({ none, confidence }) => none >= confidence).length;
  const notes: string[] = [];
  if (digits.length === 0) notes.push('No digit was found.');
  if (strange > 0) notes.push(`${counted(strange, 'mark looks', 'marks look')} like no digit.`);
  if (lines > 0) {
    notes.push(
      `${counted(lines, 'ruled line or box was', 'ruled lines or boxes were')} taken for paper; ink under or beside ${lines === 1 ? 'it' : 'them'} may not have been read.`,
    );
  }
  if (passedOver > 0) {
    notes.push(
      `${counted(passedOver, 'mark was', 'marks were')} passed over: a picture of so many is no page.`,
    );
  }
  return notes;
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
