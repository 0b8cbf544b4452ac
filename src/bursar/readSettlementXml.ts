import { readXml } from '../job/xmlFile.js';
import { ALMA_NAMESPACE } from './bursarAlmaXml.js';
import type { SettlementReading } from './settlementRow.js';

/** The element of one fee or credit, and the elements in it that are read. */
const ROW = 'userFineFee';
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['bursarTransactionId', 'reference'],
  ['compositeSum/sum', 'amount'],
  ['compositeSum/currency', 'currency'],
  ['paymentReference', 'paymentReference'],
]);

const form = {
  roots: ['xml-fragment', 'userExportedFineFees'],
  isNamespace: (uri: string) => uri === ALMA_NAMESPACE,
};

/**
 * Reads the rows of an XML file in the format of Alma's export one by one. Ignores other elements. Elements may be in
 * Alma's namespace or in no namespace.
 */
export function readSettlementXml(file: string): AsyncGenerator<SettlementReading> {
  return readXml<SettlementReading>(file, form, ({ open, emit, refuse, line }) => {
    /** The open row, and its depth. */
    let row: { readonly depth: number; readonly fields: Record<string, string> } | undefined;
    const field = () => (row === undefined ? undefined : FIELDS.get(open.slice(row.depth).join('/')));
    const text = (content: string) => {
      const name = field();
      if (name !== undefined && row !== undefined) row.fields[name] = (row.fields[name] ?? '') + content;
    };
    return {
      text,
      // `<sum>1<x/>2</sum>` is not 12.
      opening: (name) => {
        if (field() !== undefined) refuse(`text alone in ${open.at(-1)}`, `an element ${name.slice(0, 80)}`);
      },
      opened: () => {
        if (open.at(-1) === ROW && row === undefined) row = { depth: open.length, fields: {} };
        const repeated = field();
        // A second one would be ambiguous.
        if (repeated !== undefined && row !== undefined && repeated in row.fields) {
          refuse(`one ${open.at(-1)} in a ${ROW}`, 'two');
        } else if (repeated !== undefined) {
          text('');
        }
      },
      closed: () => {
        if (row?.depth !== open.length) return;
        emit({ line: line(), row: row.fields });
        row = undefined;
      },
    };
  });
}
