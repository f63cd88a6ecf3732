/** The public API of the plugin: `import { chainrule } from 'chainrule/vite'`. */

export { chainrule, type TrainerPlugin, type TrainerPluginOptions } from './plugin.ts';
