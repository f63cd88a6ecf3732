/** The public API of checkpoints for Node.js: that of every host, and folders. */

export * from '../runtime/checkpoint/index.ts';
export { lookIntoFolder, openFolder } from './folder.ts';
