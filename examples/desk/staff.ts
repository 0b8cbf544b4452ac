import { type FeePolicy, permissionFor } from 'patron-fees';

/** Somebody who works at the desk. */
export type Staff = {
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly desk: string;
  readonly library: string;
};

/** A role of the library system. The policy says what it may do. */
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
  { userId: 'noor', name: 'Noor Haddad', roles: ['USER_MANAGER'], ...main },
];

/** Whether somebody may export to the student system, and import from it. */
export function mayExport(policy: FeePolicy, { roles }: Staff): boolean {
  return (['TransferFees', 'SettleTransfer'] as const).every(
    (commandType) => permissionFor(policy, commandType, roles).permitted,
  );
}

/** Those who worked here before, `staff0` and so on: they recorded what the generated patrons owe. */
const earlier = [
  ...['Ana Lind', 'Ben Okoye', 'Carla Stein', 'Dara Quinn', 'Emil Novak', 'Fay Moreau', 'Gus Tanaka'],
  ...['Hana Weiss', 'Ivo Marin', 'Jo Castle', 'Kaya Brandt', 'Lars Holm', 'Mira Patel', 'Nils Berg'],
  ...['Olga Ruiz', 'Pia Sato', 'Quentin Hale', 'Rosa Diaz', 'Sven Aho', 'Tess Nolan'],
];

/** The name of a member of staff; the id of anybody else. */
export function staffName(userId: string): string {
  const name = /^staff\d+$/.test(userId) ? earlier[Number(userId.slice(5))] : undefined;
  return name ?? staff.find((person) => person.userId === userId)?.name ?? userId;
}

/** Whether somebody may run the job that sends notices. Policies have no permission for it: it changes no account. */
export function maySendNotices({ roles }: Staff): boolean {
  return roles.includes('CIRCULATION_DESK_MANAGER');
}

/** Whether somebody may settle online payments: the library asks for this role. */
export function maySettleOnline({ roles }: Staff): boolean {
  return roles.includes('USER_MANAGER');
}

/** Whether somebody may see the till: who may close it, by the policy's permissions. */
export function mayReadTill(policy: FeePolicy, { roles }: Staff): boolean {
  return permissionFor(policy, 'CloseTill', roles).permitted;
}
