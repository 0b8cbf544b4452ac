import { pause } from '../../history/wakeUpSignal.js';
import type { JetStreamDeliveries } from './natsDriver.js';
import type { NatsLog } from './natsLog.js';
import { type ConsumedStream, openConsumer } from './readAhead.js';
import { within } from './retryUntil.js';

/** How long one request waits for messages. The client notices within this time that the consumer is lost. */
const WAIT_MS = 2_000;

/** The maximum number of messages of one request. */
const BATCH = 1_000;

/** The time between two reads of the stream's last sequence, while there is no consumer. */
const LOOK_MS = 250;

/** The longest time until a consumer is tried again: the user may not have the permission to create one. */
const REST_MAX_MS = 30_000;

/**
 * Calls a function after messages were stored, until the returned function is called. A consumer reports them, without
 * their content. It is lost with its server: until there is another one, the stream's last sequence is polled.
 */
export async function watchStream(
  stream: ConsumedStream,
  log: NatsLog,
  onChange: () => void,
): Promise<() => Promise<void>> {
  const ending = new AbortController();
  const { signal } = ending;
  let seen = await log.end();
  let messages: JetStreamDeliveries | undefined;
  const note = (sequence: number) => {
    if (sequence <= seen || signal.aborted) return;
    seen = sequence;
    onChange();
  };

  /** Notes messages as long as the consumer lasts; returns whether it answered at all. */
  const listen = async (): Promise<boolean> => {
    let hasAnswered = false;
    let remove: (() => void) | undefined;
    try {
      const opened = await openConsumer(stream, { from: seen + 1, headersOnly: true });
      remove = opened.remove;
      while (!signal.aborted) {
        messages = await opened.consumer.fetch({ max_messages: BATCH, expires: WAIT_MS });
        // A request that was sent while the connection broke may never end by itself.
        await within(WAIT_MS + stream.readMs, each(messages, note));
        hasAnswered = true;
      }
    } catch {
      // The consumer was lost, or cannot be created.
    }
    messages?.close().catch(() => undefined);
    remove?.();
    return hasAnswered;
  };

  const run = async () => {
    for (let restMs = LOOK_MS; !signal.aborted; restMs = Math.min(2 * restMs, REST_MAX_MS)) {
      if (await listen()) restMs = LOOK_MS;
      for (let restedMs = 0; restedMs < restMs && !signal.aborted; restedMs += LOOK_MS) {
        note(await log.end().catch(() => 0));
        await pause(LOOK_MS, signal);
      }
    }
  };
  void run();
  onChange();
  return async () => {
    ending.abort();
    await messages?.close().catch(() => undefined);
  };
}

async function each(messages: JetStreamDeliveries, note: (sequence: number) => void): Promise<void> {
  for await (const { seq } of messages) note(seq);
}
