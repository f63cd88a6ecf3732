/** What reports offer to commands and scripts. */

export { createHistory, type History } from './history.ts';
export { type LineChart, lineChart, type Series } from './line-chart.ts';
export { reportPage, type Training } from './report.ts';
