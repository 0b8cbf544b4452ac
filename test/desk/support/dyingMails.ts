// A desk that sends notices and kills its own process when the third one is to be recorded: its e-mail is written then.
import { openDesk } from '../../../examples/desk/desk.js';
import { addSamplePatrons } from '../../../examples/desk/samplePatrons.js';
import { sendNotices } from '../../../examples/desk/screens/notices.js';
import { staff } from '../../../examples/desk/staff.js';
import { now } from './deskClient.js';

const desk = openDesk(process.env.DESK_FILE ?? '', { now: () => now });
await addSamplePatrons(desk, 20);
let left = 3;
const append: typeof desk.office.append = (...appended) => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return desk.office.append(...appended);
};
const manager = staff.find(({ userId }) => userId === 'lee') as (typeof staff)[number];
await sendNotices(
  { ...desk, office: { ...desk.office, append } },
  { id: 'killed', at: now, userId: 'lee' },
  manager,
);
