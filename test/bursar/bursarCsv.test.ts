import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bursarCsv } from '../../src/bursar/runBursarExport.js';
import { transferOf } from './bursarLibrary.js';

const file = bursarCsv({});

it('has a header and a line for each transfer, credits with negative amounts', () => {
  const credit = transferOf({
    kind: 'credit',
    id: 'c1',
    feeId: 'f9',
    feeType: 'LOSTITEM',
    type: 'CREDIT',
    code: 'C9',
    item: null,
    amount: '0.82',
    vatPercent: 19,
    vat: '0.13',
  });
  expect(file.head + file.patron([transferOf(), credit]) + file.foot).toBe(
    [
      'reference,institution,patronId,identifier,name,kind,id,type,code,amount,currency,owner,title,callNumber,barcode,library,location,dueAt,since,transferredAt,feeId,feeType,vatPercent,vat',
      'u17@export-9,north,u17,12345678,"Transfer, Bursar",fee,f1,OVERDUEFINE,OVERDUEFINE,123.45,USD,RTC,Ecology of the saguaro /,QK495.C11 S64 1977,39080036507785,Hayden Library.,Stacks,,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,f1,OVERDUEFINE,,',
      'u17@export-9,north,u17,12345678,"Transfer, Bursar",credit,c1,CREDIT,C9,-0.82,USD,RTC,,,,,,,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,f9,LOSTITEM,19,-0.13',
      '',
    ].join('\r\n'),
  );
});

it('keeps any title and name, but escapes formulas', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '=', '+', '-', '@', '\t', '\r'),
      (text, sign) => {
        const name = sign + text;
        const [, row = {}] = parse(file.head + file.patron([transferOf(), transferOf({ name })]), {
          columns: true,
        }) as Record<string, string>[];
        expect([name, `'${name}`]).toContain(row.name);
        expect(row.name).not.toMatch(/^(?!-\d+(\.\d+)?$)[=+\-@\t\r]/);
        expect(row.amount).toBe('123.45');
      },
    ),
  );
});

it('can keep ids and codes unescaped for other programs, but never names and titles', () => {
  const transfer = transferOf({
    patronId: '=1+1',
    identifier: '+17',
    code: '-x',
    name: '=2',
    item: { title: '@t' },
  });
  const cells = (identifiers: 'escaped' | 'asIs') => {
    const { head, patron } = bursarCsv({ identifiers });
    const [row] = parse(head + patron([transfer]), { columns: true }) as Record<string, string>[];
    return [row?.patronId, row?.identifier, row?.code, row?.name, row?.title];
  };
  expect(cells('escaped')).toEqual(["'=1+1", "'+17", "'-x", "'=2", "'@t"]);
  expect(cells('asIs')).toEqual(['=1+1', '+17', '-x', "'=2", "'@t"]);
});
