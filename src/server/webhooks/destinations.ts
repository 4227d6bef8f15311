import { DactylError } from '../../util/errors.ts';
import type { ServerConfig } from '../config/schema.ts';
import { type Endpoint, endpointOf, endpointProblem } from './endpoint.ts';
import { secretKey, secretProblem } from './signature.ts';

type Settings = ServerConfig['webhooks'];

/** What is wrong with URLs, each with what was expected and received; one that is right wants a secret beside it. */
export function urlProblems({ urls, secrets, allowHttp }: Settings): string[] {
  const problems = urls.map((url) => endpointProblem(url, allowHttp));
  if (urls.length > 0 && secrets.length === 0) {
    problems.push(
      'expected webhooks.secrets beside them, for messages are signed; received none. Make one: echo "whsec_$(openssl rand -base64 32)"',
    );
  }
  return problems.filter((problem) => problem !== undefined);
}

/** What is wrong with secrets, none of which is shown. */
export function secretProblems({ secrets }: Settings): string[] {
  return secrets.map(secretProblem).filter((problem) => problem !== undefined);
}

/** Where messages go, by id, and what signs them. Throws E_ARGUMENT for a wrong URL or secret, or URLs without a secret. */
export function destinationsOf({ webhooks }: Pick<ServerConfig, 'webhooks'>): {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly keys: readonly Buffer[];
} {
  const [problem] = urlProblems(webhooks);
  if (problem !== undefined) throw new DactylError('E_ARGUMENT', `webhooks.urls: ${problem}`);
  const endpoints = new Map<string, Endpoint>(
    webhooks.urls
      .map((url) => endpointOf(url, webhooks.allowHttp))
      .map((endpoint) => [endpoint.id, endpoint]),
  );
  return { endpoints, keys: webhooks.secrets.map(secretKey) };
}
