import {
  type Command,
  type CommandType,
  decide,
  type FeePolicy,
  type PatronAccount,
  parseAmount,
} from 'patron-fees';

/** Somebody who works at the desk. */
export type Staff = {
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly desk: string;
  readonly library: string;
};

/** What somebody may do, by name. */
export type Role = 'CIRCULATION_DESK_OPERATOR' | 'CIRCULATION_DESK_MANAGER' | 'USER_MANAGER';

/** The roles, as people read them. */
export const roleLabels: Readonly<Record<Role, string>> = {
  CIRCULATION_DESK_OPERATOR: 'Circulation Desk Operator',
  CIRCULATION_DESK_MANAGER: 'Circulation Desk Manager',
  USER_MANAGER: 'User Manager',
};

const main = { desk: 'MAIN-DESK', library: 'MAIN' } as const;

/** The people of this example. A real desk asks its identity provider. */
export const staff: readonly Staff[] = [
  { userId: 'kim', name: 'Kim Okafor', roles: ['CIRCULATION_DESK_OPERATOR'], ...main },
  { userId: 'lee', name: 'Lee Marsh', roles: ['CIRCULATION_DESK_MANAGER'], ...main },
  { userId: 'mo', name: 'Mo Castellano', roles: ['CIRCULATION_DESK_MANAGER', 'USER_MANAGER'], ...main },
];

const everybody: readonly Role[] = ['CIRCULATION_DESK_OPERATOR', 'CIRCULATION_DESK_MANAGER'];
const managers: readonly Role[] = ['CIRCULATION_DESK_MANAGER'];

/** What the desk offers, and the roles that may do it. */
const rolesFor = {
  ReceivePayment: everybody,
  AssessFee: everybody,
  DisputeFee: everybody,
  WaiveFees: everybody,
  ResolveDispute: managers,
  TransferFees: managers,
  bulkWaive: ['USER_MANAGER'],
  till: managers,
} as const satisfies Readonly<Partial<Record<CommandType | 'bulkWaive' | 'till', readonly Role[]>>>;

/** Something that the desk asks permission for. */
export type Work = keyof typeof rolesFor;

/** The most that an operator may waive with one form; a manager has no limit. */
const operatorWaives = '10.00';

/** Why somebody may not do something: the role that may, and up to which amount the person may. */
export type NotPermitted = { readonly needs: Role; readonly limit?: string };

/** Whether somebody may do something at all, so that a screen can leave out the link. */
export function mayDo({ roles }: Staff, work: Work): boolean {
  return rolesFor[work].some((role) => roles.includes(role));
}

/** Says why somebody may not give a command; undefined if they may. */
export function refusedTo(
  user: Staff,
  command: Command & { readonly type: Work },
  account: PatronAccount,
  policy: FeePolicy,
): NotPermitted | undefined {
  if (!mayDo(user, command.type)) return { needs: rolesFor[command.type].at(-1) as Role };
  if (command.type !== 'WaiveFees' || user.roles.includes('CIRCULATION_DESK_MANAGER')) return undefined;
  // A fee without an amount is waived as far as it is owed: the decision knows how far.
  const waived = decide(command, account, policy).events.map((event) =>
    'amount' in event.data ? parseAmount(event.data.amount, account.minorDigits) : 0,
  );
  const sum = waived.reduce((total, amount) => total + amount, 0);
  return sum > parseAmount(operatorWaives, account.minorDigits)
    ? { needs: 'CIRCULATION_DESK_MANAGER', limit: operatorWaives }
    : undefined;
}
