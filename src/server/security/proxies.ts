import { isIP } from 'node:net';

/** What was expected and received, where a text is neither an address nor a network in CIDR form; Fastify would end the start with an error of its own. */
export function proxyProblem(text: string): string | undefined {
  const [, address, bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address ?? '');
  const most = version === 4 ? 32 : 128;
  const fits = bits === undefined || (Number(bits) >= 1 && Number(bits) <= most);
  if (version !== 0 && fits) return undefined;
  const hint =
    version === 0
      ? 'A host name is none: give the address that it stands for'
      : `Behind / expected the bits of the network, 1 to ${most}`;
  return `expected addresses (10.0.0.1, fd00::1) or CIDR ranges (10.0.0.0/8), received ${JSON.stringify(text)}. ${hint}`;
}
