/**
 * The project is set up in a way the rules cannot work with. The message is the whole story, in one sentence: what is wrong, where,
 * and what to do.
 */
export class ConfigurationError extends Error {
  /** @param message - what is wrong, where, and what to do */
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
    // ESLint prints the stack of whatever a rule throws. Frames inside the plugin would bury the one sentence that helps.
    this.stack = `${this.name}: ${message}`;
  }
}
