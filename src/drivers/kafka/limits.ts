/** How long things may take, and how often they happen. The same for both clients; printed with a result. */

/**
 * From the end of the linger to the settling of a send, whatever the broker does: Kafka's
 * delivery.timeout.ms. What a client has not settled by then is unknown.
 */
export const deliveryTimeoutMs = 8000;

/**
 * Of an idempotent producer, which can wait for another broker to take over: a cluster misses one that was killed
 * after broker.session.timeout.ms, 9 s by default, and until then no partition that has a copy there acknowledges.
 */
export const idempotentDeliveryTimeoutMs = 20_000;

/** Of one attempt to connect to one broker. */
export const connectTimeoutMs = 3000;

/** Of the driver's connect, all brokers and retries included. */
export const reachTimeoutMs = 5000;

/** Of a request that is not a produce request. */
export const requestTimeoutMs = 8000;

/**
 * An idempotent producer's retries are the client's own, under the identity of the first attempt. Together
 * they outlast the delivery timeout, which is what ends them.
 */
export const idempotentRetries = 80;
export const idempotentRetryDelayMs = 250;

/** Requests of one producer under way at once, as Java's max.in.flight.requests.per.connection. */
export const maxRequests = 5;

export const commitIntervalMs = 500;

/**
 * How long a broker holds a fetch while there is nothing to read. It costs no latency, as a fetch returns
 * with the first byte; a member cannot leave its group sooner than its fetch under way returns.
 */
export const fetchMaxWaitMs = 250;

export const heartbeatIntervalMs = 1000;

/** After which a member that died is missed, and its partitions go to the others. */
export const sessionTimeoutMs = 10_000;
export const rebalanceTimeoutMs = 15_000;

/** How long a close waits for a broker that does not answer. */
export const closeTimeoutMs = 3000;
