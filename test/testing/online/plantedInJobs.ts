import {
  inJournal as journal,
  inOffice as office,
  inOnline as online,
  type PlantedFault,
} from './plantedFault.js';

/** Faults of what persons settle, of the monitor, of debits and of payouts. */
export const plantedInJobs: readonly PlantedFault[] = [
  // Settled by persons.
  journal(
    'settled twice is posted twice',
    'return isNew && partIn(before, data)?.isPosted === false ? apart(before, data) : [];',
    'return isNew ? apart(before, data) : [];',
  ),
  journal(
    'what is recorded after all is not taken back',
    'return partIn(before, data)?.isPosted ? apart(before, data).map(opposite) : [];',
    'return [];',
  ),
  journal(
    'a row that comes again after a failed payout is posted again',
    'return data.instead === undefined ? paidOut(before.method, data) : [];',
    'return paidOut(before.method, data);',
  ),
  online(
    'the money of a settled row is posted nowhere',
    'settle/settleOnlineReport.ts',
    "if (kept.kind !== 'row' || kept.because === 'ROW_CHANGED') return undefined;",
    'if (true) return undefined;',
  ),
  online(
    'a changed row is posted again when it is settled',
    'settle/settleOnlineReport.ts',
    "if (kept.kind !== 'row' || kept.because === 'ROW_CHANGED') return undefined;",
    "if (kept.kind !== 'row') return undefined;",
  ),
  online(
    'two persons settle the same report twice',
    'settle/settleOnlineReport.ts',
    "if (known?.state !== 'open') return [];",
    'if (known === null) return [];',
  ),
  online(
    'reopening takes back nothing of what was posted',
    'kept/keptReports.ts',
    '...(posted && { posted }),',
    '',
  ),
  online(
    'a settled row stays settled although its transaction is known',
    'kept/keptRows.ts',
    "(kept.because === 'ROW_CHANGED' || !isKnown)",
    'true',
  ),
  // The monitor.
  online(
    'what is kept is found once',
    'monitor/runOnlinePayments.ts',
    'new Set([...left, ...newlyKept])',
    'new Set(newlyKept)',
  ),
  online(
    'the cursor forgets what is kept',
    'monitor/monitorCursor.ts',
    'kept: left.kept.slice(0, NAMED_MAX),',
    'kept: [],',
  ),
  online(
    'the cursor forgets what is not finished',
    'monitor/monitorCursor.ts',
    'payments: left.payments.slice(0, NAMED_MAX),',
    'payments: [],',
  ),
  online(
    'what a process that died wrote of a capture is not completed',
    'monitor/changedPayments.ts',
    'for (const { kind, ...transaction } of transactions) {',
    'for (const { kind, ...transaction } of transactions.slice(0, 0)) {',
  ),
  online(
    'findings that stay are found while something else happens only',
    'monitor/lookAtPayment.ts',
    'findings.push(...inAccounts.tooMuch, ...stayingFindings(institution, payment));',
    'findings.push(...inAccounts.tooMuch);',
  ),
  online(
    'what others recorded too much is not found',
    'monitor/tooMuchFindings.ts',
    'if (left <= 0) continue;',
    'continue;',
  ),
  online(
    'what staff entered too much of a return is not found',
    'monitor/tooMuchFindings.ts',
    'if (entered <= most) continue;',
    'continue;',
  ),
  online(
    'what others recorded in an account without a part is not found',
    'monitor/tooMuchFindings.ts',
    '...withoutPart(payment, accounts, money(0))',
    '',
  ),
  // Debits.
  office(
    '`cancelled` ends a debit',
    'onlinePaymentStatus.ts',
    'if (captures.length > 0 || ended?.final === true) return null;\n  const open',
    'if (captures.length > 0 || ended !== null) return null;\n  const open',
  ),
  office(
    'the late failure of a debit ends the next one',
    'onlinePaymentStatus.ts',
    '(failedAt === null || compareInstants(failedAt, one.at) < 0) &&',
    'failedAt === null &&',
  ),
  office(
    'a debit holds no fees',
    'onlinePaymentStatus.ts',
    "status === 'started' || status === 'pending' ||",
    "status === 'started' ||",
  ),
  online(
    'a debit is replaced by another payment',
    'start/holdFees.ts',
    'return payment.captures.length > 0 || pendingUntil(payment, at) !== null;',
    'return payment.captures.length > 0;',
  ),
  online(
    'the desk is not told which fees a debit holds',
    'start/heldOnline.ts',
    'if (payment === null || !holdsItsFees(payment, at)) continue;',
    'if (payment === null || !holdsItsFees(payment, at) || payment.pendings.length > 0) continue;',
  ),
  // Payouts.
  online(
    'a row that comes again after a failed payout is refused',
    'payouts/paidOut.ts',
    'if (content.payoutId === before.payoutId || changesOf(before, content).length === 0) return false;',
    'if (true) return false;',
  ),
  online(
    "a provider's cost that comes again after a failed payout is recorded twice",
    'payouts/otherRows.ts',
    'const instead = known === null ? {} : { instead: known.payoutId };',
    'const instead = {};',
  ),
  online(
    "a row is recorded without the provider's fee",
    'payouts/paidOut.ts',
    '    fee,\n    payoutCurrency,\n  } as const;',
    "    fee: fee.replace(/[1-9]/g, '0'),\n    payoutCurrency,\n  } as const;",
  ),
  online(
    'what nobody reported is not reported from its row',
    'payouts/recordPayout.ts',
    'const captures = [{ externalTransactionId: transaction, rowId, amount: taken, currency, of }];',
    'if (true) return unknown(row);\n  const captures = [{ externalTransactionId: transaction, rowId, amount: taken, currency, of }];',
  ),
  online(
    'the returns of a payout are not reported from their rows',
    'payouts/recordPayout.ts',
    'if (capture === undefined) return unknown(row);',
    'return unknown(row);',
  ),
];
