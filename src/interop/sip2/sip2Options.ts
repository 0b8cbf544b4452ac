import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import {
  functionField,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
  serviceFields,
} from '../serviceOptions.js';
import { fineItemFormats, type Sip2FineItem, type Sip2FineItemFormat } from './fineItems.js';
import type { Sip2Encoding, Sip2Writing } from './sip2Message.js';
import { sip2TimeWriter } from './sip2Time.js';

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
   * @defaultValue not checked, and `CQ` is left out
   */
  readonly passwordIsValid?: boolean;
};

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
   * The policy's payment methods by the protocol's payment types.
   *
   * @defaultValue `00` CASH, `01` and `02` CREDIT_CARD, `05` CHECK (as in Evergreen)
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
   * How text is stored in bytes.
   *
   * @defaultValue `'utf-8'`
   */
  readonly encoding?: Sip2Encoding;
  /**
   * The end of responses. Requests may end with CR, LF or both.
   *
   * @defaultValue `'CR'`
   */
  readonly lineEnd?: 'CR' | 'CRLF';
};

const optionsSchema = v.strictObject({
  ...serviceFields,
  patron: functionField<Sip2Options['patron']>('a function that returns a patron'),
  login: v.exactOptional(
    functionField<NonNullable<Sip2Options['login']>>('a function that returns a terminal'),
  ),
  institutionCode: v.exactOptional(nameField),
  libraryName: v.exactOptional(v.string()),
  paymentMethods: v.exactOptional(
    v.pipe(plainObject, v.record(v.pipe(v.string(), v.regex(/^\d\d$/, 'two digits')), nameField)),
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
  encoding: v.exactOptional(v.picklist(['utf-8', 'latin1'], 'utf-8 or latin1')),
  lineEnd: v.exactOptional(v.picklist(['CR', 'CRLF'], 'CR or CRLF')),
});

/** Evergreen's types. 3M's list has only the first three. */
const usualMethods = { '00': 'CASH', '01': 'CREDIT_CARD', '02': 'CREDIT_CARD', '05': 'CHECK' };

/** What all connections of a service share. */
export type Sip2Settings = ServiceContext & {
  readonly patron: Sip2Options['patron'];
  readonly login: Sip2Options['login'];
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
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, also if a payment method is not the policy's;
 * `INVALID_POLICY`
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
    institutionCode: checked.institutionCode ?? context.institution,
    libraryName: checked.libraryName,
    methods: methodsOf(paymentMethods, context.policy.paymentMethods),
    overpayment: checked.overpayment,
    fineItem: typeof fineItem === 'string' ? fineItemFormats[fineItem] : fineItem,
    time: () => writeTime(context.now()),
    writing: { encoding: checked.encoding ?? 'utf-8', lineEnd: checked.lineEnd === 'CRLF' ? '\r\n' : '\r' },
  };
}

/** Returns the payment methods by type; of the usual ones, those that the policy has. */
function methodsOf(
  given: Sip2Options['paymentMethods'],
  known: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const entries = Object.entries(given ?? usualMethods);
  if (given === undefined) return new Map(entries.filter(([, method]) => Object.hasOwn(known, method)));
  const unknown = entries.find(([, method]) => !Object.hasOwn(known, method));
  if (unknown === undefined) return new Map(entries);
  const [type, found] = unknown;
  const fault = {
    path: `options.paymentMethods.${type}`,
    expected: "one of the policy's payment methods",
    found,
  };
  throw new PatronFeesError('INVALID_ARGUMENT', `${fault.path}: expected ${fault.expected}, found ${found}`, {
    faults: [fault],
  });
}
