export { formatCount, formatMs, formatRate, formatSpan } from './format.ts';
export { markdownReport } from './markdown.ts';
export { terminalReport } from './terminal.ts';
