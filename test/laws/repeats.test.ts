import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, decide, emptyAccount, fold } from '../../src/index.js';
import { changesIn } from '../../src/testing/arbitraries/runMoves.js';
import { checkLaw } from '../support/lawTests.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, moves, namingNamed, policies, runMoves } from '../support/stories.js';

checkLaw(4);

const nothing = { accepted: true, events: [], repeats: { id: 'p1', kind: 'payment' } };

describe('the ids of commands', () => {
  it(
    'refuses another request under a used id, including a derived one',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, anyNaming, (story, policy, naming) => {
          const steps = changesIn(runMoves(story, policy, namingNamed[naming]));
          const end = steps.at(-1)?.after ?? emptyAccount();
          const taken = end.ids.filter((use) => use.kind !== 'externalTransaction' && use.id.length <= 190);
          for (const { id } of taken) {
            const other = { type: 'IssueCredit', id, at: '2026-03-02T09:00:00Z', cause: 'imported' } as const;
            const inCurrency = steps[0]?.policy ?? policy;
            const decision = decide({ ...other, amount: '987654' }, end, inCurrency);
            expect(decision).toMatchObject({ accepted: false, rejection: { type: 'IdAlreadyUsed', id } });
          }
        }),
        seeded('law 4, other requests'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it('records a payment once, whatever id the provider reports it under, even within one list', () => {
    const policy = policies[1] as (typeof policies)[number];
    const at = '2026-03-02T09:00:00Z';
    const payment = { type: 'ReceivePayment', at, method: 'ONLINE', externalTransactionId: 'x1' } as const;
    const decision = decide(
      [
        { ...payment, id: 'p1', amount: '5' },
        { ...payment, id: 'p2', amount: '5.00' },
      ],
      emptyAccount(),
      policy,
    );
    expect(decision.events.map(({ type }) => type)).toEqual(['PaymentReceived']);
    const account = fold(decision.events);
    expect(decide({ ...payment, id: 'p3', amount: '5.0' }, account, policy)).toEqual(nothing);
    expect(decide({ ...payment, id: 'p3', amount: '6' }, account, policy)).toMatchObject({
      rejection: { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1', recordedAmount: '5.00' },
    });
    // p2 added nothing, so its id is free for something else.
    const other = { type: 'IssueCredit', id: 'p2', at, amount: '1', cause: 'imported' } as const;
    expect(decide(other, account, policy).accepted).toBe(true);
  });

  it(
    'are given in the order of the events: the first gets the id, the others id#1, id#2 ...',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, anyNaming, (story, policy, naming) => {
          for (const { command, decision } of changesIn(runMoves(story, policy, namingNamed[naming]))) {
            const named =
              command.type === 'ReversePayment' || command.type === 'ReverseSettlement'
                ? command.shortfallFee?.feeId
                : command.type === 'AccrueFine'
                  ? command.feeId
                  : undefined;
            const created = decision.events.flatMap(createdIds).filter((id) => id !== named);
            expect(created).toEqual(
              created.map((_, index) => (index === 0 ? command.id : `${command.id}#${index}`)),
            );
          }
        }),
        seeded('law 4, ids'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

/** What an event creates, by the field that names it. */
function createdIds({ type, data }: AccountEvent): readonly string[] {
  switch (type) {
    case 'FeeAssessed':
      return [data.feeId];
    case 'FeeIncreased':
      return [data.increaseId];
    case 'AccrualEnded':
      return [data.endId];
    case 'PaymentReceived':
      return [data.paymentId, ...(data.overpayment === undefined ? [] : [data.overpayment.creditId])];
    case 'FeeWaived':
      return [data.waiverId];
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return [data.creditId];
    case 'LostItemReturned':
      return [data.returnId];
    case 'FeeTransferred':
    case 'CreditTransferred':
      return [data.transferId];
    case 'FeeDisputed':
      return [data.disputeId];
    case 'DisputeResolved':
    case 'PaymentPlanEnded':
    case 'AccountSeparated':
      return [];
    case 'AccountPurged':
      return [data.purgeId];
    case 'PaymentPlanAgreed':
      return [data.planId];
    case 'AccountMerged':
    case 'AccountJoined':
      return [data.mergeId];
    case 'CreditApplied':
      return [data.applicationId];
    case 'CreditRefunded':
      return [data.refundId];
    case 'TransferSettled':
      return [data.settlementId];
    case 'TransferRecalled':
      return [data.recallId];
    case 'FeeCancelled':
    case 'CreditCancelled':
      return [data.cancellationId];
    case 'PaymentReversed':
    case 'SettlementReversed':
    case 'WaiverReversed':
    case 'CreditApplicationReversed':
    case 'RefundReversed':
      return [data.reversalId];
  }
}
