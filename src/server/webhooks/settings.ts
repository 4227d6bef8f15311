import { Type } from 'typebox';

export const WebhookSettings = Type.Object(
  {
    urls: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'where messages of drift, of checkpoints and of erasures are posted to; https, or this machine',
    }),
    secrets: Type.Array(Type.String(), {
      default: [],
      description: 'whsec_… to sign them with; several while one takes the place of another',
    }),
    allowHttp: Type.Boolean({ default: false, description: 'http to other machines, too' }),
  },
  { additionalProperties: false, default: {} },
);
