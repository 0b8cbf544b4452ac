import type { CommandActor } from 'patron-fees';
import { loadTill, type TillSession } from 'patron-fees/office';
import { type Desk, institution } from './desk.js';
import type { Staff } from './staff.js';

/** The session of a desk's till; undefined while the till is closed. */
export async function openSession({ office }: Desk, till: string): Promise<TillSession | undefined> {
  const { sessions } = await loadTill(office, { institution, till });
  const last = sessions.at(-1);
  return last?.closing === null ? last : undefined;
}

/** Who gives a command at the desk; what is paid belongs to the session of the desk's till, if it is open. */
export async function actorAt(desk: Desk, user: Staff): Promise<CommandActor & { readonly channel: 'desk' }> {
  const session = await openSession(desk, user.desk);
  return {
    ...{ userId: user.userId, roles: user.roles, channel: 'desk', institution },
    ...{ desk: user.desk, library: user.library },
    ...(session !== undefined && { tillSession: session.sessionId }),
  };
}
