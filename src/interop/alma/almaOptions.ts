import * as v from 'valibot';
import type { Item, RecordedActor } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import {
  functionField,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
  serviceFields,
} from '../serviceOptions.js';
import type { AlmaAccess } from './almaHttp.js';

/** A user, as the hook `patron` returns it. */
export type AlmaPatron = {
  /** The patron's id in the event store. */
  readonly patronId: string;
  /** The primary id, for `user_primary_id`; `patronId` if left out. */
  readonly primaryId?: string;
};

/** Options of {@link almaFeesHandler}. */
export type AlmaFeesHandlerOptions = ServiceOptions & {
  /** Returns the user with an identifier; `undefined` for an unknown one. */
  readonly patron: (access: AlmaAccess) => AlmaPatron | undefined | Promise<AlmaPatron | undefined>;
  /**
   * Returns whether an API key may do this. It is called before the user is looked up.
   *
   * @defaultValue every request may; then check keys before the handler
   */
  readonly authorize?: (access: AlmaAccess) => boolean | Promise<boolean>;
  /**
   * Returns who acts, for `by` of the events.
   *
   * @defaultValue the channel `online` and the institution
   */
  readonly actor?: (access: AlmaAccess) => RecordedActor;
  /**
   * Returns the item with a barcode, for a fee that is created; `undefined` for an unknown one, which is refused.
   *
   * @defaultValue any barcode is accepted
   */
  readonly item?: (barcode: string) => Item | undefined | Promise<Item | undefined>;
  /**
   * The libraries that may own a fee: their codes, or their names by code. The names are the descriptions of owners and
   * of the places of payments in answers.
   *
   * @defaultValue any code but the institution's, without names
   */
  readonly libraries?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * The policy's reason for credits that are created (a fee of type `CREDIT`), which then are goodwill.
   *
   * @defaultValue the type `CREDIT` is refused
   */
  readonly creditReason?: string;
  /**
   * Whether a payment above what is owed is refused, or the excess becomes a credit.
   *
   * @defaultValue the policy's `overpayment`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * The path before `/users`.
   *
   * @defaultValue `'/almaws/v1'`
   */
  readonly basePath?: string;
  /**
   * The address of the API as clients know it, for the member `link` of fees, to which some post payments: e.g.
   * `https://fees.example/almaws/v1`. Set it behind a proxy, where requests have another address.
   *
   * @defaultValue the origin of each request, and `basePath`
   */
  readonly baseUrl?: string;
  /**
   * Called with an error of the store or of a hook. The client gets the status 500 without its text.
   *
   * @defaultValue errors are not reported
   */
  readonly onError?: (error: unknown) => void;
};

const optionsSchema = v.strictObject({
  ...serviceFields,
  patron: functionField<AlmaFeesHandlerOptions['patron']>('a function that returns a user'),
  authorize: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['authorize']>>('a function')),
  actor: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['actor']>>('a function')),
  item: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['item']>>('a function')),
  libraries: v.exactOptional(
    v.union(
      [v.array(nameField), v.pipe(plainObject, v.record(nameField, v.string()))],
      'a list of codes, or an object with names by code',
    ),
  ),
  creditReason: v.exactOptional(nameField),
  overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
  basePath: v.exactOptional(v.string()),
  baseUrl: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => /^https?:\/\/[^?#]+$/.test(text) && URL.canParse(text), 'an http address'),
    ),
  ),
  onError: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['onError']>>('a function')),
});

/** What the handler works with: the options, checked. */
export type AlmaSettings = ServiceContext & Omit<AlmaFeesHandlerOptions, keyof ServiceOptions>;

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if the reason for credits is
 * not the policy's; `INVALID_POLICY`
 */
export function almaSettings(options: AlmaFeesHandlerOptions): AlmaSettings {
  const checked = checkedArgument(optionsSchema, options, 'options') as AlmaFeesHandlerOptions;
  const context = serviceContext(checked);
  const { creditReason } = checked;
  if (creditReason !== undefined && !Object.hasOwn(context.policy.creditReasons, creditReason)) {
    const fault = {
      path: 'options.creditReason',
      expected: "one of the policy's reasons for a credit",
      found: creditReason,
    };
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `${fault.path}: expected ${fault.expected}, found ${creditReason}`,
      {
        faults: [fault],
      },
    );
  }
  return { ...checked, ...context };
}
