import { opaqueId } from './ids.ts';
import type { Answers } from './models/answers.ts';
import type { Audit } from './audit/audit.ts';
import type { Clock } from './clock.ts';

/** Writes down what was answered. */
export interface Decisions {
  /** Resolves to the decision's identifier once the event is kept. `route`: where it was asked, such as 'v2'. */
  record(answers: Answers, route: string): Promise<string>;
}

/** Longer lists of answers are cut: the number of all stands beside them. */
const LISTED = 64;

export function createDecisions({ audit, clock }: { audit: Audit; clock: Clock }): Decisions {
  return {
    async record(answers, route) {
      const id = opaqueId();
      const { model, count } = answers;
      const facts = {
        model: model.name,
        version: model.version,
        route,
        n: count,
        answers: shortAnswers(answers),
      };
      await audit.append({ kind: 'decision', at: clock.now(), subject: id, facts });
      return id;
    },
  };
}

/** Such as '3:.998 ?7:.61': the class and its probability, with a question mark where it is not sure. */
function shortAnswers(answers: Answers): string {
  let text = '';
  const listed = Math.min(answers.count, LISTED);
  for (let i = 0; i < listed; i++) {
    if (i > 0) text += ' ';
    const share = Math.floor(answers.confidence(i) * 1000);
    const places = share >= 1000 ? '1' : `.${String(share).padStart(3, '0')}`;
    text += `${answers.isSure(i) ? '' : '?'}${answers.label(i)}:${places}`;
  }
  return answers.count > listed ? `${text} …` : text;
}
