import { inOffice as office, inOnline as online, type PlantedFault } from './plantedFault.js';

/** Faults of what is reported, and of what accounts record of it. */
export const plantedInReports: readonly PlantedFault[] = [
  // Reports.
  online(
    'what a report refuses is kept nowhere',
    'report/reportOnlinePayment.ts',
    "if (rejection.type === 'InvalidOnlinePayment' || (await isRecorded(context, entry))) continue;",
    'if (true) continue;',
  ),
  online(
    'a capture that is told again is taken again',
    'report/reportCapture.ts',
    'if (captureOf(payment, capture.externalTransactionId) !== undefined) return { result: payment };',
    '',
  ),
  online(
    'currency codes in lower case are refused',
    'report/reportCapture.ts',
    'if (currency === expected) return undefined;',
    'if (currency === expected.toLowerCase()) return undefined;',
  ),
  online(
    'each capture keeps the service fee anew',
    'report/splitOnline.ts',
    'const serviceFee = Math.min(unknown, serviceFeeLeft(payment));',
    'const serviceFee = Math.min(amount, units(payment.serviceFee));',
  ),
  online(
    'what is above the parts belongs to nobody',
    'report/splitOnline.ts',
    '(patronId === payer ? surplus : 0)',
    '0',
  ),
  online(
    'a return takes nothing from other captures',
    'report/splitOnline.ts',
    'if (found.length > 0 && sum >= amount) break;',
    'if (found.length > 0) break;',
  ),
  online(
    'a return is refused whose capture is of another payment than the one that it names',
    'report/reportReturn.ts',
    'if (event === undefined) return undefined;',
    'return undefined;',
  ),
  online(
    'a return told again is returned again',
    'report/reportReturn.ts',
    "if (transactionOf(payment, 'return', externalTransactionId) !== undefined) return { result: payment };",
    '',
  ),
  // Records.
  online(
    'what other programs recorded of a transaction does not count',
    'record/planCapture.ts',
    'const sum = others.reduce((all, { amount }) => all + amount, 0);',
    'const sum = 0;',
  ),
  online(
    'what an account recorded before the process died is not found again',
    'record/planCapture.ts',
    'const own = ownPayment(account, capture);',
    'const own = undefined as Payment | undefined;',
  ),
  online(
    'a payment whose fees were paid otherwise is refused',
    'record/planCapture.ts',
    "overpayment: 'credit',",
    "overpayment: 'refuse',",
  ),
  online(
    'a capture is recorded with its whole amount in each account',
    'record/planCapture.ts',
    'const total = units(part.amount);',
    'const total = units(capture.amount);',
  ),
  online(
    "what staff entered under a return's id does not count",
    'record/planReturn.ts',
    'const byOthers = Math.min(amount - recorded, entered.amount);',
    'const byOthers = 0;',
  ),
  online(
    'what staff reversed by hand does not count',
    'record/planReturn.ts',
    'let byHandLeft = Math.max(0, sumOf(byHand) - tooMuch);',
    'let byHandLeft = 0;',
  ),
  online(
    'what is apart is not looked at again',
    'record/recordParts.ts',
    "part.state === 'recorded' ||",
    "part.state !== 'waiting' ||",
  ),
  online(
    'returns do not follow a capture that is apart',
    'record/recordParts.ts',
    'if (followsCapture(part, parts)) {',
    'if (false) {',
  ),
  office(
    'what follows a capture stays apart when the capture is recorded',
    'onlineParts.ts',
    "(what === 'follows' && of.every((id) => isCaptureApart(id, part)))",
    "what === 'follows'",
  ),
  online(
    'who had the money back in cash gets the won chargeback as well',
    'record/recordParts.ts',
    'const recorded = isAfterSettled(part, parts)',
    'const recorded = false',
  ),
  online(
    'parts that another program recorded in contradiction wait for ever',
    'record/recordParts.ts',
    'if (!contradictions.includes(because.type)) break;',
    'break;',
  ),
];
