import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Command,
  type CreditApplied,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
  isPatronFeesError,
  type PatronAccount,
} from '../../src/index.js';
import { damage, damaged } from '../support/damages.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, commandOf, eventsOf, move, moves, play } from '../support/stories.js';

/** Folds, or says that the history is corrupt; nothing else may come of it. */
function foldedOr<Otherwise>(
  otherwise: Otherwise,
  events: readonly AccountEvent[],
  account: PatronAccount,
): PatronAccount | Otherwise {
  try {
    return fold(events, account);
  } catch (error) {
    if (isPatronFeesError(error, 'CORRUPT_HISTORY')) return otherwise;
    throw error;
  }
}

/** The events of a history that fold, one by one; those that cannot follow are left out. */
function whatFolds(events: readonly AccountEvent[]): PatronAccount {
  return events.reduce((account, event) => foldedOr(account, [event], account), emptyAccount());
}

/** The command that asks for exactly one event, where there is one. */
function commandFor(event: AccountEvent, id: string, policy: FeePolicy): Command | undefined {
  const { at } = event.data;
  const base = { id, at };
  switch (event.type) {
    case 'FeeAssessed': {
      const { feeId, feeType, amount, owner } = event.data;
      return { type: 'AssessFee', id: feeId, at, feeType, amount, owner };
    }
    case 'PaymentReceived': {
      const { paymentId, amount, method, allocations, externalTransactionId } = event.data;
      const external = externalTransactionId === undefined ? {} : { externalTransactionId };
      const overpayment = 'refuse';
      return {
        type: 'ReceivePayment',
        id: paymentId,
        at,
        amount,
        method,
        allocations,
        overpayment,
        ...external,
      };
    }
    case 'FeeWaived': {
      const { feeId, amount } = event.data;
      const reason = Object.keys(policy.waiveReasons)[0] as string;
      return { ...base, type: 'WaiveFees', reason, fees: [{ feeId, amount }] };
    }
    case 'LostItemReturned':
      return { ...base, type: 'ReturnLostItem', feeIds: [event.data.feeId] };
    case 'FeeTransferred': {
      const { feeId, amount } = event.data;
      return { ...base, type: 'TransferFees', fees: [{ feeId, amount }] };
    }
    case 'CreditTransferred': {
      const { creditId, amount } = event.data;
      return { ...base, type: 'TransferFees', credits: [{ creditId, amount }] };
    }
    case 'TransferRecalled':
      return {
        ...base,
        type: 'RecallTransfer',
        transferId: event.data.transferId,
        amount: event.data.amount,
      };
    case 'CreditApplied':
      return applying(event, base);
    case 'CreditRefunded': {
      const { creditId, amount, method } = event.data;
      return { ...base, type: 'RefundCredit', creditId, amount, method };
    }
    case 'CreditCancelled':
      return { ...base, type: 'CancelCredit', creditId: event.data.creditId, amount: event.data.amount };
    case 'PaymentReversed':
      return { ...base, type: 'ReversePayment', paymentId: event.data.paymentId, amount: event.data.amount };
    case 'WaiverReversed':
      return { ...base, type: 'ReverseWaiver', waiverId: event.data.waiverId };
    case 'CreditApplicationReversed':
      return { ...base, type: 'ReverseCreditApplication', applicationId: event.data.applicationId };
    case 'RefundReversed':
      return { ...base, type: 'ReverseRefund', refundId: event.data.refundId };
    default:
      return undefined;
  }
}

function applying({ data }: CreditApplied, base: { readonly id: string; readonly at: string }): Command {
  return { ...base, type: 'ApplyCredit', creditId: data.creditId, allocations: data.allocations };
}

/** What is the matter of an event, without its own id and its circumstances. */
function matterOf(event: AccountEvent): string {
  const { type, data } = withNewId(event);
  const {
    at,
    by,
    reason,
    comment,
    staffNote,
    batchId,
    destination,
    expectsSettlement,
    externalReference,
    ...matter
  } = data as unknown as Record<string, unknown>;
  return JSON.stringify([type, Object.entries(matter).sort()]);
}

describe('law 5: deciding and folding agree', () => {
  it(
    'folds whatever was decided, and a list is decided as its commands are one after the other',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          const steps = play(story, policy).filter(
            (step) => step.policy === policy && step.decision.accepted,
          );
          const commands = steps.map(({ command }) => command);
          const start = emptyAccount();
          const oneByOne: AccountEvent[] = [];
          let account = start;
          const refused = commands.findIndex((command) => {
            const decision = decide(command, account, policy);
            oneByOne.push(...decision.events);
            account = fold(decision.events, account);
            return !decision.accepted;
          });
          const decision = decide(commands, start, policy);
          if (refused >= 0) {
            expect(decision).toMatchObject({ accepted: false, events: [], commandIndex: refused });
          } else {
            expect(decision).toEqual({ accepted: true, events: oneByOne });
            expect(fold(decision.events)).toEqual(account);
          }
        }),
        seeded('law 5'),
      );
    },
    PATIENCE,
  );

  it(
    'folds whatever is decided on top of a history that no decision would have made',
    () => {
      fc.assert(
        fc.property(
          moves(20).filter((story) => story.length > 0),
          fc.array(damage, { minLength: 1, maxLength: 4 }),
          fc.array(move, { minLength: 1, maxLength: 10 }),
          anyPolicy,
          (story, damages, later, policy) => {
            const events = eventsOf(play(story, policy));
            const history = damages.reduce((all, one) => damaged(one, all), events);
            let account = whatFolds(history);
            for (const [index, next] of later.entries()) {
              const command = commandOf(next, `later ${index}`, account, policy);
              account = fold(decide(command, account, policy).events, account);
            }
          },
        ),
        seeded('law 5, odd histories'),
      );
    },
    PATIENCE,
  );

  it(
    'never decides what cannot be folded: the command for a corrupt event is refused, or does something else',
    () => {
      let corrupt = 0;
      fc.assert(
        fc.property(
          moves(20).filter((story) => story.length > 0),
          damage,
          anyPolicy,
          (story, damage, policy) => {
            const history = damaged(damage, eventsOf(play(story, policy)));
            let account = emptyAccount();
            for (const [index, event] of history.entries()) {
              const next = foldedOr(undefined, [event], account);
              if (next !== undefined) {
                account = next;
                continue;
              }
              corrupt += 1;
              const command = commandFor(event, `asked ${index}`, policy);
              if (command === undefined) continue;
              const { events } = decide(command, account, policy);
              fold(events, account);
              // Only the id can have been wrong with an event that is decided again under a new one.
              if (events.some((decided) => matterOf(decided) === matterOf(event))) {
                expect(['FeeAssessed', 'PaymentReceived']).not.toContain(event.type);
                fold([withNewId(event)], account);
              }
            }
          },
        ),
        seeded('law 5, corrupt histories'),
      );
      expect(corrupt).toBeGreaterThan(100);
    },
    PATIENCE,
  );

  it('refuses to fold another command under the id of one that created nothing, as decide does', () => {
    const at = '2026-03-02T09:00:00Z';
    const policy = definePolicy({ currency: 'USD' });
    const fee = { type: 'AssessFee', at, feeType: 'OTHER', amount: '5', owner: 'MAIN' } as const;
    const story: readonly Command[] = [
      { ...fee, id: 'f1' },
      { type: 'DisputeFee', id: 'd1', at, feeId: 'f1' },
      { type: 'ResolveDispute', id: 'e1', at, feeId: 'f1', outcome: 'withdrawn' },
    ];
    const account = fold(decide(story, emptyAccount(), policy).events);
    expect(decide({ ...fee, id: 'e1' }, account, policy)).toMatchObject({
      rejection: { type: 'IdAlreadyUsed' },
    });
    const elsewhere = decide({ ...fee, id: 'e1' }, emptyAccount(), policy).events;
    expect(() => fold(elsewhere, account)).toThrow('OtherCommandWithThisId');
  });
});

/** The event under an id that is new for certain, and of no command. */
function withNewId({ type, data }: AccountEvent): AccountEvent {
  const field = ownId[type];
  return { type, data: { ...data, ...(field === undefined ? {} : { [field]: 'new' }) } } as AccountEvent;
}

/** The field by which an event names what it creates. */
const ownId: Partial<Record<AccountEvent['type'], string>> = {
  FeeAssessed: 'feeId',
  PaymentReceived: 'paymentId',
  FeeWaived: 'waiverId',
  LostItemReturned: 'returnId',
  FeeTransferred: 'transferId',
  CreditTransferred: 'transferId',
  TransferRecalled: 'recallId',
  CreditApplied: 'applicationId',
  CreditRefunded: 'refundId',
  CreditCancelled: 'cancellationId',
  PaymentReversed: 'reversalId',
  WaiverReversed: 'reversalId',
  CreditApplicationReversed: 'reversalId',
  RefundReversed: 'reversalId',
};
