import { xmlText } from '../../bursar/bursarAlmaXml.js';
import type { AlmaError } from './almaErrors.js';
import type { AlmaCode, AlmaFee, AlmaFees, AlmaTransaction } from './almaFees.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** Writes a list of fees. The totals are attributes: clients take every child for a fee. */
export function feesXml({ fee, total_record_count, total_sum, currency, link }: AlmaFees): string {
  const attributes = [
    attribute('total_record_count', String(total_record_count)),
    attribute('total_sum', String(total_sum)),
    currency === undefined ? '' : attribute('currency', currency),
    link === undefined ? '' : attribute('link', link),
  ];
  return `${DECLARATION}<fees${attributes.join('')}>${fee.map(feeElement).join('')}</fees>`;
}

/** Writes one fee. */
export function feeXml(fee: AlmaFee): string {
  return DECLARATION + feeElement(fee);
}

/** Writes an error. */
export function errorXml({ errorCode, errorMessage }: AlmaError, trackingId: string): string {
  const error = element('error', fieldsOf({ errorCode, errorMessage, trackingId }));
  const content = `<errorsExist>true</errorsExist>${element('errorList', error)}`;
  return `${DECLARATION}<web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans">${content}</web_service_result>`;
}

function feeElement({ transaction = [], link, ...fee }: AlmaFee): string {
  const transactions = transaction.map((one: AlmaTransaction) => element('transaction', fieldsOf(one)));
  const list = transactions.length > 0 ? element('transactions', transactions.join('')) : '';
  const start = link === undefined ? '<fee>' : `<fee${attribute('link', link)}>`;
  return `${start}${fieldsOf(fee)}${list}</fee>`;
}

/** Writes fields as elements; the description of a code is an attribute. */
function fieldsOf(fields: Readonly<Record<string, string | number | AlmaCode | undefined>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (value === undefined) return '';
      if (typeof value !== 'object') return element(name, xmlText(String(value)));
      const description = value.desc === undefined ? '' : attribute('desc', value.desc);
      return `<${name}${description}>${xmlText(value.value)}</${name}>`;
    })
    .join('');
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const inAttributes: Readonly<Record<string, string>> = { '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

function attribute(name: string, value: string): string {
  return ` ${name}="${xmlText(value).replace(/["\n\t]/g, (character) => inAttributes[character] as string)}"`;
}

/** The maximum depth of nested elements. A fee needs four. */
const DEPTH_MAX = 16;

const PIECE_LENGTH = 1_024;

/**
 * Reads the text of each element of a fee. Nested elements are left out. Refuses document type declarations, and with
 * them all attacks that use them.
 *
 * @returns the texts by name, or what is wrong
 */
export async function readFeeXml(
  text: string,
): Promise<ReadonlyMap<string, string> | { readonly fault: string }> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const fields = new Map<string, string>();
  const open: string[] = [];
  let fault: string | undefined;
  const refuse = (reason: string) => {
    fault ??= reason;
  };
  const add = (content: string) => {
    const name = open[1];
    if (open.length === 2 && name !== undefined) fields.set(name, (fields.get(name) ?? '') + content);
  };
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('a document type'));
  parser.on('opentag', ({ name }) => {
    if (open.length === 0 && name !== 'fee') refuse(`the element ${name.slice(0, 40)} instead of fee`);
    if (open.length === 1 && fields.has(name)) refuse(`the element ${name.slice(0, 40)} twice`);
    open.push(name);
    if (open.length > DEPTH_MAX) refuse('elements nested too deeply');
    add('');
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    open.pop();
  });
  // In small pieces: the parser continues after a fault, and is very slow on deep nesting.
  for (let at = 0; at < text.length && fault === undefined; at += PIECE_LENGTH) {
    parser.write(text.slice(at, at + PIECE_LENGTH));
  }
  if (fault === undefined) parser.close();
  return fault === undefined ? fields : { fault };
}
