import { type Damaged, isDamaged, type Item } from './items.ts';
import type { Consent } from './record.ts';

/** Whether an answer was right by what whoever it was about says of the image, and by what they said before. */
export interface Judged {
  readonly model: string;
  readonly version: string;
  readonly right: boolean;
  readonly before?: boolean;
}

/** `items` as they were before. An image that is named twice has the last label. */
export function judgedBy(
  items: readonly (Item | Damaged)[],
  labels: readonly { readonly item: number; readonly label: string }[],
): Judged[] {
  const last = new Map(labels.map(({ item, label }) => [item, label]));
  return [...last].flatMap(([number, value]) => {
    const item = items[number - 1];
    if (isDamaged(item)) return [];
    const { answer, label } = item;
    const { model, version } = answer;
    return {
      ...{ model, version, right: value === answer.label },
      ...(label?.by === 'person' && { before: label.value === answer.label }),
    };
  });
}

/** Counting right answers measures a network: that is what the images are kept for in review and research, and neither of a restricted one nor after an objection. */
export function mayBeMeasured({ purposes, restrictedAt, objectedAt }: Consent): boolean {
  const isMeant = purposes.includes('review') || purposes.includes('research');
  return isMeant && restrictedAt === null && objectedAt === null;
}
