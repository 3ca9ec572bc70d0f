// Run in a process of its own with little memory: what a call that takes all of it rejects with.
import { blocking } from 'borrowck-runtime';

const error = await blocking(new URL('./functions.mjs', import.meta.url))
  .fill()
  .catch((reason) => reason);
console.log(error.name, error.cause.code);
