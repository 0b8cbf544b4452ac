import { type BursarFileFormat, type BursarTransfer, signedAmount, signedVat } from './bursarTransfer.js';

/** The namespace of Alma's export of fines and fees. */
export const ALMA_NAMESPACE = 'http://com/exlibris/urm/rep/externalsysfinesfees/xmlbeans';

/**
 * Formats the file like Alma's export of fines and fees, for programs that read that format: `itemCallNumebr` is
 * spelt as in Alma, sums have no trailing zeros, dates are MM/dd/yyyy HH:mm:ss in local time, and the patrons follow
 * in a second `userExportedFineFees`, after the one with the export's number.
 *
 * `libraryId` is the library's code; only Alma knows its internal number. `vat` is the tax that the sum includes, nil
 * without tax.
 *
 * @param exportNumber - the number of the export
 * @param timeZone - the library's time zone
 */
export function bursarAlmaXml(exportNumber: string, timeZone: string): BursarFileFormat {
  const localTime = localTimeIn(timeZone);
  return {
    head: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<xb:xml-fragment xmlns:xb="${ALMA_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
      element('userExportedFineFees', element('exportNumber', xmlText(exportNumber))),
      '<xb:userExportedFineFees>',
      '<xb:userExportedList>',
      '',
    ].join('\n'),
    patron: (transfers) => `${patronOf(transfers, localTime)}\n`,
    foot: '</xb:userExportedList>\n</xb:userExportedFineFees>\n</xb:xml-fragment>\n',
  };
}

function patronOf(transfers: readonly BursarTransfer[], localTime: (at: string) => string): string {
  const [{ identifier, identifierType, institution, name }] = transfers as [BursarTransfer];
  return element(
    'userExportedFineFeesList',
    element(
      'user',
      textOrNil('type', identifierType),
      element('value', xmlText(identifier)),
      element('owneredEntity', element('InstitutionId', xmlText(institution))),
    ),
    textOrNil('patronName', name),
    element('finefeeList', ...transfers.map((transfer) => `\n${feeOf(transfer, localTime)}`), '\n'),
  );
}

function feeOf(transfer: BursarTransfer, localTime: (at: string) => string): string {
  const { kind, feeId, feeType, code, institution, owner, item, currency, reference, lastTransactionAt } =
    transfer;
  return element(
    'userFineFee',
    // Alma's format has no field for the fee of a credit, and leaves the comment empty.
    textOrNil('fineFeeComment', kind === 'credit' && feeId !== null ? `${feeType} ${feeId}` : undefined),
    element('fineFeeType', xmlText(code)),
    element(
      'owneredEntity',
      element('InstitutionId', xmlText(institution)),
      textOrNil('libraryId', owner),
      textOrNil('libraryCode', owner),
    ),
    element('lastTransactionDate', localTime(lastTransactionAt)),
    textOrNil('itemTitle', item?.title),
    textOrNil('itemCallNumebr', item?.callNumber),
    textOrNil('itemLibrary', item?.library),
    textOrNil('itemLocation', item?.location),
    textOrNil('itemInternalLocation', item?.location),
    textOrNil('itemDueDate', item?.dueAt && localTime(item.dueAt)),
    textOrNil('itemBarcode', item?.barcode),
    element(
      'compositeSum',
      element('currency', currency),
      element('sum', unpadded(signedAmount(transfer))),
      textOrNil('vat', unpadded(signedVat(transfer) ?? '')),
    ),
    element('bursarTransactionId', xmlText(reference)),
  );
}

function element(name: string, ...content: readonly string[]): string {
  return `<xb:${name}>${content.join('')}</xb:${name}>`;
}

function nil(name: string): string {
  return `<xb:${name} xsi:nil="true"/>`;
}

function textOrNil(name: string, text: string | undefined): string {
  return text === undefined || text === '' ? nil(name) : element(name, xmlText(text));
}

/** Formats an amount without trailing zeros, e.g. `300`, `0.8` or `-123.45`. */
function unpadded(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

/** Returns a function that formats an instant as Alma does, in a time zone: `09/12/2023 15:22:06`. */
function localTimeIn(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn-hc-h23', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(Date.parse(at)).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return `${month}/${day}/${year?.padStart(4, '0')} ${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // Otherwise a reader would turn it into a line feed.
  '\r': '&#13;',
};

/** All characters that XML 1.0 forbids, even escaped. */
const FORBIDDEN = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Escapes text as the content of an element. Characters that XML 1.0 forbids (most control characters, lone surrogates)
 * become U+FFFD, since a single one would make the whole file invalid.
 *
 * @source https://www.w3.org/TR/xml/#charsets
 */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>\r]/g, (character) => entities[character] as string);
}
