/**
 * Whether checks that cost time are on by default: everywhere but where `NODE_ENV` says `production`, as bundlers and frameworks
 * have it. A page without a bundler has no such variable and gets no checks.
 */
export function isDevelopment(): boolean {
  try {
    return typeof process !== 'undefined' && process.env['NODE_ENV'] !== 'production';
  } catch {
    // Deno asks for permission to read the environment, and may be refused.
    return false;
  }
}
