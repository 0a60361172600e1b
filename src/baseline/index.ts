export { BaselineStore } from './store.ts';
export { baselineTable, measuredTable } from './page.ts';
export { seriesOf } from './series.ts';
export { promotionOf } from './promotion.ts';
export { flawsOf, thinnerThan } from './soundness.ts';
