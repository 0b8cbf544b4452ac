import { fold } from '../../account/fold.js';
import { isPatronFeesError } from '../../errors.js';
import { type StreamId, streamName } from '../../history/eventStore.js';
import type { AccountUnreadable } from '../../job/accountFinding.js';
import type { OnlineContext } from '../loadOnlinePayment.js';

/** Does some work, unless an account that it reads cannot be read: then says why. */
export async function unlessUnreadable<Result>(
  work: () => Promise<Result>,
): Promise<Result | { readonly because: AccountUnreadable }> {
  try {
    return await work();
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    const { code, message } = error;
    if (code !== 'CORRUPT_HISTORY' && code !== 'INVALID_EVENT') throw error;
    return { because: { type: 'AccountUnreadable', code, message } };
  }
}

/** Reads an account, with its version, and when it was purged; undefined if it was not. */
export async function readAccount({ accounts }: OnlineContext, stream: StreamId) {
  const { version, events } = await accounts.read(stream);
  const history = events.map(({ event }) => event);
  const [first] = history;
  const purgedAt = first?.type === 'AccountPurged' ? first.data.at : undefined;
  return { version, account: fold(history, undefined, { stream: streamName(stream) }), purgedAt };
}
