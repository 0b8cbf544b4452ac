import {
  accepted,
  answeredOnce,
  cents,
  type PlainFee,
  type PlainFeeSystem,
  plainFeeSystem,
  refused,
} from '../rightSystems/plainFeeSystem.js';

/**
 * FOLIO gives money of a charge back to the patron first and then to the bursar, but does not remember to whom it gave
 * some before: of 6 paid and 5 transferred, given back in parts of 4, 4 and 3, the patron gets 11.
 *
 * Source: folio-org/mod-feesfines 68e556d8, `service/action/RefundActionService.java`; pinned by its own test
 * `AccountsRefundAPITests.java:658`.
 */
export function folioRefundToWrongParty(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  return {
    books,
    system: {
      ...system,
      cancel: answeredOnce()(({ feeId, amount }) => {
        const fee = books.fees.find(({ id }) => id === feeId) as PlainFee;
        const open = fee.owed + fee.moneyIn - fee.givenBack + fee.transferred - fee.reversed;
        if (cents(amount) > open) return refused;
        const fromOwed = Math.min(cents(amount), fee.owed);
        const fromPaid = Math.min(cents(amount) - fromOwed, fee.moneyIn);
        fee.owed -= fromOwed;
        fee.givenBack += fromPaid;
        if (fromPaid > 0) books.credits.push({ feeId, amount: fromPaid, left: fromPaid });
        fee.reversed += cents(amount) - fromOwed - fromPaid;
        books.external += cents(amount) - fromOwed - fromPaid;
        return accepted;
      }),
    },
  };
}
