import type { EventStore, StreamSlice } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { describe, expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
import { fakeJetStream } from '../../support/fakeJetStream.js';

const account = { institution: 'north', patronId: 'p1' };
const another = { institution: 'north', patronId: 'p2' };
const APPENDS = 100;

/** An account with a hundred appends of one or two events, between those of another account. */
async function longAccount() {
  const fake = fakeJetStream();
  const store = natsEventStore({ ...fake, stream: 'FEES' });
  const fees: string[] = [];
  for (let index = 0; index < APPENDS; index++) {
    const ids = index % 3 === 0 ? [`f${index}`, `f${index}b`] : [`f${index}`];
    await store.append(
      account,
      ids.map((id) => assessedFee(id)),
      { expectedVersion: fees.length },
    );
    await store.append(another, [assessedFee(`f${index}`)], { expectedVersion: index });
    fees.push(...ids);
  }
  fake.queries.length = 0;
  return { fake, store, fees };
}

const feesIn = ({ events }: StreamSlice) =>
  events.map(({ event }) => (event.data as { feeId: string }).feeId);

const part = (store: EventStore, after: number, limit?: number) =>
  store.read(account, limit === undefined ? { after } : { after, limit });

describe('an account with many messages', () => {
  it('is read completely, in order', async () => {
    const { store, fees } = await longAccount();
    expect(feesIn(await part(store, 0))).toEqual(fees);
  });

  it('is read from any version and to any limit', async () => {
    const { store, fees } = await longAccount();
    for (const after of [
      0,
      1,
      2,
      3,
      31,
      32,
      33,
      64,
      98,
      fees.length - 2,
      fees.length - 1,
      fees.length,
      500,
    ]) {
      for (const limit of [1, 2, 40, undefined]) {
        const end = limit === undefined ? undefined : after + limit;
        expect(feesIn(await part(store, after, limit)), `${after} ${limit}`).toEqual(fees.slice(after, end));
      }
    }
  });

  it('is read in a few steps: its last message lists the others', async () => {
    const { fake, store, fees } = await longAccount();
    await part(store, fees.length - 1);
    expect(fake.queries).toHaveLength(1);
    await part(store, fees.length - 3);
    expect(fake.queries).toHaveLength(4);
    fake.queries.length = 0;
    await part(store, 0);
    expect(fake.queries.length).toBeLessThan(APPENDS + 10);
  });

  it('rejects with CORRUPT_HISTORY if a listed message is not the expected one', async () => {
    const { fake, store } = await longAccount();
    const [first, , second] = fake.messages;
    if (first === undefined || second === undefined) throw new Error('nothing was stored');
    fake.messages[2] = { ...first, seq: 3 };
    await expect(part(store, 0)).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { sequence: 3, subject: 'fees.north.p1', expected: 2, found: 0 },
    });
    fake.messages[2] = { ...second, subject: 'fees.north.p2' };
    await expect(part(store, 0)).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    fake.messages[0] = { ...second, seq: 1 };
    await expect(part(store, 0)).rejects.toMatchObject({ code: 'CORRUPT_HISTORY', details: { expected: 0 } });
  });
});
