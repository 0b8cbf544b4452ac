import { createHash } from 'node:crypto';
import { isDate } from '../../input/instant.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { BankBalance } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';
import type { BankStatement } from './bankStatement.js';
import { signedAmount } from './camtAmount.js';

/** The elements of a statement, and of the message that has it, that are read. */
const HEAD = new Set([
  'GrpHdr/MsgPgntn/PgNb',
  'Stmt/Id',
  'Stmt/ElctrncSeqNb',
  'Stmt/LglSeqNb',
  'Stmt/StmtPgntn/PgNb',
  'Stmt/Acct/Id/IBAN',
  'Stmt/Acct/Id/Othr/Id',
]);

/** The balances that are read: the first two are those before the first entry. */
const BALANCES = new Set(['OPBD', 'PRCD', 'CLBD']);

/** Gathers what a statement says of itself, and the sum of its entries. Its memory does not grow. */
export function camtStatement() {
  const head = new Map<string, string>();
  let balances = new Map<string, BankBalance & { readonly currency: string }>();
  let entriesDigest = createHash('sha256');
  let sum: bigint | null = 0n;
  let firstDay: string | null = null;
  let currency: string | null = null;
  const said = (...paths: readonly string[]) => {
    const texts = paths.map((path) => head.get(path)?.trim() ?? '');
    return texts.find((text) => text !== '') ?? null;
  };
  const id = () => said('Stmt/Id') ?? '';
  const account = () => said('Stmt/Acct/Id/IBAN', 'Stmt/Acct/Id/Othr/Id');
  return {
    id,
    account,
    /** Begins a statement. */
    begin(): void {
      for (const path of head.keys()) if (path.startsWith('Stmt/')) head.delete(path);
      balances = new Map();
      entriesDigest = createHash('sha256');
      [sum, firstDay, currency] = [0n, null, null];
    },
    /** Takes text of an element, named by its path within the message. */
    text(path: string, content: string, lengthMax: number): void {
      if (HEAD.has(path)) head.set(path, ((head.get(path) ?? '') + content).slice(0, lengthMax));
    },
    /** Takes the fields of a balance. */
    balance(fields: ReadonlyMap<string, string>): void {
      const of = (name: string) => fields.get(name)?.trim();
      const code = of('Tp/CdOrPrtry/Cd') ?? '';
      const unit = of('Amt#') ?? '';
      const digits = minorDigits(unit);
      const day = (of('Dt/Dt') ?? of('Dt/DtTm') ?? '').slice(0, 10);
      const minor = digits === undefined ? undefined : signedAmount(fields, 'Amt', digits);
      if (!BALANCES.has(code) || digits === undefined || minor === undefined || !isDate(day)) return;
      const isInterim = of('Tp/SubTp/Cd') === 'INTM';
      balances.set(code, { amount: formatAmount(minor, digits), day, isInterim, currency: unit });
    },
    /** Takes an entry; null for one that cannot be read. */
    entry(entry: BankEntry | null): void {
      if (entry === null || (currency ?? entry.currency) !== entry.currency) {
        sum = null;
        return;
      }
      currency = entry.currency;
      const { bookedOn, amount, references } = entry;
      entriesDigest.update(`${JSON.stringify([bookedOn, amount, references])}\n`);
      if (sum !== null) sum += minorUnits(amount);
      if (firstDay === null || bookedOn < firstDay) firstDay = bookedOn;
    },
    /** Ends a statement. */
    end(): BankStatement {
      const opening = balances.get('OPBD') ?? balances.get('PRCD') ?? null;
      const closing = balances.get('CLBD') ?? null;
      const unit = closing?.currency ?? null;
      const isOne = [opening?.currency, currency].every((other) => (other ?? unit) === unit);
      return {
        statementId: id(),
        account: account(),
        number: said('Stmt/ElctrncSeqNb', 'Stmt/LglSeqNb'),
        page: said('Stmt/StmtPgntn/PgNb', 'GrpHdr/MsgPgntn/PgNb'),
        currency: unit,
        opening: opening === null ? null : balanceOf(opening),
        closing: closing === null ? null : balanceOf(closing),
        firstDay,
        sum: sum === null || unit === null || !isOne ? null : formatAmount(sum, minorDigits(unit) as number),
        sha256: entriesDigest.digest('hex'),
      };
    },
  };
}

function balanceOf({ amount, day, isInterim }: BankBalance): BankBalance {
  return { amount, day, isInterim };
}
