/** Ways to choose k of n: the binomial coefficient, as a number. */
export function ways(n: number, k: number): number {
  let product = 1;
  for (let index = 1; index <= k; index++) product = (product * (n - k + index)) / index;
  return product;
}
