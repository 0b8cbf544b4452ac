import { formatAmount } from '../../money/money.js';
import type { ForeignChange, ForeignPart } from '../import/foreignAccount.js';
import { creditIdOf } from '../import/importLedger.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import { circumstancesOf, type KohaLine, type KohaOffset } from './kohaRows.js';

/** How long after a payment its money can count as paid by it; later, its credit is used. */
const AT_ONCE_MS = 60_000;

/** Types of credits that are money received. */
const PAYMENTS: ReadonlySet<string> = new Set(['PAYMENT', 'PURCHASE', 'Pay', 'Pay00', 'Pay01', 'Pay02']);

/** Types of credits that give up a debt as a loss; the last before Koha 19.11. */
const WRITE_OFFS: ReadonlySet<string> = new Set(['WRITEOFF', 'W']);

/** Types of credits that forgive, write-offs included; the last ones before Koha 19.11. */
const WAIVERS: ReadonlySet<string> = new Set(['WRITEOFF', 'FORGIVEN', 'DISCOUNT', 'W', 'FOR']);

/** The lines of the patron. */
type Lines = {
  /** The debits that are fees here. */
  readonly fees: ReadonlyMap<string, KohaLine>;
  /** All debits. */
  readonly debits: ReadonlyMap<string, KohaLine>;
};

/** An offset with which a credit was used, and the part of it that the credit had. */
type Use = KohaOffset & { readonly used: number; readonly debit: KohaLine };

/** Turns a credit and its offsets into changes. */
export function kohaCredit(
  line: KohaLine,
  offsets: readonly KohaOffset[],
  lines: Lines,
  options: CheckedReadOptions,
): ForeignChange[] {
  const { id, type, reader } = line;
  const isVoid = line.status === 'VOID';
  const created = offsets.find(({ kind, debitId }) => kind === 'create' && debitId === undefined);
  const time = created?.time ?? line.time;
  const applied = offsets.filter(({ kind, amount }) => kind === 'apply' && amount > 0);
  const wanted = applied.flatMap((offset) => usable(offset, lines));
  const total = wanted.reduce((sum, { used }) => sum + used, 0);
  const stated = Math.min(line.amount, Math.max(0, -line.outstanding));
  const left = isVoid ? Math.max(0, line.amount - total) : stated;
  const uses = limitedUses(wanted, line.amount - left, options);
  const used = uses.reduce((sum, use) => sum + use.used, 0);
  if (used + left < line.amount) {
    const money = (minor: number) => formatAmount(minor, options.digits);
    const expected = `${money(line.amount - left)} used`;
    reader.report('UseNotExplained', 'amount', expected, `${money(used)} in account_offsets`);
  }
  if (used + left === 0) return [];
  const sequence = created?.sequence ?? applied[0]?.sequence ?? 0;
  const by = { ...circumstancesOf(line), time, sequence };
  const fees = uses.filter(({ debit }) => lines.fees.has(debit.id));
  const refunds = uses.filter(({ debit }) => !lines.fees.has(debit.id));
  const changes = PAYMENTS.has(type)
    ? payment(line, by, fees, used + left, options, created?.place)
    : WAIVERS.has(type) || type === 'CANCELLATION'
      ? reductions(line, by, fees, left, options)
      : credit(line, by, fees, used + left);
  const creditId = PAYMENTS.has(type) ? creditIdOf(id) : id;
  for (const use of refunds) {
    const method = options.named('methods', use.debit.reader.name('payment_type') ?? use.debit.type);
    const { amount: _, ...refund } = changeOf(use);
    changes.push({ ...refund, kind: 'refund', of: { creditId }, amount: use.used, method });
  }
  if (!isVoid) return changes;
  const undone = offsets.filter(({ kind }) => kind === 'void').at(-1);
  const last = {
    time: undone?.time ?? line.changed,
    sequence: undone?.sequence ?? Number.MAX_SAFE_INTEGER,
    origin: line.origin,
  };
  const voided = WAIVERS.has(type) ? [...fees.map((use) => use.id), id] : [id];
  const voids = voided.map((of) => ({ ...last, kind: 'void' as const, id: `${of}/void`, of }));
  return [...changes, ...voids];
}

/** Finds the debit on which a credit was used. */
function usable(offset: KohaOffset, { debits }: Lines): Use[] {
  const debit = debits.get(offset.debitId ?? '');
  if (debit === undefined) {
    const found = (offset.debitId ?? '').slice('koha/'.length);
    offset.reader.report('UnknownRow', 'debit_id', 'a row of accountlines', found);
    return [];
  }
  // The other side of a void does not use the credit.
  return debit.type === 'VOID' ? [] : [{ ...offset, used: offset.amount, debit }];
}

/** Cuts uses to what the credit had. */
function limitedUses(uses: readonly Use[], limit: number, { digits }: CheckedReadOptions): Use[] {
  let left = limit;
  return uses.flatMap((use) => {
    const used = Math.min(use.used, left);
    if (used < use.used) {
      const [expected, found] = [formatAmount(used, digits), formatAmount(use.used, digits)];
      use.reader.report('AmountDoesNotFit', 'amount', `at most ${expected}`, found);
    }
    left -= used;
    return used > 0 ? [{ ...use, used }] : [];
  });
}

type By = ReturnType<typeof circumstancesOf> & { readonly sequence: number };

const changeOf = ({ id, used, time, sequence, origin }: Use) => ({
  id,
  amount: used,
  time,
  sequence,
  origin,
});

function payment(
  line: KohaLine,
  by: By,
  uses: readonly Use[],
  amount: number,
  options: CheckedReadOptions,
  createdPlace: number | undefined,
): ForeignChange[] {
  const { id } = line;
  const atOnce = immediateUses(uses, by.time.ms, createdPlace ?? (uses[0]?.place ?? 0) - 1);
  const later = uses.filter((use) => !atOnce.includes(use));
  const parts = new Map<string, number>();
  for (const { debit, used } of atOnce) parts.set(debit.id, (parts.get(debit.id) ?? 0) + used);
  const paid = [...parts].map(([feeId, part]): ForeignPart => ({ feeId, amount: part }));
  const rest = amount - paid.reduce((total, part) => total + part.amount, 0);
  const method = options.named('methods', line.reader.name('payment_type') ?? line.type);
  const received: ForeignChange = {
    ...by,
    kind: 'payment',
    paymentId: id,
    method,
    paid,
    ...(rest > 0 ? { credit: { balanceId: id, amount: rest } } : {}),
  };
  return [received, ...later.map((use) => useOf(use, creditIdOf(id)))];
}

/** The uses that follow a payment directly, before anything else happens to the patron's account. */
function immediateUses(uses: readonly Use[], ms: number, createdPlace: number): readonly Use[] {
  let place = createdPlace;
  const end = uses.findIndex((use) => {
    place += 1;
    return use.place !== place || use.time.ms - ms > AT_ONCE_MS;
  });
  return end < 0 ? uses : uses.slice(0, end);
}

function useOf(use: Use, creditId: string): ForeignChange {
  return { ...changeOf(use), kind: 'use', creditId, feeId: use.debit.id };
}

/** A credit without money: what it was used for is forgiven or cancelled; the rest is goodwill. */
function reductions(
  line: KohaLine,
  by: By,
  uses: readonly Use[],
  left: number,
  options: CheckedReadOptions,
): ForeignChange[] {
  const reason = options.named('reasons', line.type);
  const writtenOff = WRITE_OFFS.has(line.type) ? { writeOff: true } : {};
  const changes = uses.map((use): ForeignChange => {
    const { time, sequence, ...own } = changeOf(use);
    const change = { ...by, time, sequence, reason, origin: own.origin };
    const part = { feeId: use.debit.id, amount: own.amount };
    return line.type === 'CANCELLATION'
      ? { ...change, ...part, kind: 'cancellation', id: own.id }
      : { ...change, kind: 'waiver', id: own.id, waived: [part], ...writtenOff };
  });
  return left > 0 ? [...changes, ...creditOf(line, by, left, 'goodwill')] : changes;
}

function credit(line: KohaLine, by: By, uses: readonly Use[], amount: number): ForeignChange[] {
  return [...creditOf(line, by, amount, 'refundable'), ...uses.map((use) => useOf(use, line.id))];
}

function creditOf(
  line: KohaLine,
  by: By,
  amount: number,
  purpose: 'refundable' | 'goodwill',
): ForeignChange[] {
  const { id, owner, type } = line;
  return [
    {
      ...by,
      kind: 'credit',
      creditId: id,
      balanceId: id,
      amount,
      purpose,
      ...(owner === undefined ? {} : { owner }),
      ...(type === 'OVERPAYMENT' ? { ofDecrease: true } : {}),
    },
  ];
}
