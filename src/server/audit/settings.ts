import { Type } from 'typebox';

export const AuditSettings = Type.Object(
  {
    keepDays: Type.Integer({
      minimum: 1,
      maximum: 36_500,
      default: 183,
      description:
        'how long entries of the audit log are kept; six months are the least for a high-risk system',
    }),
    checkpointEvents: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'the log is signed at the latest after so many entries',
    }),
    checkpointSeconds: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: 60,
      description: 'and after so many seconds in which there were any',
    }),
  },
  { additionalProperties: false, default: {} },
);
