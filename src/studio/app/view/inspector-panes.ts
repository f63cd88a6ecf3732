/** The panes of the inspector, gathered so that they are loaded together, when the first of them is shown. */

import '../../../inspector/inspector.css';

export { CodePane } from '../../../inspector/code-pane.tsx';
export { DerivationPane } from '../../../inspector/derivation-pane.tsx';
export { FocusLine } from '../../../inspector/focus-line.tsx';
export { MemoryPane } from '../../../inspector/memory-pane.tsx';
export { PassesPane } from '../../../inspector/passes-pane.tsx';
export { SchedulePane } from '../../../inspector/schedule-pane.tsx';
