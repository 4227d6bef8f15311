import { Type } from 'typebox';

const closed = { additionalProperties: false, default: {} } as const;

/** Who may ask, and how much. */
export const SecuritySettings = Type.Object(
  {
    keys: Type.Boolean({
      default: false,
      description:
        'whether every request needs an API key; it always does where host is not this machine only',
    }),
    requestsPerMinute: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000_000,
        description:
          'of a key, or of an address without one; 0: any number. 6000 unless host is this machine only',
      }),
    ),
    connections: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 1024,
      description: 'at the same time; further ones are closed',
    }),
    proxies: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'addresses or networks (10.0.0.0/8) of proxies, whose X-Forwarded-For is believed',
    }),
    tlsCert: Type.Optional(
      Type.String({ minLength: 1, description: 'file of a certificate with its chain (PEM), for HTTPS' }),
    ),
    tlsKey: Type.Optional(Type.String({ minLength: 1, description: 'file of its key (PEM)' })),
  },
  closed,
);

/** The listener of what only an operator does. */
export const AdminSettings = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'address of the admin listener' }),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, description: 'its port; where none is given it is off' }),
    ),
  },
  closed,
);
