import { type AccountEvent, feeTypeRule, findFee, formatAmount, owed, type PatronAccount } from 'patron-fees';
import type { PatronVisit } from './patronVisit.js';

/** A fee as people name it: its type, and the title of its item. */
export function feeName({ account, request }: PatronVisit, feeId: string): string {
  const fee = findFee(account, feeId);
  if (fee === undefined) return feeId;
  const label = feeTypeRule(request.var.desk.policy, fee.feeType)?.label ?? fee.feeType;
  return [label, fee.item?.title && isolated(fee.item.title)].filter(Boolean).join(', ');
}

/** A title that is written from right to left keeps the label before it, and the amount after it, in their places. */
export function isolated(title: string): string {
  return /[\u0590-\u08FF]/.test(title) ? `\u2068${title}\u2069` : title;
}

/** The name of an event or a command in words, as "payment received" of `PaymentReceived`. */
export function eventWords({ type }: { readonly type: string }): string {
  return type.replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** What an event did, with its amount; of a dispute that ended, the fee with what is owed on it now. */
function eventText(visit: PatronVisit, event: AccountEvent): string {
  const { account } = visit;
  const { data } = event;
  if ('amount' in data) return `${eventWords(event)}, ${data.amount} ${data.currency}`;
  const fee = 'feeId' in data && data.feeId ? findFee(account, data.feeId) : undefined;
  if (fee === undefined) return eventWords(event);
  const due = formatAmount(owed(fee), account.minorDigits);
  return `${eventWords(event)}: \u2068${feeName(visit, fee.feeId)}\u2069, ${due} ${account.currency} owed`;
}

type Recorded = { readonly words: string; readonly id: string; readonly amount: number };

/** What an account records under ids, with amounts; what a form was about before what follows from it. */
function recordedIn(account: PatronAccount): readonly Recorded[][] {
  return [
    account.payments.map(({ paymentId: id, amount }) => ({ words: 'payment received', id, amount })),
    account.refunds.map(({ refundId: id, amount }) => ({ words: 'credit paid out', id, amount })),
    account.transfers.map(({ transferId: id, amount }) => ({ words: 'transferred', id, amount })),
    [
      ...account.waivers.map(({ waiverId: id, amount }) => ({ words: 'waived', id, amount })),
      ...account.credits.flatMap(({ creditId: id, amount, cause }) =>
        cause === 'waived' ? [{ words: 'waived; the amount is shown as a credit', id, amount }] : [],
      ),
    ],
    account.fees.map(({ feeId: id, original: amount }) => ({ words: 'fee added', id, amount })),
    account.credits.map(({ creditId: id, amount }) => ({ words: 'credit issued', id, amount })),
    account.applications.map(({ applicationId: id, allocations }) => ({
      ...{ words: 'credit applied', id },
      amount: allocations.reduce((sum, { amount }) => sum + amount, 0),
    })),
  ];
}

/** The id of what the second command of a form records. */
export function secondId(formId: string): string {
  return `${formId}-2`;
}

/** What was recorded under an id, in words; empty if nothing was. */
export function recordedText({ account }: PatronVisit, id: string): string {
  return textOf(account, id, [id]);
}

/** What a form recorded, in words; empty if nothing was. */
export async function formText(visit: PatronVisit, formId: string): Promise<string> {
  const { account, request, stream } = visit;
  const kind = account.ids.find(({ id }) => id === formId)?.kind;
  if (kind === 'other' || kind === 'command') {
    // A correction may give back parts of several kinds: its events say which.
    const { events } = await request.var.desk.store.read(stream);
    const own = events.filter(({ event }) => event.metadata?.commandId === formId);
    const told = own.filter(({ event: { data } }, index) => index === 0 || 'amount' in data);
    return told.map(({ event }) => eventText(visit, event)).join('; ');
  }
  // A form about several fees records the others under its id and a number.
  const ids = account.ids
    .map(({ id }) => id)
    .filter((id) => id === formId || id === secondId(formId) || id.startsWith(`${formId}#`));
  return textOf(account, formId, ids);
}

function textOf(account: PatronAccount, first: string, ids: readonly string[]): string {
  const kind = account.ids.find(({ id }) => id === first)?.kind;
  if (kind === undefined) return '';
  if (kind === 'dispute') return 'dispute recorded';
  const [recorded = []] = recordedIn(account)
    .map((list) => list.filter(({ id }) => ids.includes(id)))
    .filter(({ length }) => length > 0);
  const [one] = recorded;
  if (one === undefined) return 'recorded';
  // A credit that uses up what is owed is followed by what was waived, as other applications.
  const all = one.words === 'credit applied' ? [one] : recorded;
  const sum = all.reduce((total, { amount }) => total + amount, 0);
  return `${one.words}, ${formatAmount(sum, account.minorDigits)} ${account.currency}`;
}

/** What has an id in the account, as people name it, in quotation marks that keep the rest of a sentence in its order. */
export function quotedName(visit: PatronVisit, id: string): string {
  const text = findFee(visit.account, id) === undefined ? recordedText(visit, id) : feeName(visit, id);
  return text === '' ? id : `“\u2068${text}\u2069”`;
}
