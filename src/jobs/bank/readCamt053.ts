import { checkedArgument } from '../../input/checkedArgument.js';
import { isDate } from '../../input/instant.js';
import { type TextSource, textSourceField } from '../../job/csvRows.js';
import { type UnreadableRow, unreadableRow } from '../../job/unreadableRow.js';
import { readXml } from '../../job/xmlFile.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { parseReportedAmount } from '../../money/reportedAmount.js';
import type { BankEntry, BankEntryPart } from './bankReconciliationForm.js';

const form = {
  roots: ['Document'],
  anyEncoding: true,
  isNamespace: (uri: string) => /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d$/.test(uri),
};

/** The elements in an entry or a part whose text may name a payment. */
const REFERENCES =
  /^(?:NtryRef|AcctSvcrRef|AddtlNtryInf|AddtlTxInf|Refs\/(?:MsgId|AcctSvcrRef|PmtInfId|InstrId|EndToEndId|TxId|MndtId|ChqNb|ClrSysRef|Prtry\/Ref)|RmtInf\/(?:Ustrd|Strd\/CdtrRefInf\/Ref|Strd\/RfrdDocInf\/Nb|Strd\/AddtlRmtInf))$/;

/** The other elements that are read, by what they have. `#` is the currency of an amount. */
const FIELDS = new Set([
  'Amt',
  'Amt#',
  'AmtDtls/TxAmt/Amt',
  'AmtDtls/TxAmt/Amt#',
  'CdtDbtInd',
  'Sts',
  'Sts/Cd',
  'BookgDt/Dt',
  'BookgDt/DtTm',
  'ValDt/Dt',
  'ValDt/DtTm',
  'AcctSvcrRef',
]);

/** The elements of a statement that are read. */
const HEAD = new Set(['Stmt/Id', 'Stmt/Acct/Id/IBAN', 'Stmt/Acct/Id/Othr/Id']);

/** The most references of an entry, and the most parts: more are an attempt to fill the memory. */
const REFERENCES_MAX = 1_000;
/** So that `id#1` of a part, and of another confirmation after it was reversed, is an id. */
const ENTRY_ID_LENGTH_MAX = 170;
const PARTS_MAX = 100_000;
const TEXT_LENGTH_MAX = 1_000;

/** What was read of an entry or a part. */
type Fields = {
  readonly depth: number;
  readonly fields: Map<string, string>;
  readonly references: string[];
};

/**
 * Reads the booked entries of a bank's statement in the format camt.053 (ISO 20022, any version), one by one. Entries that
 * are only pending are left out. Refuses document type declarations, and what nests or repeats without end.
 *
 * @param source - the file's path, or its text
 * @returns the entries; memory grows only with the ids of one statement. An entry that cannot be read is an `unreadable`
 * row, and so is the rest of a file that is not such a statement
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT`. Later: any error of the file
 * system
 * @source https://www.iso20022.org/iso-20022-message-definitions, camt.053 (BankToCustomerStatement)
 *
 * @example
 * ```ts
 * import { readCamt053 } from 'patron-fees/office';
 *
 * const xml = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
 *   <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
 *   <Ntry><Amt Ccy="EUR">62.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
 *     <BookgDt><Dt>2026-03-04</Dt></BookgDt><AcctSvcrRef>B77</AcctSvcrRef>
 *     <NtryDtls><TxDtls><RmtInf><Ustrd>slip 118</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
 *   </Stmt></BkToCstmrStmt></Document>`;
 * for await (const entry of readCamt053([xml])) {
 *   if ('amount' in entry) [entry.bookedOn, entry.amount, entry.references]; //=> ['2026-03-04', '62.00', ['B77', 'slip 118']]
 * }
 * ```
 */
export function readCamt053(source: TextSource): AsyncGenerator<BankEntry | UnreadableRow> {
  checkedArgument(textSourceField, source, 'source');
  return entriesIn(source);
}

type Row = BankEntry | UnreadableRow;

async function* entriesIn(source: TextSource): AsyncGenerator<Row> {
  const readings = readXml<Row>(source, form, ({ open, emit, refuse, line }) => {
    const head = new Map<string, string>();
    const said = (path: string) => head.get(path)?.trim() ?? '';
    let position = 0;
    let equals = new Map<string, number>();
    let entry: Fields | undefined;
    let part: Fields | undefined;
    let parts: Fields[] = [];
    const inner = () => part ?? entry;
    const path = () => open.slice(inner()?.depth ?? 0).join('/');
    const add = (fields: Fields, name: string, content: string) => {
      const text = (fields.fields.get(name) ?? '') + content;
      fields.fields.set(name, text.slice(0, TEXT_LENGTH_MAX));
    };
    return {
      opened: ({ attributes }) => {
        const name = open.at(-1);
        if (name === 'Stmt') {
          head.clear();
          position = 0;
          equals = new Map();
        }
        if (name === 'Ntry' && entry === undefined) {
          entry = { depth: open.length, fields: new Map(), references: [] };
          parts = [];
        } else if (name === 'TxDtls' && entry !== undefined && part === undefined) {
          part = { depth: open.length, fields: new Map(), references: [] };
        }
        const fields = inner();
        const at = path();
        if (fields === undefined) return;
        if (FIELDS.has(at) && fields.fields.has(at)) refuse(`one ${at}`, 'two');
        if (FIELDS.has(at)) fields.fields.set(at, '');
        if (FIELDS.has(`${at}#`)) fields.fields.set(`${at}#`, attributes.Ccy?.value ?? '');
        if (!REFERENCES.test(at)) return;
        fields.references.push('');
        if (fields.references.length > REFERENCES_MAX) refuse(`at most ${REFERENCES_MAX} references`, 'more');
      },
      text: (content) => {
        const fields = inner();
        if (fields === undefined) {
          const of = open.slice(2).join('/');
          if (HEAD.has(of)) head.set(of, ((head.get(of) ?? '') + content).slice(0, TEXT_LENGTH_MAX));
          return;
        }
        const at = path();
        if (FIELDS.has(at)) add(fields, at, content);
        const last = fields.references.length - 1;
        if (REFERENCES.test(at)) {
          fields.references[last] = `${fields.references[last]}${content}`.slice(0, TEXT_LENGTH_MAX);
        }
      },
      closed: () => {
        if (part?.depth === open.length) {
          parts.push(part);
          if (parts.length > PARTS_MAX) refuse(`at most ${PARTS_MAX} payments in an entry`, 'more');
          part = undefined;
        } else if (entry?.depth === open.length) {
          position += 1;
          const account = said('Stmt/Acct/Id/IBAN') || said('Stmt/Acct/Id/Othr/Id') || null;
          const read = entryOf(entry, parts, line(), account, said('Stmt/Id'), position);
          entry = undefined;
          if (read !== null) emit('entryId' in read ? numbered(read, equals) : read);
        }
      },
    };
  });
  for await (const reading of readings) {
    if ('broken' in reading) yield unreadableRow(reading.line, reading.broken.expected, reading.broken.found);
    else yield reading;
  }
}

/** Texts that banks write where there is no reference. */
const NO_REFERENCE = /^(?:|NOTPROVIDED|NONREF|NOREF)$/i;

/** Returns an entry; null if it is not booked. */
function entryOf(
  { fields, references }: Fields,
  parts: readonly Fields[],
  line: number,
  account: string | null,
  statement: string,
  position: number,
): BankEntry | UnreadableRow | null {
  const status = (fields.get('Sts/Cd') ?? fields.get('Sts') ?? 'BOOK').trim();
  if (status !== 'BOOK') return null;
  const currency = (fields.get('Amt#') ?? '').trim();
  const digits = minorDigits(currency);
  if (digits === undefined) return unreadableRow(line, 'Ntry/Amt with a currency', currency);
  const minor = signedAmount(fields, 'Amt', digits);
  if (minor === undefined)
    return unreadableRow(line, `Ntry/Amt and CdtDbtInd in ${currency}`, shownAmount(fields));
  const days = ['BookgDt/Dt', 'BookgDt/DtTm', 'ValDt/Dt', 'ValDt/DtTm'].map((name) =>
    fields.get(name)?.trim(),
  );
  const bookedOn = days.find((day) => day !== undefined)?.slice(0, 10) ?? '';
  if (!isDate(bookedOn)) return unreadableRow(line, 'Ntry/BookgDt', bookedOn);
  const amount = formatAmount(minor, digits);
  const reference = (fields.get('AcctSvcrRef') ?? '').trim();
  const read = parts.map((part): BankEntryPart | null => partOf(part, currency, digits, minor < 0));
  const known = read.filter((part) => part !== null);
  return {
    entryId: NO_REFERENCE.test(reference)
      ? `${statement}/${position}`
      : `${bookedOn}/${amount}/${reference}`.slice(0, ENTRY_ID_LENGTH_MAX),
    account,
    bookedOn,
    amount,
    currency,
    references: named([...references, ...parts.flatMap((part) => part.references)].slice(0, REFERENCES_MAX)),
    parts: parts.length > 1 && known.length === parts.length ? known : [],
  };
}

/** Numbers the entries of a statement with the same day, amount and reference of the bank: they are several. */
function numbered(entry: BankEntry, equals: Map<string, number>): BankEntry {
  const count = (equals.get(entry.entryId) ?? 0) + 1;
  equals.set(entry.entryId, count);
  return count === 1 ? entry : { ...entry, entryId: `${entry.entryId}~${count}` };
}

/** Returns a part; null if its amount is missing or in another currency. */
function partOf(part: Fields, currency: string, digits: number, isDebit: boolean): BankEntryPart | null {
  const name = part.fields.has('Amt') ? 'Amt' : 'AmtDtls/TxAmt/Amt';
  if (part.fields.get(`${name}#`)?.trim() !== currency) return null;
  const fields = part.fields.has('CdtDbtInd')
    ? part.fields
    : new Map([...part.fields, ['CdtDbtInd', isDebit ? 'DBIT' : 'CRDT']]);
  const minor = signedAmount(fields, name, digits);
  return minor === undefined
    ? null
    : { amount: formatAmount(minor, digits), references: named(part.references) };
}

function named(references: readonly string[]): readonly string[] {
  return references.map((text) => text.trim()).filter((text) => !NO_REFERENCE.test(text));
}

/** Returns an amount in minor units, below 0 for a debit; undefined if it cannot be read. */
function signedAmount(fields: ReadonlyMap<string, string>, name: string, digits: number): number | undefined {
  const minor = parseReportedAmount((fields.get(name) ?? '').trim(), digits);
  const direction = (fields.get('CdtDbtInd') ?? '').trim();
  if (minor === undefined || minor < 0 || (direction !== 'CRDT' && direction !== 'DBIT')) return undefined;
  return direction === 'CRDT' || minor === 0 ? minor : -minor;
}

function shownAmount(fields: ReadonlyMap<string, string>): string {
  return `${fields.get('Amt') ?? 'no amount'} ${fields.get('CdtDbtInd') ?? 'without CdtDbtInd'}`.slice(0, 80);
}
