/** The decision that a project begins with: valid as it is, and weighed by `mqbench decide`. @param today ISO date */
export function starterDecision(today: string): string {
  return `# yaml-language-server: $schema=node_modules/mqbench/schemas/decision.schema.json
# Which broker, by what is known of each. \`npx mqbench decide\` weighs it, and says what is missing.

title: Message broker
question: Which broker carries our orders?

options:
  # an option with a target can be scored by what was measured of it
  kafka: { title: Apache Kafka, target: kafka }
  rabbitmq: { title: RabbitMQ, target: rabbitmq }

criteria:
  p99:
    title: p99 on an ordinary day
    weight: 60%
    unit: ms
    scale: { log: { worst: 100, best: 1 } } # what is worth 0 and 1: the weight is the weight of this range
    # Nothing is measured yet. Do that, then put this in the place of the scores below it:
    #   npx mqbench run steady-state --target kafka,rabbitmq --up --repeats 3
    # measured: { scenario: steady-state, metric: endToEnd.p99, accept: [exceeding-contract] }
    scores:
      kafka: { unknown: true, reason: not measured yet }
      rabbitmq: { unknown: true, reason: not measured yet }

  effort:
    title: Effort to run it
    weight: 40%
    scale: # anchors say what a judgement from 1 to 5 means, so that somebody else would judge alike
      anchors: { 1: a team, 2: two people, 3: one person, 4: half of one, 5: nobody }
    scores:
      kafka: { judged: 2, low: 1, high: 3, by: us, on: ${today}, reason: brokers and their controllers }
      rabbitmq: { judged: 3, low: 2, high: 4, by: us, on: ${today}, reason: one kind of node }

maxAge: 180d # evidence that is older makes mqbench adr check fail
`;
}
