/** proto-max-bulk-len, which is 512 MB unless the server is configured otherwise (redis.conf). */
export const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;
