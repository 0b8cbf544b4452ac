/** An entry of a statement, with what the test says. */
export function ntry(inner: string): string {
  return `<Ntry>${inner}</Ntry>`;
}

/** A statement of one account, valid by the schema of camt.053.001.02 if its entries are. */
export function camt053(
  entries: string,
  { version = '02', id = 'S1', head = '', balances = balance('CLBD', '1000.00', '2026-03-04') } = {},
): string {
  return `${head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-05T06:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>2026-03-05T06:00:00+01:00</CreDtTm><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${balances}${entries}</Stmt></BkToCstmrStmt></Document>`;
}

/** A balance of the account. Amounts are written with a sign. */
function balance(code: string, amount: string, day: string): string {
  const [direction, size] = amount.startsWith('-') ? ['DBIT', amount.slice(1)] : ['CRDT', amount];
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${size}</Amt><CdtDbtInd>${direction}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
}

/** A booked entry. Amounts are written with a sign. */
export function booked(amount: string, day: string, reference: string, more = ''): string {
  const [direction, size] = amount.startsWith('-') ? ['DBIT', amount.slice(1)] : ['CRDT', amount];
  const code = '<BkTxCd><Prtry><Cd>NMSC</Cd></Prtry></BkTxCd>';
  return ntry(
    `<Amt Ccy="EUR">${size}</Amt><CdtDbtInd>${direction}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>${day}</Dt></BookgDt>${reference === '' ? '' : `<AcctSvcrRef>${reference}</AcctSvcrRef>`}${code}${more}`,
  );
}

/** The details of one payment. */
export function details(inner: string): string {
  return `<TxDtls>${inner}</TxDtls>`;
}

/** A statement with many entries, line by line. */
export function* statementLines(entryCount: number): Generator<string> {
  const [head, tail] = camt053('|').split('|') as [string, string];
  yield head;
  for (let n = 0; n < entryCount; n++) yield `${booked('62.00', '2026-03-04', `B${n}`)}\n`;
  yield tail;
}
