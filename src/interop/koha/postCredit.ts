import type { Command } from '../../account/commands/command.js';
import { owed } from '../../account/fee.js';
import { type PatronAccount, payableFees } from '../../account/patronAccount.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import { executeMade } from '../../patron/executeMade.js';
import { type GroupRow, memberOf } from '../../patron/patronGroup.js';
import { spread } from '../../policy/paymentOrder.js';
import { jsonNumber, readAmount } from '../clientAmount.js';
import { payAsClient } from '../clientPayment.js';
import type { Admitted } from '../doorOptions.js';
import type { DoorAnswer } from '../doorRequest.js';
import { kohaError } from './kohaHttp.js';
import { type KohaLines, kohaLines, type LineKind, lineNumber } from './kohaLines.js';
import { creditTypes, type KohaCreditType, type KohaPatron, type KohaSettings } from './kohaOptions.js';

/** The body of a request, read. */
export type KohaBody = ReadonlyMap<string, unknown>;

/** Where something is posted, and by whom. */
export type Posting = Admitted<KohaPatron> & {
  readonly settings: KohaSettings;
  /** The patron's id in the request. */
  readonly asked: string;
};

/** What a posted credit says, besides its type. */
type PostedCredit = Posting & {
  readonly id: string;
  readonly at: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The fees that it is for; undefined if it names none. */
  readonly fees: readonly GroupRow[] | undefined;
  readonly texts: { readonly comment?: string; readonly staffNote?: string };
};

/** Records a posted credit: a payment, a waiver, or a credit of goodwill. */
export async function postCredit(body: KohaBody, posting: Posting): Promise<DoorAnswer> {
  const { group, settings, asked } = posting;
  const { policy, newId, now, reasons } = settings;
  const type = body.get('credit_type') ?? 'PAYMENT';
  const amount = readAmount(body.get('amount'), digitsOf(policy.currency));
  if (amount === undefined)
    return kohaError(400, `amount: expected a positive amount in ${policy.currency}.`, '/body/amount');
  const fees = namedFees(body.get('account_lines_ids'), kohaLines(group, asked, settings));
  if (fees !== undefined && 'status' in fees) return fees;
  const posted = { ...posting, id: newId(), at: now(), amount, fees, texts: textsOf(body) };
  if (!isCreditType(type)) {
    const message = `credit_type: expected one of ${creditTypes.join(', ')}.`;
    return kohaError(400, message, '/body/credit_type');
  }
  if (type === 'PAYMENT') return pay(body, posted);
  const reason = reasons[type];
  if (reason === undefined)
    return kohaError(400, `credit_type: ${type} is not created here.`, '/body/credit_type');
  return type === 'CREDIT' ? giveCredit(posted, reason) : waive(posted, reason, type);
}

function isCreditType(type: unknown): type is KohaCreditType {
  return creditTypes.some((known) => known === type);
}

/** Reads texts of a body: the description, which the patron may see, and the note for staff. */
export function textsOf(body: KohaBody, noteField = 'note'): { comment?: string; staffNote?: string } {
  const [comment, staffNote] = ['description', noteField].map((name) => {
    const text = body.get(name);
    return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
  });
  return { ...(comment === undefined ? {} : { comment }), ...(staffNote === undefined ? {} : { staffNote }) };
}

/** Reads the lines that a credit is for: numbers, or their texts. A line of another patron is as unknown as none. */
function namedFees(ids: unknown, { feesOf }: KohaLines): readonly GroupRow[] | undefined | DoorAnswer {
  const wrong = (message: string) =>
    kohaError(400, `account_lines_ids: ${message}`, '/body/account_lines_ids');
  if (ids === undefined || ids === null) return undefined;
  if (!Array.isArray(ids)) return wrong('expected a list.');
  if (ids.length === 0) return undefined;
  const found: GroupRow[] = [];
  for (const id of ids as unknown[]) {
    const isNumber = typeof id === 'number' || (typeof id === 'string' && /^\d{1,10}$/.test(id));
    const fees = isNumber ? feesOf(Number(id)) : [];
    const shown = String(id).slice(0, 20);
    if (fees.length > 1) return kohaError(409, `account_lines_ids: ${shown} is the number of two lines.`);
    const [fee] = fees;
    if (fee === undefined) return wrong(`${shown} is no debit of this patron.`);
    if (found.includes(fee)) return wrong(`${shown} comes twice.`);
    found.push(fee);
  }
  return found;
}

async function pay(body: KohaBody, posted: PostedCredit): Promise<DoorAnswer> {
  const { settings, id, at, amount, fees, texts } = posted;
  const transaction = settings.transactionOf(Object.fromEntries(body));
  const paid = await payAsClient(settings, posted, {
    id,
    at,
    amount,
    method: methodOf(body, settings),
    transaction,
    ...texts,
    ...(fees === undefined ? {} : { first: fees }),
  });
  if ('refused' in paid)
    return paid.refused === 'no transaction' ? noTransaction(transaction) : refusal(paid.refused);
  const minor = parseAmount(amount, digitsOf(settings.policy.currency));
  const part = paid.find((one) => one.payment.amount === minor) ?? paid.at(-1);
  return part === undefined
    ? { status: 201, body: { account_line_id: null } }
    : created('payment', { patronId: part.patronId, id: part.payment.paymentId }, posted);
}

function noTransaction(transaction = ''): DoorAnswer {
  const found = transaction.slice(0, 40);
  return kohaError(400, `note: "${found}" is what programs write if they have no transaction.`, '/body/note');
}

/** Returns the policy's method of a payment: the payment type, if it has one. */
function methodOf(body: KohaBody, { paymentMethod }: KohaSettings): string {
  const type = body.get('payment_type');
  return typeof type === 'string' && type !== '' ? type : paymentMethod;
}

/** Waives an amount: on the named fees first, then on all others. */
async function waive(posted: PostedCredit, reason: string, type: KohaCreditType): Promise<DoorAnswer> {
  const { settings, group, id, at, by, amount, fees, texts } = posted;
  const [account] = group;
  const of = fees?.[0]?.patronId ?? account.patronId;
  if (fees?.some(({ patronId }) => patronId !== of) === true)
    return kohaError(400, 'account_lines_ids: expected lines of one of the merged accounts.');
  const digits = digitsOf(settings.policy.currency);
  const why = await executeMade(
    settings,
    memberOf(group, of),
    (now): readonly Command[] | string => {
      const parts = partsOf(now, amount, posted);
      const owing = parts.reduce((sum, part) => sum + part.minor, 0);
      if (owing < parseAmount(amount, digits))
        return `${amount} is more than the ${formatAmount(owing, digits)} that is owed.`;
      const waived = parts.map(({ feeId, minor }) => ({ feeId, amount: formatAmount(minor, digits) }));
      return [{ type: 'WaiveFees', id, at, by, ...texts, fees: waived, reason }];
    },
    true,
  );
  if (why !== undefined) return refusal(why);
  const isCredit = memberOf(group, of).account.credits.some(({ creditId }) => creditId === id);
  const line = created(isCredit ? 'credit' : 'waiver', { patronId: of, id }, posted);
  // A waiver of several fees is several lines here, and one in Koha.
  const whole = { amount: -jsonNumber(parseAmount(amount, digits), digits), amount_outstanding: 0 };
  const types = { type, credit_type: type, credit_type_code: type };
  return { ...line, body: { ...(line.body as object), ...whole, ...types } };
}

/** Gives a credit, and uses it at once as Koha does: for the named fees first, then for all others. */
async function giveCredit(posted: PostedCredit, reason: string): Promise<DoorAnswer> {
  const { settings, group, id, at, by, amount, fees, texts } = posted;
  const digits = digitsOf(settings.policy.currency);
  const of = fees?.[0]?.patronId ?? group[0].patronId;
  const applicationId = settings.newId();
  const issue: Command = { type: 'IssueCredit', id, at, by, ...texts, amount, cause: 'manual', reason };
  const why = await executeMade<never>(
    settings,
    memberOf(group, of),
    (now): readonly Command[] => {
      const parts = partsOf(now, amount, posted);
      const allocations = parts.map(({ feeId, minor }) => ({ feeId, amount: formatAmount(minor, digits) }));
      if (allocations.length === 0) return [issue];
      return [issue, { type: 'ApplyCredit', id: applicationId, creditId: id, at, by, allocations }];
    },
    true,
  );
  return why === undefined ? created('credit', { patronId: of, id }, posted) : refusal(why);
}

/** Divides an amount over an account's fees, as far as it is owed: the named ones first. */
function partsOf(
  account: PatronAccount,
  amount: string,
  { fees = [], settings: { policy } }: Pick<PostedCredit, 'fees' | 'settings'>,
): readonly { readonly feeId: string; readonly minor: number }[] {
  const payable = payableFees(account);
  const named = fees.flatMap(({ id }) => payable.filter(({ feeId }) => feeId === id));
  const others = payable.filter((fee) => !named.includes(fee));
  const sum = (some: typeof payable) => some.reduce((total, fee) => total + owed(fee), 0);
  const given = Math.min(parseAmount(amount, digitsOf(policy.currency)), sum(payable));
  const toNamed = Math.min(given, sum(named));
  const shares = [
    ...spread(toNamed, named.map(owed), 'oldest-first'),
    ...spread(given - toNamed, others.map(owed), policy.paymentOrder),
  ];
  return [...named, ...others].flatMap(({ feeId }, index) => {
    const minor = shares[index] as number;
    return minor === 0 ? [] : [{ feeId, minor }];
  });
}

/** Returns the answer to a refused command, with Koha's status. */
export function refusal(why: Rejection | string): DoorAnswer {
  if (why === 'nothing owed') return kohaError(400, 'Nothing is owed.');
  return kohaError(400, typeof why === 'string' ? why : rejectionText(why));
}

/** Returns the answer about a line that was created. */
export function created(kind: LineKind, row: GroupRow, { group, asked, settings }: Posting): DoorAnswer {
  const { debits, credits } = kohaLines(group, asked, settings);
  const number = lineNumber(kind, row);
  const body = [...credits, ...debits].find(({ account_line_id }) => account_line_id === number);
  return { status: 201, body };
}
