import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, redactEvent } from '../../src/history/index.js';
import { type AccountEvent, balances, decide, definePolicy, emptyAccount, fold } from '../../src/index.js';
import { violations } from '../../src/testing/index.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, play } from '../support/stories.js';

const at = '2026-03-02T09:00:00Z';

describe('redactEvent', () => {
  it('takes out what was written about a person and what they borrowed, and nothing else', () => {
    const by = { channel: 'desk' as const, userId: 'lin' };
    const event: AccountEvent = {
      type: 'FeeAssessed',
      data: {
        ...{ feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, by },
        ...{ reason: 'DAMAGED', comment: 'The dog did it', staffNote: 'Third time', loanId: 'l1' },
        item: {
          id: 'i1',
          barcode: '39001',
          title: 'On dogs',
          callNumber: 'SF 426',
          library: 'MAIN',
          dueAt: at,
        },
      },
      metadata: { commandId: 'f1', commandDigest: 'abc' },
    };
    expect(redactEvent(event)).toEqual({
      type: 'FeeAssessed',
      data: {
        ...{ feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, by },
        ...{ reason: 'DAMAGED', loanId: 'l1', item: { library: 'MAIN', dueAt: at } },
      },
      metadata: { commandId: 'f1', commandDigest: 'abc' },
    });
    expect(event.data).toHaveProperty('comment');
  });

  it('gives the very event back that has nothing to take out', () => {
    const event: AccountEvent = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } };
    expect(redactEvent(event)).toBe(event);
    expect(redactEvent(redactEvent({ ...event, data: { ...event.data, comment: 'no' } }))).toEqual(event);
  });

  it('changes no figure of any account, and leaves events that can be stored', () => {
    fc.assert(
      fc.property(moves(), anyPolicy, (story, policy) => {
        const events = eventsOf(play(story, policy)).map((event) => ({
          ...event,
          data: { ...event.data, comment: 'secret', staffNote: 'secret' },
        })) as readonly AccountEvent[];
        const redacted = events.map(redactEvent);
        expect(JSON.stringify(redacted)).not.toContain('secret');
        expect(redacted.map((event) => parseEvent(event))).toEqual(redacted);
        const account = fold(redacted);
        expect(balances(account)).toEqual(balances(fold(events)));
        expect(violations(account)).toEqual([]);
      }),
      tried(200),
    );
  });

  it('leaves commands done that were done', () => {
    const policy = definePolicy({ currency: 'USD' });
    const item = { title: 'On dogs' };
    const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
    const command = { ...fee, item, comment: 'The dog did it' };
    const { events } = decide(command, emptyAccount(), policy);
    const account = fold(events.map(redactEvent));
    expect(decide(command, account, policy)).toEqual({ accepted: true, events: [] });
  });
});
