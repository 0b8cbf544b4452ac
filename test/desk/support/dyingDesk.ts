// A desk that kills its own process when a payment is appended: DIES=before or DIES=after the append. Without DIES it lives.
import { openDesk } from '../../../examples/desk/desk.js';
import { addSamplePatrons } from '../../../examples/desk/samplePatrons.js';
import { startDesk } from './deskServer.js';

const { DESK_FILE = '', DESK_PORT = '0', DIES } = process.env;
const desk = openDesk(DESK_FILE);
await addSamplePatrons(desk, 5);

const die = () => process.kill(process.pid, 'SIGKILL');
const append: typeof desk.store.append = async (stream, events, options) => {
  const pays = events.some(({ type }) => type === 'PaymentReceived');
  if (pays && DIES === 'before') die();
  const appended = await desk.store.append(stream, events, options);
  if (pays && DIES === 'after') die();
  return appended;
};
const { site } = await startDesk({ ...desk, store: { ...desk.store, append } }, Number(DESK_PORT));
console.log(site);
