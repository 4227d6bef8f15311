/**
 * What is listened on. For `localhost` Fastify would open a second listener, on ::1, which neither a renewed certificate nor a limit set later reaches; so it is one address.
 */
export function listenedAddress(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}

/** Whether nothing but programs on this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Listened on, these take a port of every address of the machine. */
const EVERY = ['0.0.0.0', '::', '[::]'];

/** Whether nobody can listen on both at the same port. */
export function sharePorts(host: string, other: string): boolean {
  const [a, b] = [listenedAddress(host), listenedAddress(other)];
  return a === b || EVERY.includes(a) || EVERY.includes(b);
}
