import { shown } from '../../input/shown.js';
import type { ToldAndKept } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { pendingUntil } from '../../office/onlinePayments/onlinePaymentStatus.js';
import { keep, readKept, rowKeptId } from '../kept/keptReports.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { neverFinal, type OnlineFinding, refusedFinding, waitingFinding } from '../onlineFinding.js';
import { stayingFindings } from '../payouts/payoutFindings.js';
import { unlessUnreadable } from '../record/readAccount.js';
import { recordParts } from '../record/recordParts.js';
import type { OnlineReport } from '../report/onlineReport.js';
import { reportOnlinePayment } from '../report/reportOnlinePayment.js';
import { end } from '../start/holdFees.js';
import { accountFindings, takeBackReversed } from './accountFindings.js';
import { type ChangedPayment, complete, type RefusedTransaction } from './changedPayments.js';
import { isAskedNoMore, isAskedNow } from './monitorCursor.js';

/** Asks the provider about a payment. Returns what it says, in full or in part; null if it knows nothing. */
export type AskProvider = (payment: OnlinePayment) => OnlineReport | null | Promise<OnlineReport | null>;

/** How the monitor looks at a payment. */
export type HowToLook = {
  readonly at: string;
  readonly askForDays: number;
  readonly ask: AskProvider | undefined;
  /** The time of the last run that asked; null if none did. */
  readonly askedAt: string | null;
  /** Whether the last run could not ask about it. */
  readonly isAskedAgain: boolean;
};

/** What a look at a payment found. */
export type Look = {
  /** The payment after it; null if it cannot be read, or has not begun. */
  readonly payment: OnlinePayment | null;
  readonly findings: readonly OnlineFinding[];
  /** Whether later runs need not look at it until something happens. */
  readonly isFinished: boolean;
  /** Whether the provider was asked, and answered. */
  readonly asked: 'not' | 'answered' | 'failed';
  /** What was refused and is kept. */
  readonly kept: readonly string[];
};

/** Finishes what died of a payment, asks the provider about it, and records its parts in the accounts. */
export async function lookAtPayment(
  context: OnlineContext,
  changed: ChangedPayment,
  how: HowToLook,
): Promise<Look> {
  const look = await unlessUnreadable(() => lookAt(context, changed, how));
  if (!('because' in look)) return look;
  const { code, message } = look.because;
  const { onlinePaymentId } = changed;
  const finding = { institution: context.institution, onlinePaymentId, code, message };
  return { payment: null, findings: [finding], isFinished: false, asked: 'not', kept: [] };
}

async function lookAt(context: OnlineContext, changed: ChangedPayment, how: HowToLook): Promise<Look> {
  const { institution } = context;
  const { onlinePaymentId } = changed;
  const { at, ask, askForDays } = how;
  const of = { institution, onlinePaymentId };
  const { payment: completed, refused } = await complete(context, changed);
  if (completed === null) return { payment: null, findings: [], isFinished: true, asked: 'not', kept: [] };
  const kept: string[] = [];
  const findings: OnlineFinding[] = [];
  for (const one of refused) {
    const keptId = await keepRefused(context, one);
    if (keptId === null) findings.push(refusedFinding(of, one.rejection));
    else kept.push(keptId);
  }
  let payment = completed;
  const isExpired = Date.parse(at) >= Date.parse(payment.expiresAt);
  if (isExpired) payment = await end(context, onlinePaymentId, 'expired', at);
  let asked: Look['asked'] = 'not';
  if (ask !== undefined && isDue(payment, how)) {
    const answer = await askAbout(context, payment, ask, at);
    asked = answer.asked;
    findings.push(...answer.findings);
    kept.push(...answer.kept);
    payment = (await readOnlinePayment(context, onlinePaymentId)) as OnlinePayment;
  }
  const recorded = await recordParts(context, payment, at);
  payment = await takeBackReversed(context, recorded.payment, at);
  findings.push(...recorded.waiting.map((part) => waitingFinding(of, part)));
  const inAccounts = await accountFindings(context, payment);
  findings.push(...inAccounts.lost.map(({ finding }) => finding));
  findings.push(...inAccounts.tooMuch, ...stayingFindings(institution, payment));
  const isOpen = payment.ended?.final !== true;
  if (isOpen && ask !== undefined && isAskedNoMore(payment, at, askForDays))
    findings.push(neverFinal(of, askForDays));
  const mayChange = isOpen && (!isExpired || ask !== undefined || pendingUntil(payment, at) !== null);
  const isFinished = findings.length === 0 && !mayChange && inAccounts.unreadable.length === 0;
  return { payment, findings, isFinished, asked, kept };
}

/**
 * Keeps a capture or return of which a process that died wrote only the copies. Null for one that was to be recorded from
 * a row, until the row is read again.
 */
async function keepRefused(
  context: OnlineContext,
  { rejection, event: { data } }: RefusedTransaction,
): Promise<string | null> {
  const { onlinePaymentId, externalTransactionId, amount, currency, at, by } = data;
  if ('rowId' in data && data.rowId !== undefined)
    return (await readKept(context, rowKeptId(data.rowId)))?.keptId ?? null;
  const told = { onlinePaymentId, externalTransactionId, amount, currency };
  const entry: ToldAndKept =
    'of' in data
      ? { kind: 'return', told: { ...told, of: data.of, kind: data.kind } }
      : { kind: 'capture', told };
  return (await keep(context, entry, rejection.type, { at, by })).keptId;
}

function isDue(payment: OnlinePayment, { isAskedAgain, ...how }: HowToLook): boolean {
  if (payment.ended?.final === true) return false;
  return isAskedNow(payment, how) || (isAskedAgain && Date.parse(how.at) >= Date.parse(payment.expiresAt));
}

async function askAbout(
  { institution, accounts, office, policy, retry, onRecorded }: OnlineContext,
  payment: OnlinePayment,
  ask: AskProvider,
  at: string,
): Promise<Pick<Look, 'findings' | 'kept' | 'asked'>> {
  const of = { institution, onlinePaymentId: payment.onlinePaymentId };
  let answer: OnlineReport | null;
  try {
    answer = await ask(payment);
    if (typeof answer !== 'object') throw new Error(`expected a report or null, found ${shown(answer)}`);
  } catch (error) {
    const message = `the provider could not be asked: ${error instanceof Error ? error.message : String(error)}`;
    return { findings: [{ ...of, code: 'ASK_FAILED', message }], kept: [], asked: 'failed' };
  }
  if (answer === null) return { findings: [], kept: [], asked: 'answered' };
  const { captures, returns, pending, ended } = answer;
  const report = {
    ...(captures && { captures }),
    ...(returns && { returns }),
    ...(pending && { pending }),
    ...(ended && { ended }),
  };
  const given = { ...of, at, ...report, by: { channel: 'job' } } as const;
  const stores = { accounts, office } as Parameters<typeof reportOnlinePayment>[0];
  const { random, ...rest } = retry;
  const howToRetry = { ...rest, ...(random && { random }) };
  const { rejections, kept } = await reportOnlinePayment(stores, policy, given, {
    retry: howToRetry,
    ...(onRecorded && { onRecorded }),
  });
  // What is kept is found with all that is kept.
  const malformed = rejections.filter(({ type }) => type === 'InvalidOnlinePayment');
  return {
    findings: malformed.map((rejection) => refusedFinding(of, rejection)),
    kept: kept.map(({ keptId }) => keptId),
    asked: 'answered',
  };
}
