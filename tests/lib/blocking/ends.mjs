// Run in a process of its own: it has to end by itself, though the shared pool was never closed.
import { blocking } from 'borrowck-runtime';

console.log(await blocking(new URL('./functions.mjs', import.meta.url)).add({ a: 1, b: 2 }));
