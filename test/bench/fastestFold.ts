import type {
  AccountEvent,
  Circumstances,
  Fee,
  Payment,
  RecordedActor,
  Transaction,
  TransactionReferences,
  Transfer,
  Waiver,
} from 'patron-fees';

type Writable<Data> = Data extends readonly (infer Row)[]
  ? Writable<Row>[]
  : Data extends object
    ? { -readonly [Key in keyof Data]: Writable<Data[Key]> }
    : Data;

/** The result of the fastest fold: the figures, the transactions and the index of commands. */
export type FoldedFast = {
  fees: Map<string, Writable<Fee>>;
  payments: Writable<Payment>[];
  waivers: Writable<Waiver>[];
  transfers: Writable<Transfer>[];
  commands: Map<string, string>;
};

/** Converts "12.50" to 1250, without checking that it is an amount with two decimals. */
function cents(amount: string): number {
  let minor = 0;
  for (let index = 0; index < amount.length; index++) {
    const code = amount.charCodeAt(index);
    if (code !== 46) minor = minor * 10 + (code - 48);
  }
  return minor;
}

function line(
  kind: Transaction['kind'],
  id: string,
  amount: number,
  data: Circumstances,
  method: string | null,
  references: Writable<TransactionReferences> = {},
) {
  return {
    kind,
    id,
    amount,
    at: data.at,
    by: (data.by ?? null) as Writable<RecordedActor> | null,
    reason: data.reason ?? null,
    comment: data.comment ?? null,
    staffNote: data.staffNote ?? null,
    method,
    references,
  };
}

/**
 * The limit of speed: a loop over integer minor units that changes maps and lists in place. It computes the same
 * figures, transactions and index of command ids as `fold`, and checks nothing.
 */
export function fastestFold(events: readonly AccountEvent[]): FoldedFast {
  const fees = new Map<string, Writable<Fee>>();
  const payments: Writable<Payment>[] = [];
  const waivers: Writable<Waiver>[] = [];
  const transfers: Writable<Transfer>[] = [];
  const commands = new Map<string, string>();
  for (const event of events) {
    const { metadata } = event;
    if (metadata?.commandId !== undefined && metadata.commandDigest !== undefined) {
      commands.set(metadata.commandId, metadata.commandDigest);
    }
    switch (event.type) {
      case 'FeeAssessed': {
        const { data } = event;
        const original = cents(data.amount);
        fees.set(data.feeId, {
          feeId: data.feeId,
          feeType: data.feeType,
          owner: data.owner,
          lostItem: data.lostItem === true,
          item: data.item ?? null,
          loanId: data.loanId ?? null,
          incidentId: data.incidentId ?? null,
          vatPercent: data.vatPercent ?? null,
          assessedAt: data.at,
          original,
          paid: 0,
          waived: 0,
          settledByCredit: { setOff: 0, refundable: 0, external: 0, goodwill: 0 },
          transferred: 0,
          cancelled: 0,
          transferPending: 0,
          givenBack: 0,
          reserved: 0,
          transferReversed: 0,
          disputed: false,
          disputeId: null,
          returned: false,
          returnTerms: null,
          planId: null,
          shortfallCreditId: null,
          accrual: null,
          transactions: [line('assessed', data.feeId, original, data, null)],
        });
        break;
      }
      case 'PaymentReceived': {
        const { data } = event;
        const allocations = data.allocations.map(({ feeId, amount }) => ({
          feeId,
          amount: cents(amount),
          reversed: 0,
        }));
        payments.push({
          paymentId: data.paymentId,
          amount: cents(data.amount),
          method: data.method,
          at: data.at,
          by: data.by ?? null,
          comment: data.comment ?? null,
          allocations,
          overpayment: null,
          externalTransactionId: data.externalTransactionId ?? null,
          feesNamed: [],
          externalTransactionTotal: null,
          part: null,
          reference: data.reference ?? null,
          reversals: [],
        });
        for (const { feeId, amount } of allocations) {
          const fee = fees.get(feeId) as Writable<Fee>;
          fee.paid += amount;
          const { externalTransactionId, reference, method } = data;
          const references: Writable<TransactionReferences> = {};
          if (externalTransactionId !== undefined) references.externalTransactionId = externalTransactionId;
          if (reference !== undefined) references.reference = reference;
          fee.transactions.push(line('payment', data.paymentId, amount, data, method, references));
        }
        break;
      }
      case 'FeeWaived': {
        const { data } = event;
        const amount = cents(data.amount);
        const fee = fees.get(data.feeId) as Writable<Fee>;
        waivers.push({
          waiverId: data.waiverId,
          feeId: data.feeId,
          amount,
          writeOff: data.writeOff === true,
          reversed: false,
        });
        fee.waived += amount;
        fee.transactions.push(line('waiver', data.waiverId, amount, data, null));
        break;
      }
      case 'FeeDisputed': {
        const { data } = event;
        const fee = fees.get(data.feeId) as Writable<Fee>;
        fee.disputed = true;
        fee.disputeId = data.disputeId;
        fee.transactions.push(line('disputed', data.disputeId, 0, data, null));
        break;
      }
      case 'FeeTransferred': {
        const { data } = event;
        const amount = cents(data.amount);
        const fee = fees.get(data.feeId) as Writable<Fee>;
        transfers.push({
          transferId: data.transferId,
          batchId: data.batchId ?? null,
          feeId: data.feeId,
          creditId: null,
          amount,
          settled: 0,
          recalled: 0,
          expectsSettlement: data.expectsSettlement,
          destination: data.destination ?? null,
          externalReference: data.externalReference ?? null,
          at: data.at,
        });
        fee.transferred += amount;
        const { batchId, destination, externalReference } = data;
        const references: Writable<TransactionReferences> = {};
        if (batchId !== undefined) references.batchId = batchId;
        if (destination !== undefined) references.destination = destination;
        if (externalReference !== undefined) references.externalReference = externalReference;
        fee.transactions.push(line('transfer', data.transferId, amount, data, null, references));
        break;
      }
    }
  }
  return { fees, payments, waivers, transfers, commands };
}
