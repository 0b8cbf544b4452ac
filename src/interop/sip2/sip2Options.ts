import * as v from 'valibot';
import { isAccruing } from '../../account/accrual.js';
import { type Fee, owed } from '../../account/fee.js';
import { nameField } from '../../account/fieldSchemas.js';
import { englishRejectionWords, type RejectionWords } from '../../account/rejections/rejectionText.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isPlainObject, plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { feeTypeLabel } from '../../views/codeLabel.js';
import {
  assertCodes,
  functionField,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
  serviceFields,
} from '../doorOptions.js';
import type { Sip2Codec, Sip2Encoding, Sip2Writing } from './sip2Message.js';
import { sip2TimeWriter } from './sip2Time.js';

/** A fee as a fine item (`AV`) shows it. */
export type Sip2FineItem = {
  /**
   * The fee's id: what a terminal sends back as `CG` to pay it. If another account of the patron has the same id, `@`
   * and the patron id of its account follow.
   */
  readonly feeId: string;
  /** The fee type's code. */
  readonly feeType: string;
  /** The fee type's label. */
  readonly label: string;
  /** What can be paid, a decimal string. */
  readonly owed: string;
  /** The title of the item; empty if the fee has none. */
  readonly title: string;
  /** The barcode of the item; empty if the fee has none. */
  readonly barcode: string;
  /** Whether it is a fine that still grows. */
  readonly accruing: boolean;
  /** Whether it was charged for a lost item. */
  readonly lostItem: boolean;
};

/**
 * A format of fine items (`AV`), named after the system that writes them so:
 *
 * - `koha`: `Overdue fine: Maps of the sea 2.50`
 * - `evergreen`: `2.50 Overdue fine Maps of the sea`
 * - `3m`: `f1 $2.50 "FINE" Maps of the sea`. It names the fee, so terminals can pay one fee.
 * - `swyer`: `Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FINE, Title: Maps of the sea`. It names the fee, too.
 */
export type Sip2FineItemFormat = 'koha' | 'evergreen' | '3m' | 'swyer';

/** The formats, by name. */
export const fineItemFormats: Readonly<Record<Sip2FineItemFormat, (item: Sip2FineItem) => string>> = {
  koha: ({ label, title, owed }) => `${label}${title === '' ? '' : `: ${title}`} ${owed}`,
  evergreen: ({ label, title, owed }) => `${owed} ${label} ${title}`.trimEnd(),
  '3m': (item) => `${item.feeId} $${item.owed} "${kindOf(item)}" ${item.title || item.label}`,
  swyer: (item) =>
    `Charge-Number: ${item.feeId}, Amount-Due: ${item.owed}, Fine-Type: ${kindOf(item)}, Title: ${item.title || item.label}`,
};

/** Returns the three kinds of charges that Evergreen's formats know. */
function kindOf({ lostItem, feeType }: Sip2FineItem): string {
  if (lostItem) return 'LOST';
  return feeType.includes('OVERDUE') ? 'FINE' : 'FEE';
}

/** Returns a fee as its fine item shows it, under the name by which it can be paid. */
export function fineItemOf(
  fee: Fee,
  name: string,
  policy: FeePolicy,
  write: (minor: number) => string,
): Sip2FineItem {
  return {
    feeId: name,
    feeType: fee.feeType,
    label: feeTypeLabel(policy, fee.feeType),
    owed: write(owed(fee)),
    title: fee.item?.title ?? '',
    barcode: fee.item?.barcode ?? '',
    accruing: isAccruing(fee),
    lostItem: fee.lostItem,
  };
}

/** Options of {@link sip2Service}. */
export type Sip2Options = ServiceOptions & {
  /**
   * Returns the patron with an identifier; `undefined` for an unknown one, or if this terminal must not see the patron.
   */
  readonly patron: (request: Sip2PatronRequest) => Sip2Patron | undefined | Promise<Sip2Patron | undefined>;
  /**
   * Returns the terminal that logs in; `undefined` for a wrong name or password. If given, a terminal that has not
   * logged in sees no patron.
   *
   * @defaultValue every terminal is accepted, without a desk or library
   */
  readonly login?: (login: Sip2Login) => Sip2Terminal | undefined | Promise<Sip2Terminal | undefined>;
  /**
   * The institution's code in messages (`AO`). A message with another code gets no patron; one without a code does.
   *
   * @defaultValue `institution`
   */
  readonly institutionCode?: string;
  /**
   * The library's name, for ACS Status (`AM`).
   *
   * @defaultValue no name
   */
  readonly libraryName?: string;
  /**
   * The policy's payment methods by the protocol's payment types, and by `*` for all other types.
   *
   * @defaultValue `00` CASH, `01` and `02` CREDIT_CARD, `05` CHECK (as in Evergreen), and `*` CREDIT_CARD, because
   * other types are those of card terminals; of these, the methods that the policy has
   */
  readonly paymentMethods?: Readonly<Record<string, string>>;
  /**
   * Whether a payment above what is owed is refused whole, or the excess becomes a credit.
   *
   * @defaultValue the policy's `overpayment`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * The format of fine items (`AV`), or a function that returns the text of one.
   *
   * @defaultValue `'3m'`
   */
  readonly fineItem?: Sip2FineItemFormat | ((item: Sip2FineItem) => string);
  /**
   * The time zone of times in responses, which then are local times.
   *
   * @defaultValue UTC, marked with `Z`
   */
  readonly timeZone?: string;
  /**
   * How text is stored in bytes; functions for an encoding of your own.
   *
   * @defaultValue `'utf-8'`
   */
  readonly encoding?: Sip2Encoding;
  /**
   * What `CQ` says if `patron` did not check a password. `Y` for libraries whose patrons have no passwords: terminals
   * then let in every known patron, and `CQ` is in every answer.
   *
   * @defaultValue `N`, if the request has a password field (`AD`), even an empty one; otherwise there is no `CQ`
   */
  readonly uncheckedPassword?: 'Y' | 'N';
  /**
   * The messages that terminals show (`AF`), some or all.
   *
   * @defaultValue {@link englishSip2Words}
   */
  readonly words?: Partial<Sip2Words>;
  /**
   * Returns more fields for the responses 24, 26, 64 and 38, such as an address (`BD`). They replace fields with the
   * same letters. It is also called for unknown patrons and wrong passwords: check `patron`.
   *
   * @defaultValue no more fields
   */
  readonly fields?: (answered: Sip2Answered) => Sip2Fields | Promise<Sip2Fields>;
  /**
   * Returns the numbers of a patron's loans and holds, for Patron Information.
   *
   * @defaultValue blanks, which stand for what is not supported
   */
  readonly counts?: (answered: Sip2Answered) => Sip2Counts | Promise<Sip2Counts>;
  /**
   * Answers messages that are not about fees, such as Checkout (11), Checkin (09), Renew (29) or Item Information (17).
   * It returns the response without a line end; a sequence number and checksum are added. With `undefined` the message
   * is refused. If there is a `login`, it is called only after the login.
   *
   * @defaultValue such messages are refused, with responses that do not ask to send them again
   */
  readonly otherMessage?: (message: Sip2OtherMessage) => string | undefined | Promise<string | undefined>;
  /**
   * The end of responses. Requests may end with CR, LF or both.
   *
   * @defaultValue `'CR'`
   */
  readonly lineEnd?: 'CR' | 'CRLF';
};

const wordsSchema = v.partial(
  v.strictObject({
    unknownPatron: v.string(),
    wrongPassword: v.string(),
    blocked: v.string(),
    otherCurrency: v.string(),
    unknownPaymentType: v.string(),
    invalidAmount: v.string(),
    notOffered: v.string(),
    rejections: v.custom<Sip2Words['rejections']>(isPlainObject, 'an object'),
  }),
);

const optionsSchema = v.strictObject({
  ...serviceFields,
  patron: functionField<Sip2Options['patron']>('a function that returns a patron'),
  login: v.exactOptional(
    functionField<NonNullable<Sip2Options['login']>>('a function that returns a terminal'),
  ),
  institutionCode: v.exactOptional(nameField),
  libraryName: v.exactOptional(v.string()),
  paymentMethods: v.exactOptional(
    v.pipe(plainObject, v.record(v.pipe(v.string(), v.regex(/^(\d\d|\*)$/, 'two digits, or *')), nameField)),
  ),
  overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
  fineItem: v.exactOptional(
    v.union(
      [
        v.picklist(Object.keys(fineItemFormats) as Sip2FineItemFormat[]),
        functionField<(item: Sip2FineItem) => string>('a function'),
      ],
      'koha, evergreen, 3m, swyer, or a function',
    ),
  ),
  timeZone: v.exactOptional(timeZoneField),
  encoding: v.exactOptional(
    v.union(
      [
        v.picklist(['utf-8', 'latin1', 'cp850', 'cp437']),
        v.strictObject({
          decode: functionField<Sip2Codec['decode']>('a function'),
          encode: functionField<Sip2Codec['encode']>('a function'),
        }),
      ],
      'utf-8, latin1, cp850, cp437, or an object with the functions decode and encode',
    ),
  ),
  uncheckedPassword: v.exactOptional(v.picklist(['Y', 'N'], 'Y or N')),
  words: v.exactOptional(v.pipe(plainObject, wordsSchema)),
  fields: v.exactOptional(functionField<NonNullable<Sip2Options['fields']>>('a function')),
  counts: v.exactOptional(functionField<NonNullable<Sip2Options['counts']>>('a function')),
  otherMessage: v.exactOptional(functionField<NonNullable<Sip2Options['otherMessage']>>('a function')),
  lineEnd: v.exactOptional(v.picklist(['CR', 'CRLF'], 'CR or CRLF')),
});

/** The name of all payment types that are not listed. */
export const OTHER_TYPES = '*';

/** Evergreen's types. 3M's list has only the first three. */
const usualMethods = {
  '00': 'CASH',
  '01': 'CREDIT_CARD',
  '02': 'CREDIT_CARD',
  '05': 'CHECK',
  [OTHER_TYPES]: 'CREDIT_CARD',
};

/** What all connections of a service share. */
export type Sip2Settings = ServiceContext & {
  readonly patron: Sip2Options['patron'];
  readonly login: Sip2Options['login'];
  readonly fields: Sip2Options['fields'];
  readonly counts: Sip2Options['counts'];
  readonly otherMessage: Sip2Options['otherMessage'];
  readonly uncheckedPassword: Sip2Options['uncheckedPassword'];
  readonly words: Sip2Words;
  readonly institutionCode: string;
  readonly libraryName: string | undefined;
  readonly methods: ReadonlyMap<string, string>;
  readonly overpayment: Sip2Options['overpayment'];
  readonly fineItem: (item: Sip2FineItem) => string;
  /** Returns the current time as messages have it. */
  readonly time: () => string;
  readonly writing: Sip2Writing;
};

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if a payment method is not the
 * policy's; `INVALID_POLICY`
 */
export function sip2Settings(options: Sip2Options): Sip2Settings {
  const checked = checkedArgument(optionsSchema, options, 'options') as Sip2Options;
  const context = serviceContext(checked);
  const { fineItem = '3m', paymentMethods } = checked;
  const writeTime = sip2TimeWriter(checked.timeZone);
  return {
    ...context,
    patron: checked.patron,
    login: checked.login,
    fields: checked.fields,
    counts: checked.counts,
    otherMessage: checked.otherMessage,
    uncheckedPassword: checked.uncheckedPassword,
    words: { ...englishSip2Words, ...checked.words },
    institutionCode: checked.institutionCode ?? context.institution,
    libraryName: checked.libraryName,
    methods: methodsOf(paymentMethods, context.policy),
    overpayment: checked.overpayment,
    fineItem: typeof fineItem === 'string' ? fineItemFormats[fineItem] : fineItem,
    time: () => writeTime(context.now()),
    writing: { encoding: checked.encoding ?? 'utf-8', lineEnd: checked.lineEnd === 'CRLF' ? '\r\n' : '\r' },
  };
}

/** Returns the payment methods by type; of the usual ones, those that the policy has. */
function methodsOf(given: Sip2Options['paymentMethods'], policy: FeePolicy): ReadonlyMap<string, string> {
  const usual = Object.entries(usualMethods);
  if (given === undefined)
    return new Map(usual.filter(([, method]) => Object.hasOwn(policy.paymentMethods, method)));
  assertCodes(policy, 'paymentMethods', 'paymentMethods', given);
  return new Map(Object.entries(given));
}

/** The login of a terminal (93). */
export type Sip2Login = {
  /** The user name (`CN`); empty if the terminal sends none. */
  readonly userId: string;
  /** The password (`CO`); empty if the terminal sends none. */
  readonly password: string;
  /** The location code (`CP`); empty if the terminal sends none. */
  readonly location: string;
};

/** What `login` returns: the terminal, for `by` of the payments that it takes. */
export type Sip2Terminal = {
  /** The name of the terminal or its desk, for `by.desk`: the till that its payments are in. */
  readonly desk?: string;
  /** The library that it belongs to, for `by.library`. */
  readonly library?: string;
};

/** A request for a patron. */
export type Sip2PatronRequest = {
  /** The patron's identifier (`AA`), as scanned or typed. */
  readonly identifier: string;
  /** The patron's password (`AD`); `undefined` if the terminal sends none. */
  readonly password: string | undefined;
  /** The terminal, as `login` returned it. */
  readonly terminal: Sip2Terminal;
};

/** What `patron` returns. */
export type Sip2Patron = {
  /** The patron's id in the event store. */
  readonly patronId: string;
  /** The patron's name (`AE`); empty if left out. */
  readonly name?: string;
  /** The patron's user group, for the policy's block limits. */
  readonly group?: string;
  /**
   * Whether the password is right. If `false`, the terminal gets `CQN` and no figures, and can pay nothing.
   *
   * @defaultValue not checked; see `uncheckedPassword` of {@link Sip2Options}
   */
  readonly passwordIsValid?: boolean;
};

/** What is known about a response, for the hooks that add to it. */
export type Sip2Answered = {
  /** The response: Patron Status (`24`, and `26` of Patron Enable), Patron Information (`64`) or Fee Paid (`38`). */
  readonly code: '24' | '26' | '64' | '38';
  /** The identifier, as sent. */
  readonly identifier: string;
  /** The patron; `undefined` if unknown, of another institution, or with a wrong password. */
  readonly patron: Sip2Patron | undefined;
  /** Whether there is such a patron, even if the password is wrong. */
  readonly isKnown: boolean;
  /** Whether the password is right; `undefined` if it was not checked. */
  readonly passwordIsValid: boolean | undefined;
  /** The terminal, as `login` returned it; `undefined` before the login. */
  readonly terminal: Sip2Terminal | undefined;
};

/** Fields of a response by their two letters; a list is the same field several times. */
export type Sip2Fields = Readonly<Record<string, string | readonly string[]>>;

/** The numbers of a patron's items in Patron Information. A number that is left out is blank: not supported. */
export type Sip2Counts = {
  /** Holds. */
  readonly holds?: number;
  /** Overdue items. */
  readonly overdue?: number;
  /** Items on loan. */
  readonly charged?: number;
  /** Recalled items. */
  readonly recalls?: number;
  /** Holds that cannot be fulfilled. */
  readonly unavailableHolds?: number;
};

/** A message that is not about fees. */
export type Sip2OtherMessage = {
  /** Its two digits, e.g. `11` for Checkout. */
  readonly code: string;
  /** The whole message, without a sequence number and checksum. */
  readonly text: string;
  /** The terminal, as `login` returned it. */
  readonly terminal: Sip2Terminal;
};

/** The messages that a terminal shows (`AF`). In templates, `{field}` is replaced. */
export type Sip2Words = {
  /** The card is unknown, of another institution, or the terminal has not logged in. */
  readonly unknownPatron: string;
  /** The patron's password is wrong. */
  readonly wrongPassword: string;
  /** What the patron owes is above a limit. */
  readonly blocked: string;
  /** A payment in another currency: `{currency}` instead of `{expected}`. */
  readonly otherCurrency: string;
  /** A payment type without a method: `{paymentType}`. */
  readonly unknownPaymentType: string;
  /** An amount that cannot be read: `{amount}`, in `{currency}`. */
  readonly invalidAmount: string;
  /** Shown for a message that is not about fees and that nobody answers. */
  readonly notOffered: string;
  /** Payments that the account refuses. */
  readonly rejections: RejectionWords;
};

/**
 * The English messages, as a base for translations.
 *
 * @example
 * ```ts
 * import { englishSip2Words } from 'patron-fees/sip2';
 *
 * englishSip2Words.wrongPassword; //=> 'The password is wrong.'
 * ```
 */
export const englishSip2Words: Sip2Words = {
  unknownPatron: 'There is no such patron.',
  wrongPassword: 'The password is wrong.',
  blocked: 'The account is blocked because of fines and fees.',
  otherCurrency: 'Payments are taken in {expected}, not in {currency}.',
  unknownPaymentType: 'There is no payment type {paymentType}.',
  invalidAmount: '"{amount}" is not an amount in {currency}.',
  notOffered: 'This is not offered here.',
  rejections: englishRejectionWords,
};
