import type { Evaluation } from '../../study/evaluation/record.ts';
import type { EvaluationPage, Highlight } from '../evaluation/part.ts';
import { contactCaption, type ContactSheet } from '../contactSheet.ts';
import type { Table } from '../table.ts';

/** A statement, a list of them, or a table. */
export type CardItem =
  | { readonly kind: 'text'; readonly label: string; readonly text: string }
  | { readonly kind: 'list'; readonly label: string; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'contact'; readonly label: string; readonly sheet: ContactSheet };

export interface CardSection {
  readonly title: string;
  readonly items: readonly CardItem[];
}

/** Images of each class. */
export interface ClassCounts {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** What the sections are written from. */
export interface CardFacts {
  readonly evaluation: Evaluation;
  readonly counts: ClassCounts;
  /** Images of every class, where they are at hand. */
  readonly contact: ContactSheet | null;
  readonly pages: readonly EvaluationPage[];
  readonly highlights: readonly Highlight[];
  readonly command: string;
}

export const said = (label: string, text: string): CardItem => ({ kind: 'text', label, text });
export const listed = (label: string, items: readonly string[]): CardItem => ({ kind: 'list', label, items });

/** The contact sheet as an item; none where there is none. */
export function contactItem({ contact }: Pick<CardFacts, 'contact'>): CardItem[] {
  return contact === null ? [] : [{ kind: 'contact', label: contactCaption(contact), sheet: contact }];
}
