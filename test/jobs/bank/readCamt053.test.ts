import { describe, expect, it } from 'vitest';
import { readCamt053 } from '../../../src/jobs/bank/readCamt053.js';
import { listOf } from '../../interop/import/importLaws.js';
import { piecesOf } from '../../online/payouts/payoutFiles.js';
import { booked, camt053, details, ntry, statementLines } from './camt053.js';

const read = (text: string) => listOf(readCamt053([text]));
const faults = async (text: string) =>
  (await read(text)).map((row) => ('unreadable' in row ? row.unreadable.expected : row.entryId));

describe('a statement of a bank', () => {
  it('has the booked entries of each account, with every text that may name a payment', async () => {
    const details118 = `<NtryDtls>${details('<Refs><EndToEndId>NOTPROVIDED</EndToEndId><ChqNb>4711</ChqNb></Refs><RmtInf><Ustrd>Deposit slip 118,</Ustrd><Ustrd> branch 2</Ustrd></RmtInf><AddtlTxInf>BAR</AddtlTxInf>')}</NtryDtls>`;
    const first = camt053(
      booked('62.00', '2026-03-04', 'B77', details118) + booked('-20.00', '2026-03-05', 'NONREF'),
    );
    expect(await read(first)).toEqual([
      {
        entryId: '2026-03-04/62.00/B77',
        account: 'DE89370400440532013000',
        bookedOn: '2026-03-04',
        amount: '62.00',
        currency: 'EUR',
        references: ['B77', '4711', 'Deposit slip 118,', 'branch 2', 'BAR'],
        parts: [],
      },
      {
        entryId: 'S1/2',
        account: 'DE89370400440532013000',
        bookedOn: '2026-03-05',
        amount: '-20.00',
        currency: 'EUR',
        references: [],
        parts: [],
      },
    ]);
  });

  it('has the parts of an entry, if each has an amount', async () => {
    const part = (amount: string, reference: string) =>
      details(
        `<Refs><EndToEndId>${reference}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>`,
      );
    const both = `<NtryDtls>${part('40.00', 'A')}${part('22.00', 'B')}</NtryDtls>`;
    const [whole] = await read(camt053(booked('62.00', '2026-03-04', 'B77', both)));
    expect(whole).toMatchObject({
      references: ['B77', 'A', 'B'],
      parts: [
        { amount: '40.00', references: ['A'] },
        { amount: '22.00', references: ['B'] },
      ],
    });
    const [left] = await read(camt053(booked('-62.00', '2026-03-04', 'B77', both)));
    expect(left).toMatchObject({ parts: [{ amount: '-40.00' }, { amount: '-22.00' }] });
    const foreign = both.replace('Ccy="EUR"', 'Ccy="CHF"');
    expect(await read(camt053(booked('62.00', '2026-03-04', 'B77', foreign)))).toMatchObject([{ parts: [] }]);
  });

  it('is read in newer versions, which write the status and the parts in another way', async () => {
    const entry = ntry(
      `<Amt Ccy="JPY">5000</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts><ValDt><DtTm>2026-03-04T23:30:00+09:00</DtTm></ValDt><NtryDtls>${details('<Amt Ccy="JPY">2000</Amt><CdtDbtInd>DBIT</CdtDbtInd>')}${details('<Amt Ccy="JPY">3000</Amt><CdtDbtInd>DBIT</CdtDbtInd>')}</NtryDtls>`,
    );
    const [row] = await read(camt053(entry, { version: '08' }));
    expect(row).toMatchObject({
      amount: '-5000',
      bookedOn: '2026-03-04',
      parts: [{ amount: '-2000' }, { amount: '-3000' }],
    });
  });

  it('has the sign of its direction, and none of zero', async () => {
    const list = [' 1.50 ', '-1.5 ', '-0.00'].map((amount, n) => booked(amount, '2026-03-04', `B${n}`));
    const rows = await read(camt053(list.join('')));
    expect(rows.map((row) => 'amount' in row && row.amount)).toEqual(['1.50', '-1.50', '0.00']);
  });

  it('leaves out what is only pending', async () => {
    const pending = booked('62.00', '2026-03-04', 'B77').replace('BOOK', 'PDNG');
    expect(await read(camt053(pending))).toEqual([]);
    expect(await read(camt053(ntry('<Sts><Cd>INFO</Cd></Sts>'), { version: '08' }))).toEqual([]);
  });

  it.each([
    ['no currency', booked('1', '2026-03-04', 'B').replace(' Ccy="EUR"', ''), 'Ntry/Amt with a currency'],
    ['another amount', booked('1,5', '2026-03-04', 'B'), 'Ntry/Amt and CdtDbtInd in EUR'],
    ['no direction', booked('1', '2026-03-04', 'B').replace('CRDT', 'BOTH'), 'Ntry/Amt and CdtDbtInd in EUR'],
    [
      'a sign of its own',
      booked('1', '2026-03-04', 'B').replace('>1<', '>-1<'),
      'Ntry/Amt and CdtDbtInd in EUR',
    ],
    ['three decimals', booked('1.505', '2026-03-04', 'B'), 'Ntry/Amt and CdtDbtInd in EUR'],
    ['no such day', booked('1', '2026-02-30', 'B'), 'Ntry/BookgDt'],
  ])('reports an entry with %s, and continues', async (_, entry, expected) => {
    expect(await faults(camt053(entry + booked('2', '2026-03-04', 'C')))).toEqual([
      expected,
      '2026-03-04/2.00/C',
    ]);
  });

  it.each([
    ['a document type', camt053('', { head: '<!DOCTYPE x [<!ENTITY a "b">]>' }), 'no document type'],
    ['another message', camt053('').replace('camt.053', 'camt.054'), 'an element Document'],
    [
      'another encoding',
      camt053('', { head: '<?xml version="1.0" encoding="EBCDIC-INT"?>' }),
      'the encoding UTF-8',
    ],
    ['text that is no XML', 'date,amount\n', 'well-formed XML'],
    ['an amount twice', camt053(ntry('<Amt Ccy="EUR">1</Amt><Amt Ccy="EUR">2</Amt>')), 'one Amt'],
    ['endless nesting', camt053(ntry('<X>'.repeat(40))), 'elements at most 32 deep'],
    ['endless references', camt053(ntry('<NtryRef>a</NtryRef>'.repeat(1_001))), 'at most 1000 references'],
    ['endless text', camt053(ntry(`<NtryRef>${'a'.repeat(1_100_000)}</NtryRef>`)), 'elements'],
    ['an end in the middle', camt053(booked('1', '2026-03-04', 'B')).slice(0, -40), 'well-formed XML'],
  ])('refuses %s', async (_, text, expected) => {
    expect((await faults(text)).at(-1)).toBe(expected);
  });

  it('is read in pieces that never end in the middle of a character', async () => {
    const text = camt053(booked('62.00', '2026-03-04', 'Büro &amp; Café 📚'));
    expect(
      await listOf(readCamt053([...Buffer.from(text)].map((byte) => Uint8Array.of(byte)))),
    ).toMatchObject([{ references: ['Büro & Café 📚'] }]);
    expect(await listOf(readCamt053([Uint8Array.of(0xff)]))).toMatchObject([
      { unreadable: { expected: 'a file in the encoding it declares' } },
    ]);
  });

  it.each([
    ['ISO-8859-1', (text: string) => Buffer.from(text, 'latin1')],
    ['UTF-16', (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le')],
    ['UTF-16', (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le').swap16()],
    ['UTF-16LE', (text: string) => Buffer.from(text, 'utf16le')],
    ['windows-1252', (text: string) => Buffer.from(text, 'latin1')],
  ])('is read in %s, as it declares, in pieces of any size', async (encoding, bytesOf) => {
    const head = `<?xml version="1.0" encoding="${encoding}"?>`;
    const bytes = bytesOf(camt053(booked('62.00', '2026-03-04', 'Gebühr Élodie'), { head }));
    for (const size of [1, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        Uint8Array.from(bytes.subarray(n * size, (n + 1) * size)),
      );
      expect(await listOf(readCamt053(pieces))).toMatchObject([
        { entryId: '2026-03-04/62.00/Gebühr Élodie', references: ['Gebühr Élodie'] },
      ]);
    }
    const undeclared = bytesOf(camt053(booked('62.00', '2026-03-04', 'Gebühr')));
    const isUtf16 = encoding.startsWith('UTF-16');
    expect((await listOf(readCamt053([Uint8Array.from(undeclared)]))).at(-1)).toMatchObject(
      isUtf16
        ? { references: ['Gebühr'] }
        : { unreadable: { expected: 'a file in the encoding it declares' } },
    );
  });

  it('is read at most one piece ahead, however long it is', async () => {
    const entryCount = process.env.IN_FULL === undefined ? 3_000 : 100_000;
    const pieces = piecesOf(statementLines(entryCount));
    let [rows, ahead] = [0, 0];
    for await (const row of readCamt053(pieces.text)) {
      if ('unreadable' in row) throw new Error(JSON.stringify(row));
      rows += 1;
      ahead = Math.max(ahead, pieces.linesRead() - rows);
    }
    expect(rows).toBe(entryCount);
    expect(ahead).toBeLessThan(1_000);
  });

  it('checks its argument at the call', () => {
    expect(() => readCamt053('')).toThrow('INVALID_ARGUMENT');
  });
});
