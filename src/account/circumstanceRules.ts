import { PatronFeesError } from '../errors.js';
import { DAY_MS, instantOf, isInstant } from '../input/instant.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { Channel } from './circumstances.js';
import type { Command } from './commands/command.js';
import type { InTheFuture, LooksLikeCardNumber, TooFarBack } from './rejections/commandRejections.js';

type CircumstanceRefusal = TooFarBack | InTheFuture | Omit<LooksLikeCardNumber, 'kind'>;

/** How much a clock may be ahead, in milliseconds. */
const AHEAD_MS = 15 * 60_000;

/** The commands that record money which has moved already: it must be recorded. */
const ofMovedMoney: ReadonlySet<Command['type']> = new Set([
  'ReceivePayment',
  'ReversePayment',
  'RefundCredit',
  'SettleTransfer',
  'ReverseSettlement',
]);

/** The channels that report what happened earlier. */
export const lateChannels: ReadonlySet<Channel | undefined> = new Set(['job', 'import']);

/**
 * Returns the refusal of a command for its circumstances: a time too far from now, or a text with a card number.
 *
 * @param now - the present time, as the caller gives it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the policy has `backdating` and `now`
 * is no instant
 */
export function circumstanceRefusal(
  command: Command,
  policy: FeePolicy,
  now: string | undefined,
): CircumstanceRefusal | undefined {
  const channel = command.by?.channel;
  // A provider's program reports it, however late, and with numbers of which one in ten has a valid check digit by
  // chance.
  if (ofMovedMoney.has(command.type) && channel !== 'desk') return undefined;
  const late = lateChannels.has(channel) ? undefined : timeRefusal(command.at, policy, now);
  if (late !== undefined) return late;
  const field = policy.cardNumbers === 'refused' ? fieldWithCardNumber(command) : undefined;
  return field && { type: 'LooksLikeCardNumber', field };
}

/**
 * Returns the refusal of a time too far from now, if the policy has `backdating`.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the policy has `backdating` and `now`
 * is no instant
 */
export function timeRefusal(
  at: string,
  { backdating }: FeePolicy,
  now: string | undefined,
): TooFarBack | InTheFuture | undefined {
  if (backdating === undefined) return undefined;
  const present = presentOf(now);
  const [earliest, latest] = [present - backdating.days * DAY_MS, present + AHEAD_MS];
  if (instantOf(at) < earliest)
    return { type: 'TooFarBack', kind: 'forbidden', at, earliest: instantText(earliest) };
  if (instantOf(at) > latest)
    return { type: 'InTheFuture', kind: 'invalid', at, latest: instantText(latest) };
  return undefined;
}

/** Returns whether a text is missing, empty or only blanks. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

function presentOf(now: string | undefined): number {
  if (typeof now === 'string' && isInstant(now)) return instantOf(now);
  const found = now === undefined ? 'nothing' : JSON.stringify(now);
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `options.now: expected the present time, ISO 8601 with a zone, since the policy has backdating; found ${found}`,
  );
}

/** Returns the latest time that is not in the future: clocks may be a little ahead. */
export function latestOf(now: string): string {
  return instantText(instantOf(now) + AHEAD_MS);
}

/** Returns an instant as ISO 8601 in UTC, without needless decimals. */
export function instantText(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

type Texts = { readonly [Field in LooksLikeCardNumber['field']]?: string };

const textFields = ['comment', 'staffNote', 'reference', 'externalTransactionId'] as const;

/** Returns the first field with what looks like the number of a payment card. */
export function fieldWithCardNumber(texts: Texts): LooksLikeCardNumber['field'] | undefined {
  return textFields.find((field) => hasCardNumber(texts[field]));
}

/** Digits, bare or in groups, that are no part of a longer number or word. */
const numbers = /(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-]|[.,]\d)/g;

/**
 * Returns whether a text has a number of 13, or of 15 to 19 digits with the first digit and the check digit (Luhn) of
 * payment cards. Not of 14 digits: those are the barcodes of libraries, whose check digit is computed in the same way.
 */
function hasCardNumber(text: string | undefined): boolean {
  if (text === undefined || text.length < 13) return false;
  return [...text.matchAll(numbers)].some(([found]) => {
    const digits = found.replaceAll(/\D/g, '');
    return digits.length !== 14 && /^[2-6]/.test(digits) && hasCheckDigit(digits);
  });
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 1 ? 2 * digit : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
