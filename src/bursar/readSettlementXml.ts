import { SaxesParser } from 'saxes';
import { NOT_UTF8, utf8Text } from '../job/textFile.js';
import { ALMA_NAMESPACE } from './bursarAlmaXml.js';
import type { Misread, SettlementReading } from './settlementRow.js';

/** The maximum depth of nested elements. The format needs seven. */
const DEPTH_MAX = 32;

/** The maximum length of text without a tag. Longer text is not a title but an attempt to fill the memory. */
const PIECE_LENGTH_MAX = 1_000_000;

const BITE_LENGTH = 1_024;

const UTF8 = /^utf-?8$/i;

/** The element of one fee or credit, and the elements in it that are read. */
const ROW = 'userFineFee';
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['bursarTransactionId', 'reference'],
  ['compositeSum/sum', 'amount'],
  ['compositeSum/currency', 'currency'],
  ['paymentReference', 'paymentReference'],
]);

/**
 * Reads the rows of an XML file in the format of Alma's export one by one. Ignores other elements. Elements may be in
 * Alma's namespace or in no namespace. Refuses document type declarations, and with them all attacks that use them:
 * entity expansion, external files.
 */
export async function* readSettlementXml(file: string): AsyncGenerator<SettlementReading> {
  const reader = rowReader();
  for await (const piece of utf8Text(file)) {
    if (piece === NOT_UTF8) reader.refuse('a file in UTF-8', 'bytes that are not UTF-8');
    else reader.write(piece);
    yield* reader.taken();
    if (reader.isBroken()) return;
  }
  reader.close();
  yield* reader.taken();
}

/** Reads rows from pieces of text. */
function rowReader() {
  const parser = new SaxesParser({ xmlns: true });
  let readings: SettlementReading[] = [];
  let broken: Misread | undefined;
  let sinceElement = 0;
  /** The names of the elements that are open. */
  const open: string[] = [];
  /** The open row, and its depth. */
  let row: { readonly depth: number; readonly fields: Record<string, string> } | undefined;

  const refuse = (expected: string, found: string) => {
    if (broken !== undefined) return;
    broken = { expected, found };
    readings.push({ line: parser.line, broken });
  };
  const field = () => (row === undefined ? undefined : FIELDS.get(open.slice(row.depth).join('/')));
  const text = (content: string) => {
    const name = field();
    if (name !== undefined && row !== undefined) row.fields[name] = (row.fields[name] ?? '') + content;
  };

  parser.on('error', ({ message }) => refuse('well-formed XML', message));
  parser.on('doctype', () => refuse('no document type', 'a DOCTYPE'));
  parser.on('xmldecl', ({ encoding = 'UTF-8' }) => {
    if (!UTF8.test(encoding)) refuse('the encoding UTF-8', encoding.slice(0, 40));
  });
  parser.on('opentag', ({ local, uri }) => {
    sinceElement = 0;
    const name = uri === '' || uri === ALMA_NAMESPACE ? local : `{${uri}}${local}`;
    if (open.length === 0 && name !== 'xml-fragment' && name !== 'userExportedFineFees') {
      refuse('an xml-fragment or userExportedFineFees', name.slice(0, 80));
    }
    // `<sum>1<x/>2</sum>` is not 12.
    if (field() !== undefined) refuse(`text alone in ${open.at(-1)}`, `an element ${name.slice(0, 80)}`);
    open.push(name);
    if (open.length > DEPTH_MAX) refuse(`elements at most ${DEPTH_MAX} deep`, 'deeper ones');
    if (name === ROW && row === undefined) row = { depth: open.length, fields: {} };
    const repeated = field();
    // A second one would be ambiguous.
    if (repeated !== undefined && row !== undefined && repeated in row.fields) {
      refuse(`one ${name} in a ${ROW}`, 'two');
    } else if (repeated !== undefined) {
      text('');
    }
  });
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    sinceElement = 0;
    if (row?.depth === open.length) {
      if (broken === undefined) readings.push({ line: parser.line, row: row.fields });
      row = undefined;
    }
    open.pop();
  });

  return {
    refuse,
    write(piece: string): void {
      // In small pieces: the parser continues after a fault, and is very slow on deep nesting.
      for (let at = 0; at < piece.length && broken === undefined; at += BITE_LENGTH) {
        const bite = piece.slice(at, at + BITE_LENGTH);
        sinceElement += bite.length;
        parser.write(bite);
      }
      if (sinceElement > PIECE_LENGTH_MAX) refuse('elements', `${sinceElement} characters without one`);
    },
    close(): void {
      parser.close();
    },
    isBroken: () => broken !== undefined,
    /** Returns the readings since the last call; nothing more after a fault. */
    taken(): readonly SettlementReading[] {
      const taken = readings;
      readings = [];
      return taken;
    },
  };
}
