/** Calls `send` for each of so many messages, with at most `window` of the calls unanswered. */
export async function inFlight(
  messages: number,
  window: number,
  send: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const sendOneByOne = async (): Promise<void> => {
    while (next < messages) await send(next++);
  };
  await Promise.all(Array.from({ length: window }, sendOneByOne));
}
