/** A policy.yaml to begin with. */
export function starterPolicy(repeats: number): string {
  return `# yaml-language-server: $schema=node_modules/mqbench/schemas/policy.schema.json
# What must not get worse, and how sure a verdict has to be. \`npx mqbench validate policy.yaml\` says what it can find.

gates: # see \`mqbench list metrics\`
  - { metric: endToEnd.p50, tolerance: 10% }
  # of trials of some seconds it varies by a fifth, so that a tighter gate finds no more
  - { metric: endToEnd.p99, tolerance: 30% }

alpha: 5% # chance of a false alarm, of all gated rows together
power: 80% # chance to find what is told as the smallest change
inconclusive: warn # or pass, or fail: exit code 4
repeats: ${repeats} # of each side; refused where they are too few for so many rows
variation: 5% # from trial to trial, as you expect it: \`mqbench ab <scenario> --aa\` shows it
canary: { spin: 10%, roundTrip: 100%, fsync: 100% } # beyond it, it is the machine that changed
`;
}
