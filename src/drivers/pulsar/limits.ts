/** How long things may take, and how often they happen. The same for both clients; printed with a result. */

/**
 * From the handing over of a message to the outcome of its send, whatever the broker does: Pulsar's
 * sendTimeout. What the client has not settled by then is unknown.
 */
export const sendTimeoutMs = 8000;

/**
 * Of opening a producer or a consumer, with its lookups. The native client doubles the pause between two lookups
 * as long as this lasts, and begins anew after it: of a broker that is away for 10 s it would notice the return
 * 15 s later if this were the default of 30 s.
 */
export const operationTimeoutMs = 4000;

/** Of one attempt to connect to one broker. */
export const connectTimeoutMs = 3000;

/** Of a question to the admin API, and of the driver's connect. */
export const requestTimeoutMs = 5000;

/**
 * Of a request that changes something, or has the broker read a backlog. One that creates or deletes waits for
 * ledgers, and after a restart until those of the topic are recovered.
 */
export const changeTimeoutMs = 30_000;

/** How long a close waits for a broker that does not answer. */
export const closeTimeoutMs = 3000;

/** Between attempts to open a WebSocket again. */
export const reconnectDelayMs = 200;

/** Under webSocketSessionIdleTimeoutMillis (300,000), after which the server closes a silent connection. */
export const pingIntervalMs = 30_000;

/**
 * Messages of one WebSocket producer that the server may hold unacknowledged; more wait here. The server's own
 * limit (maxPendingMessages, 1000) is answered with an error, and not by waiting.
 */
export const webSocketSendWindow = 1000;

/** The client would answer more with an error at once. The caller limits what is under way. */
export const maxPendingMessages = 1_000_000;

/** Where no retry policy says how soon a message is handed to its handler again. */
export const retryDelayMs = 100;

/** Pulsar's maxMessageSize and activeConsumerFailoverDelayTimeMillis, where the login does not allow to see them. */
export const defaultMaxMessageBytes = 5 * 1024 * 1024;
export const defaultFailoverDelayMs = 1000;
