/** The public API of the plugin: `import { chainrule } from 'chainrule/vite'`. */

export { chainrule, type TrainerPlugin } from './plugin.ts';
