/** What became of a try; `final` where the receiver wants no more (410). */
export type Outcome = 'delivered' | { readonly why: string; readonly final: boolean };

const TIMEOUT_MS = 10_000;

/** Sends a message once. No redirect is followed, for it would lead where nobody configured; nothing of the answer is kept but its status. */
export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  ending?: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'dactyl', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(ending ? [ending] : [])]),
    });
    await response.body?.cancel();
    if (response.ok) return 'delivered';
    return { why: `status ${response.status}`, final: response.status === 410 };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const why = name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? 'no connection');
    return { why, final: false };
  }
}
