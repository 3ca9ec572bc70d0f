export * from './block.js';
export * from './function.js';
export * from './instruction.js';
export * from './origin.js';
export * from './variable.js';
