import { describe, expect, it } from 'vitest';
import { PatronFeesError } from '../../src/errors.js';
import { purgeDifference, readSealed, sealedStreams, unreadableAt } from '../../src/seals/sealedStreams.js';
import { by } from '../office/till/tills.js';
import { emptyBooks, institution } from './sealedBooks.js';

describe('sealedStreams', () => {
  const at = '2026-03-02T09:00:00Z';
  const receipt = {
    series: 'A',
    patronId: 'p',
    kind: 'payment',
    accountVersion: 1,
    amount: '5.00',
    currency: 'USD',
    at,
    by,
  } as const;

  describe('the streams of seals', () => {
    it('are sorted, accounts first, and each is in one share', async () => {
      const { stores } = emptyBooks();
      const data = { feeId: 'f', feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at };
      const ids = ['b', 'a"', 'a', '\u{1f600}', '\uffff'];
      for (const patronId of ids)
        await stores.accounts.append({ institution, patronId }, [{ type: 'FeeAssessed', data }], {
          expectedVersion: 0,
        });
      const issued = { type: 'ReceiptIssued', data: { ...receipt, subjectId: 's', number: 1 } } as const;
      await stores.office.append({ institution, stream: 'receipts:A' }, [issued], { expectedVersion: 0 });
      const listed = async (index: number, of: number) => {
        const names: string[] = [];
        const both = { store: stores.accounts, office: stores.office };
        for await (const { stream } of sealedStreams(both, institution, [], { index, of }))
          names.push('stream' in stream ? stream.stream : stream.patronId);
        return names;
      };
      const all = await listed(0, 1);
      expect(all).toEqual(['a', 'a"', 'b', '\uffff', '\u{1f600}', 'receipts:A']);
      expect([...(await listed(0, 2)), ...(await listed(1, 2))].sort()).toEqual([...all].sort());
    });

    it('are read page by page, unless their journal is summed', async () => {
      const { stores } = emptyBooks();
      const events = Array.from({ length: 2_500 }, (_, index) => ({
        type: 'ReceiptIssued' as const,
        data: { ...receipt, subjectId: `s${index}`, number: index + 1 },
      }));
      const stream = { institution, stream: 'receipts:A' };
      await stores.office.append(stream, events, { expectedVersion: 0 });
      const versions: number[] = [];
      const both = { store: stores.accounts, office: stores.office };
      expect(await readSealed(both, stream, ({ version }) => versions.push(version))).toEqual([]);
      expect(versions).toEqual(events.map((_, index) => index + 1));
    });

    it('have a difference at the first event that cannot be read', async () => {
      const { stores } = emptyBooks();
      const broken = new PatronFeesError('INVALID_EVENT', 'x');
      const read = async (_: unknown, { after = 0 } = {}) => {
        if (after === 2) throw broken;
        return { version: 3, events: [{ version: after + 1, recordedAt: at, event: {} }] };
      };
      const both = { store: { ...stores.accounts, read } as never, office: stores.office };
      expect(await unreadableAt(both, { institution, patronId: 'p' }, broken)).toMatchObject({ version: 3 });
      const intact = { store: stores.accounts, office: stores.office };
      expect(await unreadableAt(intact, { institution, patronId: 'p' }, broken)).toMatchObject({
        version: null,
      });
    });
  });
});

describe('purgeDifference', () => {
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
});
