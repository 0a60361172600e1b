import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gammas, Random } from '../../src/stats/index.ts';

const DRAWS = 200_000;

describe('gamma variates', () => {
  // below 1, where they are boosted, and above
  for (const shape of [0.15, 0.75, 1, 2.5, 9]) {
    it(`of shape ${shape} have its mean, variance and skewness`, () => {
      const draw = gammas([0, shape]);
      const random = new Random(1, 'gammas');
      const into = new Float64Array(2);
      let [sum, squares, cubes] = [0, 0, 0];
      for (let round = 0; round < DRAWS; round++) {
        draw(random, into);
        const value = into[1] ?? Number.NaN;
        sum += value;
        squares += value ** 2;
        cubes += value ** 3;
      }
      assert.equal(into[0], 0);
      const moments = [sum, squares, cubes].map((each) => each / DRAWS);
      const expected = [shape, shape * (shape + 1), shape * (shape + 1) * (shape + 2)];
      for (const [power, each] of expected.entries())
        assert.ok(
          Math.abs((moments[power] ?? 0) / each - 1) < 0.06,
          `${moments.join()} is not ${expected.join()}`,
        );
    });
  }
});
