import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, decide, emptyAccount, fold } from '../../src/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  factsOf,
  pay,
  policy,
  waive,
} from '../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

const empty = emptyAccount();

describe('a list of commands that is decided as a whole', () => {
  const account = accountAfter([assess('f1', '6')]);

  it('gives each event the id and the digest of its own command', () => {
    const list = [assess('f2', '1'), pay('p1', '7'), waive('w1', 'f3'), assess('f3', '2')];
    const [first, second] = [
      decide(list.slice(0, 2), account, policy),
      decide(list[0] as Command, account, policy),
    ];
    expect(first.events.map(({ metadata }) => metadata?.commandId)).toEqual(['f2', 'p1']);
    expect(first.events[0]).toEqual(second.events[0]);
  });

  it('sees the effects of earlier commands in each command', () => {
    const list = [
      assess('f2', '1'),
      pay('p1', '7'),
      ask('ReversePayment', 'r1', { paymentId: 'p1' }),
      waive('w1', 'f2'),
    ];
    expect(factsOf(decide(list, account, policy)).map(({ type }) => type)).toEqual([
      'FeeAssessed',
      'PaymentReceived',
      'PaymentReversed',
      'FeeWaived',
    ]);
  });

  it('is all or nothing: one refused command refuses all, and the rejection has its index', () => {
    const list = [assess('f2', '1'), pay('p1', '7.01'), assess('f3', '1')];
    expect(decide(list, account, policy)).toEqual({
      accepted: false,
      events: [],
      commandIndex: 1,
      rejection: { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null, amount: '7.01', owed: '7.00' },
    });
  });

  it('has the index of the refused command in its rejection; a command alone has none', () => {
    expect(decide(pay('p1', '7.01'), account, policy)).not.toHaveProperty('commandIndex');
    expect(decide([pay('p1', '7.01')], account, policy)).toHaveProperty('commandIndex', 0);
  });

  it('executes a command that occurs twice only once, and refuses two commands with the same id', () => {
    expect(factsOf(decide([assess('f2', '1'), assess('f2', '1.00')], account, policy))).toHaveLength(1);
    expect(decide([assess('f2', '1'), assess('f2', '2')], account, policy)).toMatchObject({
      commandIndex: 1,
      rejection: { type: 'IdAlreadyUsed', id: 'f2' },
    });
  });

  it('skips commands that were executed before', () => {
    expect(factsOf(decide([assess('f1', '6'), assess('f2', '1')], account, policy))).toHaveLength(1);
  });

  it('may be empty', () => {
    expect(decide([], account, policy)).toEqual({ accepted: true, events: [] });
  });

  it('equals its commands decided one after the other (property)', { timeout: LAW_TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(moves(10), anyPolicy, (story, rules) => {
        const steps = runMoves(story, rules).filter(
          ({ policy: inForce, decision }) => inForce === rules && decision.accepted,
        );
        let now = empty;
        const done = steps.filter(({ command }) => {
          const decision = decide(command, now, rules);
          now = fold(decision.events, now);
          return decision.accepted;
        });
        const asOne = decide(
          done.map(({ command }) => command),
          empty,
          rules,
        );
        expect(fold(acceptedEvents(asOne))).toEqual(now);
      }),
      seeded('a list is what its commands are one after the other'),
    );
  });
});
