import * as v from 'valibot';
import type { Item } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { checkedCode, type DoorOptions, doorFields } from '../doorOptions.js';
import {
  functionField,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
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
export type AlmaFeesHandlerOptions = DoorOptions<AlmaAccess, AlmaPatron> & {
  /**
   * Returns the item with a barcode, for a fee that is created; `undefined` for an unknown one, which is refused.
   *
   * @defaultValue any barcode is accepted
   */
  readonly item?: (barcode: string) => Item | undefined | Promise<Item | undefined>;
  /**
   * The policy's reason for credits that are created (a fee of type `CREDIT`), which then are goodwill.
   *
   * @defaultValue the type `CREDIT` is refused
   */
  readonly creditReason?: string;
  /**
   * The address of the API as clients know it, for the member `link` of fees, to which some post payments: e.g.
   * `https://fees.example/almaws/v1`. Set it behind a proxy, where requests have another address.
   *
   * @defaultValue the origin of each request, and `basePath`
   */
  readonly baseUrl?: string;
};

const optionsSchema = v.strictObject({
  ...doorFields,
  item: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['item']>>('a function')),
  creditReason: v.exactOptional(nameField),
  baseUrl: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => /^https?:\/\/[^?#]+$/.test(text) && URL.canParse(text), 'an http address'),
    ),
  ),
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
  checkedCode(checked.creditReason, context.policy.creditReasons, {
    path: 'options.creditReason',
    expected: "one of the policy's reasons for a credit",
  });
  return { ...checked, ...context };
}
