/**
 * How much values of one kind vary within each of these samples, together: standard deviation ÷ mean, of log-normal values.
 * @param samples values above 0
 * @returns 0 where no sample has two values, or some value is not above 0
 */
export function variationWithin(...samples: readonly (readonly number[])[]): number {
  let [squares, freedom] = [0, 0];
  for (const sample of samples) {
    const logs = sample.map(Math.log);
    const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
    for (const each of logs) squares += (each - mean) ** 2;
    freedom += Math.max(0, sample.length - 1);
  }
  return freedom === 0 || !Number.isFinite(squares) ? 0 : Math.sqrt(Math.expm1(squares / freedom));
}
