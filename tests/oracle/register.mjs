// Lets Node run the TypeScript sources as they are: `node --import ./tests/oracle/register.mjs tests/oracle/main.ts`.
import { register } from 'node:module';

register('./loader.mjs', import.meta.url);
