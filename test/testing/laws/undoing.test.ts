import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Decision, decide, definePolicy, fold } from '../../../src/index.js';
import { namings } from '../../../src/testing/arbitraries/ids.js';
import { ours, runMoves } from '../../../src/testing/arbitraries/runMoves.js';
import { checkClosing } from '../../../src/testing/laws/conservation.js';
import { restoresStep, undoingOf } from '../../../src/testing/laws/undoing.js';
import { assessed, at, event, lost, paid } from '../../support/events.js';
import { commandsIn, deciding, failureOf } from './mutants.js';

describe('law 7, undoing', () => {
  it('catches an undo that loses something', async () => {
    const message = await failureOf([7, 'what a person did is undone to the last minor unit'], {
      fold: (events, account) =>
        fold(
          [...events].filter(({ type }) => type !== 'WaiverReversed'),
          account,
        ),
    });
    expect(message).toContain('WaiveFees');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a reversal that is counted only once', async () => {
    const message = await failureOf([7, 'a payment and a transfer are undone in two parts as in one'], {
      decide: deciding('ReversePayment', (decision, command, account) => {
        const payment = account.payments.find(
          (row) => 'paymentId' in command && row.paymentId === command.paymentId,
        );
        const isBegun = payment?.allocations.some(({ reversed }) => reversed > 0);
        return isBegun
          ? { accepted: false, events: [], rejection: { type: 'AlreadyUndone' } as never }
          : decision;
      }),
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});

it('an undoing may be refused because a closing rule would do the same again, and for no other reason', () => {
  const policy = definePolicy({ currency: 'USD' });
  const command = { type: 'WaiveFees', id: 'w', at, fees: [{ feeId: 'f1' }], reason: 'OTHER' } as const;
  const before = fold([assessed('f1', '5.00')]);
  const decision = decide(command, before, policy);
  const step = { command, policy, before, decision, after: fold(decision.events, before) };
  const refusing = (type: string) => () =>
    restoresStep(step, {
      ...ours,
      decide: () => ({ accepted: false, events: [], rejection: { type } }) as unknown as Decision,
    });
  expect(refusing('AppliedAgain')).not.toThrow();
  expect(refusing('WaiverNotFound')).toThrow('was refused');
});

/** A `decide` that drops the promise of a return after the return. */
const forgetful: typeof decide = (commands, account, policy): Decision => {
  const decision = decide(commands, account, policy);
  const [command] = [commands].flat();
  if (!decision.accepted || (command as { type?: string })?.type === 'ReturnLostItem') return decision;
  const forgotten = decision.events.flatMap(({ type, data }) =>
    type === 'LostItemCreditIssued' && data.cause === 'returned' ? [data.creditId] : [],
  );
  // The use of a credit is removed with it.
  const isAbout = ({ type, data }: AccountEvent) =>
    (type === 'LostItemCreditIssued' || type === 'CreditApplied') && forgotten.includes(data.creditId);
  return { ...decision, events: decision.events.filter((event) => !isAbout(event)) };
};

describe('law 7, before and after a return', () => {
  it('catches a return that forgets what it promised', async () => {
    const message = await failureOf(
      [7, 'costs the same before and after the return'],
      { decide: forgetful },
      1_000,
    );
    expect(commandsIn(message)).toBeLessThanOrEqual(5);
  });

  it('breaks law 1 too: part of the return is missing', () => {
    const move = { pick: 0, other: 1, amount: 100, flag: true, sensible: true, policy: 'same' } as const;
    const moveList = (['assessLost', 'waive', 'returnItem', 'reverseWaiver'] as const).map((kind) => ({
      ...move,
      kind,
    }));
    const dollars = definePolicy({
      currency: 'USD',
      feeTypes: { LOST: { label: 'Lost', lostItem: true, refundPercent: 100 } },
    });
    checkClosing(runMoves(moveList, dollars));
    const story = runMoves(moveList, dollars, namings.plain, { ...ours, decide: forgetful });
    expect(() => checkClosing(story)).toThrow('100 of the return of c0 is missing, it costs 100');
  });
});

describe('the command that undoes an event', () => {
  it('names what the event created', () => {
    expect(undoingOf(paid('p1', 'f1', '1.00'), 'u')).toMatchObject({
      type: 'ReversePayment',
      id: 'u',
      paymentId: 'p1',
    });
    expect(undoingOf(lost('f1', '1.00'), 'u')).toMatchObject({ type: 'CancelFee', feeId: 'f1' });
  });

  it.each([
    ['waived', { type: 'ReverseWaiver', waiverId: 'c1' }],
    ['returned', { type: 'CancelCredit', creditId: 'c1' }],
  ] as const)('depends on why a credit was issued: %s', (cause, command) => {
    const credit = event('LostItemCreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '1.00',
      cause,
      purpose: 'setOff',
    });
    expect(undoingOf(credit, 'u')).toMatchObject(command);
  });

  it('are undefined for an event that cannot be undone', () => {
    const cancelled = event('FeeCancelled', { cancellationId: 'x', feeId: 'f1', amount: '1.00' });
    expect(undoingOf(cancelled, 'u')).toBeUndefined();
  });
});
