export { checkedArgument, parsed } from '../input/checkedArgument.js';
