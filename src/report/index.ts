export { formatCount, formatMetric, formatMs, formatRate, formatSpan } from './format.ts';
export { markdownReport } from './markdown.ts';
export { table as markdownTable } from './markdown-table.ts';
export { terminalReport } from './terminal.ts';
