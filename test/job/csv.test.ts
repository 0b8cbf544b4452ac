import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BursarChange, bursarChangesCsv, type OpenItem, openItemsCsv } from '../../src/bursar/index.js';
import { type CsvOptions, csvLines } from '../../src/job/csv.js';
import {
  type AgedDebtorsForm,
  type AuditLine,
  agedDebtorsCsv,
  auditTrailCsv,
  type Debtor,
  type PaymentLine,
  paymentsListCsv,
  type SplitCommands,
  splitCommandsCsv,
} from '../../src/jobs/reports/index.js';
import { type TillReport, type TillReportRow, tillReportCsv } from '../../src/office/index.js';

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '=1+1',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    '\t',
    '',
    ' ',
    "'",
    '-5.00',
    '-5.00=',
    '+1',
    '@SUM(A1)',
  ),
);

/** Rows of one width; a row of a single empty cell would be an empty line. */
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));

describe('lines of a CSV file', () => {
  it('are parsed back unchanged by an independent reader, except for the apostrophe before formulas', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const read: string[][] = parse(csvLines(rows), { record_delimiter: '\r\n' });
        expect(read).toEqual(rows.map((row) => row.map((text) => (isFormula(text) ? `'${text}` : text))));
      }),
    );
  });

  it('never start a cell with a formula, negative amounts excepted', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const read: string[][] = parse(csvLines(rows), { record_delimiter: '\r\n' });
        for (const text of read.flat()) expect(text).not.toMatch(/^(?!-\d+(\.\d+)?$)[=+\-@＝＋－＠\t\r\n\0]/);
      }),
    );
  });

  it('end as in RFC 4180, and quote only where necessary', () => {
    expect(csvLines([['a', 'b c', 'd,e', 'f"g']])).toBe('a,b c,"d,e","f""g"\r\n');
    expect(csvLines([['a\nb', 'c\rd', 'e\r\nf']])).toBe('"a\nb","c\rd","e\r\nf"\r\n');
    expect(csvLines([])).toBe('');
  });

  it('write amounts, numbers and booleans as they are, and null as an empty cell', () => {
    expect(csvLines([['-12.50', -5, 0, true, false, null, undefined, '']])).toBe(
      '-12.50,-5,0,true,false,,,\r\n',
    );
  });

  it('escape formulas wherever a spreadsheet would run them', () => {
    const hostile = [
      '=cmd|"/c calc"!A1',
      '+1',
      '-1+1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '-',
      '-1e5',
      '--1',
      '\n=1',
      '\0=1',
    ];
    hostile.push(...['＝', '＋', '－', '＠'].map((sign) => `${sign}1+1`));
    const read: string[][] = parse(csvLines([hostile]), { record_delimiter: '\r\n' });
    expect(read).toEqual([hostile.map((text) => `'${text}`)]);
    // The same within a title is only text.
    expect(csvLines([['2+2=4', 'x']])).toBe('2+2=4,x\r\n');
  });
});

describe('ids and codes of a CSV file', () => {
  const form: AgedDebtorsForm = {
    institution: 'north',
    timeZone: 'UTC',
    asOf: '2026-03-31',
    bandEndDays: [30],
  };
  /** The function that formats one line as a file; the names of its ids and codes; those of its texts. */
  const files: readonly {
    readonly file: string;
    readonly write: (line: object, options: CsvOptions) => AsyncIterable<string> | Iterable<string>;
    readonly ids: readonly string[];
    readonly texts?: readonly string[];
  }[] = [
    {
      file: 'a till report',
      write: (line, options) => {
        const report = { rows: [line as TillReportRow], currency: 'USD' } as Partial<TillReport>;
        return [tillReportCsv(report as TillReport, options)];
      },
      ids: ['till', 'sessionId', 'openedBy', 'closedBy', 'method'],
    },
    {
      file: 'a list of payments',
      write: (line, options) => paymentsListCsv([line as PaymentLine], options),
      ids: ['id', 'institution', 'patronId', 'library', 'desk', 'user', 'tillSession', 'method'],
    },
    {
      file: 'open items',
      write: (line, options) => openItemsCsv([line as OpenItem], options),
      ids: ['reference', 'institution', 'patronId', 'destination', 'batchId', 'id', 'type', 'owner'],
    },
    {
      file: 'changes for a bursar',
      write: (line, options) => bursarChangesCsv([line as BursarChange], options),
      ids: ['reference', 'institution', 'patronId', 'identifier', 'batchId', 'feeId', 'feeType'],
      texts: ['name'],
    },
    {
      file: 'an audit trail',
      write: (line, options) => auditTrailCsv([{ events: [], ...line } as object as AuditLine], options),
      ids: [
        'institution',
        'patronId',
        'office',
        'commandId',
        'user',
        'library',
        'desk',
        'tillSession',
        'correlationId',
      ],
    },
    {
      file: 'commands that are above a limit together',
      write: (line, options) =>
        splitCommandsCsv([{ commandIds: [], ...line } as object as SplitCommands], options),
      ids: ['user', 'patronId', 'office'],
    },
    {
      file: 'aged debtors',
      write: (line, options) =>
        agedDebtorsCsv([{ byBand: ['0', '0'], ...line } as object as Debtor], form, options),
      ids: ['institution', 'patronId'],
    },
  ];

  it.each(files)(
    'are escaped, or unchanged if a program matches them: $file',
    async ({ write, ids, texts = [] }) => {
      const columns = [...ids, ...texts];
      const cells = async (options: CsvOptions) => {
        let text = '';
        for await (const piece of write(Object.fromEntries(columns.map((name) => [name, '=1+1'])), options)) {
          text += piece;
        }
        const [row = {}] = parse(text, { columns: true }) as Record<string, string>[];
        return columns.map((name) => row[name]);
      };
      const escaped = columns.map(() => "'=1+1");
      expect(await cells({})).toEqual(escaped);
      expect(await cells({ identifiers: 'escaped' })).toEqual(escaped);
      expect(await cells({ identifiers: 'asIs' })).toEqual([
        ...ids.map(() => '=1+1'),
        ...texts.map(() => "'=1+1"),
      ]);
    },
  );
});

/** Written again in another way, so that a mistake in the pattern shows. */
function isFormula(text: string): boolean {
  if (!['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\0'].includes(text.charAt(0)))
    return false;
  const [whole = '', decimals = '0', ...more] = text.slice(1).split('.');
  const digits = (part: string) => part !== '' && [...part].every((one) => '0123456789'.includes(one));
  return !(text.startsWith('-') && digits(whole) && digits(decimals) && more.length === 0);
}
