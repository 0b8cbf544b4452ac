import { describe, expect, it } from 'vitest';
import { sealedLine } from '../../src/seals/sealedLine.js';
import { sealedSums } from '../../src/seals/sealedSums.js';
import { keyOfStream } from '../../src/seals/sealFile.js';
import { emptyBooks, institution } from './sealedBooks.js';

const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f', feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at };

describe('the line of a stream', () => {
  it('has the events recorded before the cutoff, and their sums', async () => {
    const { stores, clock } = emptyBooks();
    const stream = { institution, patronId: 'p' };
    for (const [index, feeId] of ['f', 'g', 'h'].entries()) {
      clock.now = `2026-0${index + 1}-05T09:00:00Z`;
      await stores.accounts.append(stream, [{ type: 'FeeAssessed', data: { ...data, feeId } }], {
        expectedVersion: index,
      });
    }
    const both = { store: stores.accounts, office: stores.office };
    const one = { key: keyOfStream(stream), kind: 'account', stream, seals: [] } as const;
    const lineAt = async (cutoff: string) => {
      const tally = sealedSums(1);
      const { line, events } = await sealedLine(both, one, [], { cutoff, month: cutoff.slice(0, 7) }, tally);
      return { line: line?.(false), events, sums: tally.result()[0]?.map(({ amount }) => amount) };
    };
    expect(await lineAt('2026-01-01T00:00:00Z')).toEqual({ line: undefined, events: 0, sums: [] });
    expect(await lineAt('2026-03-01T00:00:00Z')).toMatchObject({
      line: {
        kind: 'account',
        id: 'p',
        version: 2,
        open: true,
        leaves: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      events: 2,
      sums: ['10.00', '-10.00'],
    });
  });
});
