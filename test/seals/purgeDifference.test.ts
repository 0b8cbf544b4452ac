import { describe, expect, it } from 'vitest';
import { purgeDifference } from '../../src/seals/purgeDifference.js';
import { by } from '../office/till/tills.js';
import { emptyBooks, institution } from './sealedBooks.js';

const stream = { institution, patronId: 'p' };
const at = '2026-03-02T09:00:00Z';
const read = [{ number: 2 }];
const sealWith = (version: number, open = false) => {
  const line = { kind: 'account', id: 'p', version, digest: 'a', open, leaves: '' } as const;
  return { number: 2, cutoff: at, rule: '1', isKnown: false, line };
};

describe('a purge', () => {
  it('must be recorded in the office, and allowed by the seal that it names', async () => {
    const { stores } = emptyBooks();
    const check = (seal: ReturnType<typeof sealWith>, version = 4) =>
      purgeDifference(stores.office, { stream, seals: [seal] }, read, version);
    expect(await check(sealWith(3))).toMatchObject({ code: 'PURGE_UNKNOWN', version: 4 });
    const event = (seal: number, version: number) => {
      const data = { purgeId: 'x', patronId: 'p', version, seal, at, by };
      return { type: 'PurgeRecorded', data, metadata: { correlationId: 'x' } } as const;
    };
    const purges = { institution, stream: 'purges:p' };
    await stores.office.append(purges, [event(2, 3), event(1, 9), event(3, 3)], { expectedVersion: 0 });
    expect(await check(sealWith(3))).toBeNull();
    expect(await check(sealWith(3, true))).toMatchObject({ code: 'PURGE_UNKNOWN' });
    expect(await check(sealWith(2))).toMatchObject({ code: 'PURGE_UNKNOWN' });
    expect(await check(sealWith(3), 5)).toMatchObject({ code: 'PURGE_UNKNOWN' });
    // The file of its seal is gone: the oldest that is left must allow it.
    expect(await check(sealWith(9), 10)).toBeNull();
    expect(await check(sealWith(9, true), 10)).toMatchObject({ code: 'PURGE_UNKNOWN' });
    expect(await check(sealWith(3), 10)).toMatchObject({ code: 'PURGE_UNKNOWN' });
    const till = { institution, stream: 'till:A' };
    expect(await purgeDifference(stores.office, { stream: till, seals: [] }, read, 1)).toBeNull();
  });
});
