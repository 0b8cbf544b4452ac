import { beforeEach, describe, expect, it } from 'vitest';
import { keyedEventStore, memoryKeys } from '../../../src/stores/keys/index.js';
import { createNatsStream, forgetPart, natsEventStore, partsOf } from '../../../src/stores/nats/index.js';
import { fakeJetStream } from '../../support/fakeJetStream.js';
import { startNatsServers } from '../../support/natsServers.js';
import { add } from '../../support/partsCases.js';
import { describeWith } from '../../support/programs.js';

const incomplete = { code: 'STORE_INCOMPLETE', details: { missing: ['keys'] } };

describe('what a stream of NATS notes', () => {
  let fake: ReturnType<typeof fakeJetStream>;
  beforeEach(() => {
    fake = fakeJetStream();
  });
  const inClear = () => natsEventStore({ ...fake, stream: 'FEES' });
  const underKeys = () => keyedEventStore(inClear(), { keys: memoryKeys() });

  it('is empty for a store without encrypted texts', async () => {
    await add(inClear(), 'p1');
    expect(await partsOf(fake.manager, 'FEES')).toEqual([]);
  });

  it('is that texts are encrypted; a store without keys is then refused', async () => {
    await add(inClear(), 'p1');
    await add(underKeys(), 'p2');
    expect(await partsOf(fake.manager, 'FEES')).toEqual(['keys']);
    const late = inClear();
    await expect(add(late, 'p3')).rejects.toMatchObject(incomplete);
    await expect(add(late, 'p3')).rejects.toMatchObject(incomplete);
    expect((await late.read({ institution: 'north', patronId: 'p3' })).version).toBe(0);
    await add(underKeys(), 'p3');
    await expect(
      late.append({ institution: 'north', patronId: 'p3' }, [], { expectedVersion: 1 }),
    ).resolves.toEqual({
      version: 1,
    });
  });

  it('can be removed', async () => {
    await add(underKeys(), 'p1');
    const store = inClear();
    await expect(add(store, 'p2')).rejects.toMatchObject(incomplete);
    expect(await forgetPart(fake.manager, 'FEES', 'keys')).toBe(true);
    expect(await forgetPart(fake.manager, 'FEES', 'keys')).toBe(false);
    expect(await partsOf(fake.manager, 'FEES')).toEqual([]);
    await add(store, 'p2');
  });

  it('leaves other metadata of the stream unchanged, and is read once', async () => {
    await fake.manager.streams.update('FEES', { metadata: { team: 'library' } });
    let looks = 0;
    const { info } = fake.manager.streams;
    const streams = {
      ...fake.manager.streams,
      info: (stream: string) => {
        looks += 1;
        return info(stream);
      },
    };
    const plain = natsEventStore({ ...fake, manager: { ...fake.manager, streams }, stream: 'FEES' });
    const keyed = keyedEventStore(plain, { keys: memoryKeys() });
    await Promise.all(['p1', 'p2', 'p3'].map((patronId) => add(keyed, patronId)));
    await add(keyed, 'p4');
    expect(looks).toBe(1);
    const { config } = (await info('FEES')) as { config: { metadata: object } };
    expect(config.metadata).toEqual({ team: 'library', 'patron-fees-parts': 'keys' });
  });
});

describeWith(['nats-server'], 'what a server of NATS keeps of it', () => {
  it('is noted by the first program with keys, and seen by every other', async () => {
    const servers = await startNatsServers(1);
    try {
      const [one, other] = [await servers.connect(), await servers.connect()];
      await createNatsStream(one.manager, { stream: 'KEYED', replicas: 1 });
      const store = keyedEventStore(natsEventStore({ ...one, stream: 'KEYED' }), { keys: memoryKeys() });
      await add(store, 'p1');
      await expect(add(natsEventStore({ ...other, stream: 'KEYED' }), 'p2')).rejects.toMatchObject(
        incomplete,
      );
      // The stream has all its settings still.
      await createNatsStream(other.manager, { stream: 'KEYED', replicas: 1 });
      expect(await partsOf(other.manager, 'KEYED')).toEqual(['keys']);
      expect(await forgetPart(other.manager, 'KEYED', 'keys')).toBe(true);
      expect(await partsOf(one.manager, 'KEYED')).toEqual([]);
      for (const { connection } of [one, other]) await connection.close();
    } finally {
      await servers.stop();
    }
  });
});
