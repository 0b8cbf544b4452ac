import { decide } from '../../account/decide.js';
import { owed } from '../../account/fee.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import { executeMade } from '../../patron/executeMade.js';
import { type GroupRow, memberOf } from '../../patron/patronGroup.js';
import type { RecordedPart } from '../../patron/transactionParts.js';
import { readAmount } from '../clientAmount.js';
import { payAsClient } from '../clientPayment.js';
import { admit } from '../doorOptions.js';
import { userIdOf } from './accountIndex.js';
import { type ActionName, actionCommands } from './actionCommands.js';
import { type FolioBody, textOf } from './chargeAccount.js';
import { type FolioAnswer, folioError, invalidField } from './folioHttp.js';
import type { FolioAccess, FolioSettings } from './folioOptions.js';
import { folioFees } from './folioRecords.js';
import { actionOf, EXCEEDS, faultIn, plannedAction, type Requested } from './requestedAction.js';

/** Where an action is done. */
export type Acting = {
  readonly access: FolioAccess;
  readonly headers: Headers;
  readonly settings: FolioSettings;
};

/**
 * Pays, waives, transfers, cancels or refunds fees, or only checks that.
 *
 * @param word - the action in the path
 * @param id - the account in the path; undefined if the body names several
 */
export async function postAction(
  word: string,
  id: string | undefined,
  body: FolioBody,
  { access, headers, settings }: Acting,
): Promise<FolioAnswer> {
  const { name: action, isCheck } = actionOf(word) as { name: ActionName; isCheck: boolean };
  const isBulk = id === undefined;
  const fault = faultInBody(body, action, isCheck, isBulk);
  if (fault !== undefined) return fault;
  const ids = isBulk ? body.get('accountIds') : [id];
  if (!isTexts(ids)) return invalidField('accountIds', 'accountIds: expected a list of ids');
  const found = await feesNamed(ids, access, settings);
  if ('status' in found) return found;
  const sent = body.get('amount');
  const digits = digitsOf(settings.policy.currency);
  // A cancellation names no amount: it is all that is owed.
  const owing = formatAmount(sumOf(found.fees.map(({ fee }) => owed(fee))), digits);
  const read = action === 'cancel' ? owing : readAmount(sent, digits);
  const requested: Requested = {
    ...found,
    settings,
    action,
    amount: read === undefined ? undefined : parseAmount(read, digits),
    body,
    transaction: action === 'pay' ? settings.transactionOf?.(Object.fromEntries(body), headers) : undefined,
    said: {
      ...(isBulk ? { accountIds: ids } : { accountId: id }),
      ...(action === 'cancel' ? {} : { amount: String(sent).slice(0, 40) }),
    },
    isBulk,
  };
  const message = found.areOfOne ? faultIn(requested, sent) : 'All fees/fines have to be of one patron';
  if (message !== undefined) return refused(requested, message, isCheck);
  return isCheck ? check(requested) : act(requested);
}

/** The fields that bodies may have: of a cancellation, of a check, and of all else. */
const cancelFields: readonly string[] = ['comments', 'notifyPatron', 'servicePointId', 'userName'];
const checkFields: readonly string[] = ['amount'];
const fields: readonly string[] = [...cancelFields, ...checkFields, 'transactionInfo', 'paymentMethod'];

/** Bodies have no other fields in FOLIO: a client that sends one means something that would be lost. */
function faultInBody(
  body: FolioBody,
  action: ActionName,
  isCheck: boolean,
  isBulk: boolean,
): FolioAnswer | undefined {
  const isCancel = action === 'cancel';
  const own = isCheck ? checkFields : isCancel ? cancelFields : fields;
  const known = isBulk ? [...own, 'accountIds'] : own;
  const unknown = [...body.keys()].find((name) => !known.includes(name))?.slice(0, 40);
  if (unknown !== undefined) return invalidField(unknown, `Unrecognized field "${unknown}"`);
  if (!isCancel && (body.get('amount') ?? '') === '')
    return invalidField('amount', 'amount: must not be null');
  if (isCheck) return undefined;
  if (typeof body.get('notifyPatron') !== 'boolean')
    return invalidField('notifyPatron', 'notifyPatron: must not be null');
  const texts = ['userName', 'servicePointId', ...(isCancel ? [] : ['paymentMethod'])];
  const missing = texts.find((name) => textOf(body, name) === undefined);
  return missing === undefined ? undefined : invalidField(missing, `${missing}: must not be null`);
}

/** Finds the fees that a request names, in the accounts of the first one's patron. */
async function feesNamed(ids: readonly string[], access: FolioAccess, settings: FolioSettings) {
  const unknown = (id = '') => folioError(404, `Fee/fine ID ${id.slice(0, 40)} not found`);
  const rows: GroupRow[] = [];
  for (const id of new Set(ids.map((one) => one.toLowerCase()))) {
    const row = await settings.index.feeOf(id);
    if (row === undefined) return unknown(id);
    rows.push(row);
  }
  const [{ patronId }] = rows as [GroupRow];
  const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
  if (admitted === undefined) return unknown(ids[0]);
  const userId = userIdOf(admitted.group[0].patronId);
  const fees = folioFees(admitted.group, userId, settings, (row) => rows.some((one) => isSame(one, row)));
  return { ...admitted, userId, fees, areOfOne: fees.length === rows.length };
}

/** Returns what tells something that was done with a fee apart from all else. */
function lineOf({ patronId, id: feeId }: GroupRow, id: string): string {
  return JSON.stringify([patronId, feeId, id]);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

function isSame(one: GroupRow, other: GroupRow): boolean {
  return one.patronId === other.patronId && one.id === other.id;
}

function refused({ said }: Requested, errorMessage: string, isCheck: boolean): FolioAnswer {
  return { status: 422, body: { ...said, ...(isCheck ? { allowed: false } : {}), errorMessage } };
}

/** Returns FOLIO's message for a rejection, or ours. */
function messageOf(why: Rejection | string): string {
  if (typeof why === 'string') return why;
  return why.type === 'PaymentExceedsOwed' || why.type === 'TransferExceedsOwed'
    ? EXCEEDS
    : rejectionText(why);
}

function check(requested: Requested): FolioAnswer {
  const { fees, amount = 0, action, said, settings, group } = requested;
  const digits = digitsOf(settings.policy.currency);
  const planned = plannedAction({ ...requested, body: withDefaults(requested) });
  if (typeof planned === 'string') return refused(requested, planned, true);
  const [own] = planned.patronIds;
  if (planned.patronIds.length === 1 && own !== undefined) {
    const { account } = memberOf(group, own);
    const commands = actionCommands(planned, account);
    const decision = typeof commands === 'string' ? undefined : decide(commands, account, settings.policy);
    if (typeof commands === 'string') return refused(requested, commands, true);
    if (decision?.accepted === false) return refused(requested, messageOf(decision.rejection), true);
  }
  const open = sumOf(fees.map(({ fee }) => owed(fee)));
  const after = action === 'refund' ? planned.refundable - amount : Math.max(0, open - amount);
  const money = { amount: formatAmount(amount, digits), remainingAmount: formatAmount(after, digits) };
  return { status: 200, body: { ...said, ...money, allowed: true } };
}

/** A check names no method: any does. */
function withDefaults({ body, settings: { policy }, action }: Requested): FolioBody {
  const tables = { pay: policy.paymentMethods, waive: policy.waiveReasons, transfer: policy.destinations };
  const [any] = Object.keys(action in tables ? tables[action as keyof typeof tables] : {});
  return new Map([['paymentMethod', any], ...body]);
}

async function act(requested: Requested): Promise<FolioAnswer> {
  const { settings, group, fees, body, transaction, action, amount = 0 } = requested;
  const planned = plannedAction(requested);
  if (typeof planned === 'string') return refused(requested, planned, false);
  const before = new Set(fees.flatMap(({ row, actions }) => actions.map(({ id }) => lineOf(row, id))));
  const digits = digitsOf(settings.policy.currency);
  let parts: readonly RecordedPart[] = [];
  if (action === 'pay') {
    const reference = textOf(body, 'transactionInfo');
    const { base, code = '' } = planned;
    const paid = await payAsClient(
      settings,
      { ...requested, by: base.by },
      {
        ...base,
        id: settings.newId(),
        method: code,
        amount: formatAmount(amount, digits),
        first: fees.map(({ row }) => row),
        firstOrder: settings.policy.paymentOrder,
        isFirstOnly: true,
        transaction,
        ...(reference === undefined ? {} : { reference }),
      },
    );
    if ('refused' in paid) {
      const { refused: why } = paid;
      return refused(
        requested,
        why === 'nothing owed' || why === 'no transaction' ? EXCEEDS : messageOf(why),
        false,
      );
    }
    parts = paid;
  } else {
    const [own = '', another] = planned.patronIds;
    if (another !== undefined)
      return refused(requested, 'All fees/fines have to be of one of the merged accounts', false);
    const why = await executeMade(
      settings,
      memberOf(group, own),
      (now) => actionCommands(planned, now),
      true,
    );
    if (why !== undefined) return refused(requested, messageOf(why), false);
  }
  return done(requested, before, parts);
}

/** Answers what was done: the new lines, or those of the payment that is repeated. */
function done(
  requested: Requested,
  before: ReadonlySet<string>,
  parts: readonly RecordedPart[],
): FolioAnswer {
  const { settings, group, userId, fees, said, isBulk, amount = 0 } = requested;
  const digits = digitsOf(settings.policy.currency);
  const now = folioFees(group, userId, settings, (row) => fees.some((one) => isSame(one.row, row)));
  const lines = now.flatMap(({ row, actions }) => actions.map((action) => ({ ...action, row })));
  const added = lines.filter(({ row, id }) => !before.has(lineOf(row, id)));
  const shown =
    added.length > 0
      ? added
      : lines.filter(({ id }) => parts.some(({ payment }) => payment.paymentId === id));
  const remaining = formatAmount(sumOf(now.map(({ fee }) => owed(fee))), digits);
  const money = {
    amount: formatAmount(amount, digits),
    ...(isBulk ? {} : { remainingAmount: remaining }),
  };
  return { status: 201, body: { ...said, ...money, feefineactions: shown.map(({ record }) => record()) } };
}
