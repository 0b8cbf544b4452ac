import { definePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions } from '../checkedArguments.js';
import { type RemoteFeeSystem, type RemoteOptions, remoteFeeSystem, shownReply } from './remoteFeeSystem.js';

/**
 * Reaches a fee system over HTTP, for {@link feeSystemConformance}: each message of the protocol
 * ({@link ProtocolMessage}) is the JSON body of a POST, and the reply ({@link ProtocolReply}) is the body of the
 * response, with status 200.
 *
 * @param url - the address
 * @param options - the policy, and how long a reply may take
 * @returns the system: `open` for the suite; `close` does nothing
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if the reply to
 * `describe` is not as expected; an error if the address does not answer
 *
 * @example
 * ```ts
 * import { urlFeeSystem } from 'patron-fees/testing';
 *
 * const failure = await urlFeeSystem('http://127.0.0.1:65000/').catch((error: Error) => error.message);
 * failure; //=> 'http://127.0.0.1:65000/ does not answer: connect ECONNREFUSED 127.0.0.1:65000'
 * ```
 */
export async function urlFeeSystem(url: string, options: RemoteOptions = {}): Promise<RemoteFeeSystem> {
  const { replyTimeoutMs = 10_000, policy } = checkedOptions(options);
  checkedCount('replyTimeoutMs', replyTimeoutMs);
  let id = 0;
  const ask = async (message: { readonly do: string }): Promise<unknown> => {
    id += 1;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, ...message }),
      signal: AbortSignal.timeout(replyTimeoutMs),
    }).catch((error: Error) => {
      throw new Error(`${url} does not answer: ${causeOf(error)}`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${shownReply(text)}`);
    return JSON.parse(text);
  };
  return remoteFeeSystem(ask, policy ?? definePolicy({ currency: 'USD' }), async () => {});
}

/**
 * What `fetch` only calls "fetch failed". A name with several addresses has a cause without a message, but with a code.
 */
function causeOf({ message, cause }: Error): string {
  const { message: why, code } = Object(cause) as { readonly message?: string; readonly code?: string };
  return why || code || message;
}
