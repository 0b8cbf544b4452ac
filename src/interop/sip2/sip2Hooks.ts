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
