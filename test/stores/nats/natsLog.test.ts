import { encodeEvent } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { natsLog } from '../../../src/stores/nats/natsLog.js';
import { messageAfter } from '../../../src/stores/nats/natsMessage.js';
import { assessedFee } from '../../support/assessedFee.js';
import { clientError, fakeJetStream, timeout } from '../../support/fakeJetStream.js';

const texts = [encodeEvent(assessedFee('f1'))];

async function logOf(subjects: readonly string[], totalMs = 60_000) {
  const fake = fakeJetStream();
  const client = fake.manager.jetstream();
  const message = messageAfter(undefined, { appendId: 'a', texts });
  for (const subject of subjects) {
    await client.publish(subject, message, {
      expect: { streamName: 'FEES', lastSubjectSequence: 0 },
      timeout: 1,
    });
  }
  return { fake, log: natsLog(fake.manager, 'FEES', { readMs: 100, totalMs }) };
}

describe('reading a stream', () => {
  it('returns undefined for a subject without messages', async () => {
    const { log } = await logOf([]);
    expect(await log.last('fees.a.b')).toBeUndefined();
    expect(await log.end()).toBe(0);
  });

  it('is retried without an answer', async () => {
    const { fake, log } = await logOf(['fees.a.b']);
    fake.reads.push(() => {
      throw timeout();
    });
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
  });

  it('is retried if servers that have just started do not know the stream yet', async () => {
    const { fake, log } = await logOf(['fees.a.b']);
    const unknown = clientError('StreamNotFoundError', { code: 10059, status: 404 });
    const notFound = () => {
      throw unknown;
    };
    fake.reads.push(notFound);
    await expect(log.last('fees.a.b')).rejects.toBe(unknown);
    await log.last('fees.a.b');
    fake.reads.push(notFound);
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
  });

  it('is retried if a leader is behind what was seen', async () => {
    const { fake, log } = await logOf(['fees.a.b', 'fees.a.c']);
    await log.last('fees.a.b');
    log.note('fees.a.c', 2, undefined);
    fake.reads.push(() => null);
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
    fake.ends.push(1, 1);
    expect(await log.end()).toBe(2);
    fake.reads.push(() => null);
    expect((await log.at([2])).map(({ seq }) => seq)).toEqual([2]);
  });

  it('rejects with STORE_UNAVAILABLE if the leader stays behind', async () => {
    const { fake, log } = await logOf(['fees.a.b'], 100);
    await log.last('fees.a.b');
    fake.messages.length = 0;
    const behind = { code: 'STORE_UNAVAILABLE', details: { reason: 'the leader is behind' } };
    await expect(log.last('fees.a.b')).rejects.toMatchObject(behind);
    await expect(log.at([1])).rejects.toMatchObject(behind);
    await expect(log.end()).rejects.toMatchObject(behind);
  });
});

describe('the remembered messages', () => {
  it('have the last message of a subject, until a later one is stored', async () => {
    const { log } = await logOf(['fees.a.b'], 100);
    expect(log.recent('fees.a.b')).toBeUndefined();
    await log.last('fees.a.b');
    expect(log.recent('fees.a.b')).toMatchObject({ sequence: 1, version: 1 });
    log.note('fees.a.b', 5, undefined);
    expect(log.recent('fees.a.b')).toBeUndefined();
    log.note('fees.a.b', 4, undefined);
    await expect(log.last('fees.a.b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('are at most a thousand, for the subjects used last', async () => {
    const subjects = Array.from({ length: 1001 }, (_, index) => `fees.a.p${index}`);
    const { log } = await logOf(subjects);
    for (const subject of subjects) await log.last(subject);
    expect(log.recent('fees.a.p0')).toBeUndefined();
    expect(log.recent('fees.a.p1')).toBeDefined();
  });
});
