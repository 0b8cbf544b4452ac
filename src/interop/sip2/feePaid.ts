import { digestOf } from '../../account/digest.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { interpolate } from '../../input/interpolate.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import { groupOf } from '../../patron/patronGroup.js';
import { type PatronPayment, payPatron } from '../../patron/payPatron.js';
import { isNoTransactionId } from '../clientPayment.js';
import type { FoundPatron } from './patronResponse.js';
import type { Sip2Request, Sip2Response } from './sip2Message.js';
import { OTHER_TYPES, type Sip2Settings, type Sip2Terminal } from './sip2Options.js';
import { isPlausibleTime, TIME_LENGTH } from './sip2Time.js';

/** Answers a Fee Paid (37) request: records the payment, or returns the reason why not. */
export async function feePaid(
  request: Sip2Request,
  found: FoundPatron,
  terminal: Sip2Terminal,
  settings: Sip2Settings,
): Promise<Sip2Response> {
  const { fields } = request;
  const refusal = await recordPayment(request, found, terminal, settings);
  return {
    head: `38${refusal === undefined ? 'Y' : 'N'}${settings.time()}`,
    fields: [
      ['AO', settings.institutionCode],
      ['AA', found.identifier],
      ['CG', fields.get('CG') || undefined],
      ['BK', fields.get('BK') || undefined],
      ['AF', refusal],
    ],
  };
}

/** Records a payment. Returns why it is refused, or `undefined`. */
async function recordPayment(
  request: Sip2Request,
  { patron, isKnown }: FoundPatron,
  terminal: Sip2Terminal,
  settings: Sip2Settings,
): Promise<string | undefined> {
  const { policy, words } = settings;
  if (patron === undefined) return isKnown ? words.wrongPassword : words.unknownPatron;
  const paymentType = request.fixed.slice(TIME_LENGTH + 2, TIME_LENGTH + 4);
  const currency = request.fixed.slice(TIME_LENGTH + 4).trim();
  if (currency !== '' && currency.toUpperCase() !== policy.currency)
    return interpolate(words.otherCurrency, { expected: policy.currency, currency });
  const method = settings.methods.get(paymentType) ?? settings.methods.get(OTHER_TYPES);
  if (method === undefined) return interpolate(words.unknownPaymentType, { paymentType });
  const sent = request.fields.get('BV') ?? '';
  const amount = paidAmount(sent, digitsOf(policy.currency));
  if (amount === undefined)
    return interpolate(words.invalidAmount, { amount: sent, currency: policy.currency });
  const payment = paymentOf(request, { amount, method }, terminal, settings);
  const why = await payPatron(settings, await groupOf(settings, patron.patronId), patron.patronId, payment);
  return typeof why === 'object' ? rejectionText(why, { words: words.rejections }) : undefined;
}

function paymentOf(
  request: Sip2Request,
  payment: Pick<PatronPayment, 'amount' | 'method'>,
  { desk, library }: Sip2Terminal,
  settings: Sip2Settings,
): PatronPayment {
  const { institution, overpayment } = settings;
  const feeId = sentField(request, 'CG');
  // Zeros, words for a missing value and what the encoding does not have name no transaction: two would count as one.
  const sentId = sentField(request, 'BK');
  const transactionId = isNoTransactionId(sentId) || sentId.includes('\ufffd') ? '' : sentId;
  const at = settings.now();
  return {
    id: transactionId === '' ? idWithoutTransaction(request, at, settings) : settings.newId(),
    ...payment,
    fee: feeId === '' ? undefined : feeId,
    ...(transactionId === '' ? {} : { externalTransactionId: transactionId }),
    ...(overpayment === undefined ? {} : { overpayment }),
    at,
    by: {
      channel: 'selfCheck',
      ...(desk === undefined ? {} : { desk }),
      ...(library === undefined ? {} : { library }),
      institution,
    },
  };
}

/** Returns a field; empty if it has only blanks, with which some terminals fill fields that they do not use. */
function sentField({ fields }: Sip2Request, name: string): string {
  const text = fields.get(name) ?? '';
  return text.trim() === '' ? '' : text;
}

/**
 * Returns the id of a payment that has no transaction id (`BK`): derived from its time, amount and fee, so that a
 * message that is sent again, even over another connection, is one payment. That needs the terminal's clock; without
 * it, a new id. Not derived from the card's number and the passwords: ids are stored for ever, and both could be found
 * by trying.
 */
function idWithoutTransaction({ fixed, fields }: Sip2Request, at: string, settings: Sip2Settings): string {
  if (!isPlausibleTime(fixed.slice(0, TIME_LENGTH), at)) return settings.newId();
  return `sip2-${digestOf([fixed, fields.get('BV') ?? '', fields.get('CG') ?? ''])}`;
}

/** The most digits before the decimal separator. Longer texts are refused without reading them. */
const LENGTH_MAX = 20;

/**
 * Reads the amount of a payment. Terminals write a decimal point or a decimal comma, and may pad with zeros. Nothing
 * else is guessed: `1,234` is not an amount in a currency with two decimals.
 *
 * @returns the amount as a decimal string, or `undefined`
 */
export function paidAmount(text: string, digits: number): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LENGTH_MAX) return undefined;
  const [whole = '', fraction] = trimmed.replace(',', '.').split('.', 2);
  if (trimmed.split(/[.,]/).length > 2 || `${whole}${fraction ?? ''}` === '') return undefined;
  const withoutZeros = whole.replace(/^0+/, '') || '0';
  const minor = parseLooseAmount(
    fraction === undefined ? withoutZeros : `${withoutZeros}.${fraction}`,
    digits,
  );
  return minor < 0 ? undefined : formatAmount(minor, digits);
}
